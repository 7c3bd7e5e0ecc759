//! Flatbuffers of the Arrow IPC format. Numbers are the format's: a table's fields count from 0.
#include "arrow_message.hpp"

#include "arrow_labels.hpp"

#include <utility>

#include <flatbuffers/flatbuffers.h>

namespace persona {
namespace {

using flatbuffers::FlatBufferBuilder;
using FlatOffset = flatbuffers::Offset<void>;

constexpr std::int16_t metadata_v5 = 4;
enum WrittenType : std::uint8_t { type_int = 2, type_float = 3, type_utf8 = 5, type_bool = 6, type_date = 8 };
enum ArrowNested : std::uint8_t { type_list = 12, type_large_utf8 = 20 };
enum ArrowHeader : std::uint8_t { header_schema = 1, header_dictionary = 2, header_batch = 3 };

// One table being written; what it points to is written before it.
class FlatTable {
 public:
  explicit FlatTable(FlatBufferBuilder& builder) : builder_(builder), start_(builder.StartTable()) {}

  template <class T>
  FlatTable& scalar(flatbuffers::voffset_t field, T value, T absent = T()) {
    builder_.AddElement<T>(flatbuffers::FieldIndexToOffset(field), value, absent);
    return *this;
  }
  template <class T>
  FlatTable& table(flatbuffers::voffset_t field, flatbuffers::Offset<T> offset) {
    builder_.AddOffset(flatbuffers::FieldIndexToOffset(field), offset);
    return *this;
  }
  FlatOffset finish() { return {builder_.EndTable(start_)}; }

 private:
  FlatBufferBuilder& builder_;
  flatbuffers::uoffset_t start_;
};

// Structs as the format lays them out.
struct FlatPair {
  std::int64_t first, second;
  FlatPair(std::int64_t a, std::int64_t b)
      : first(flatbuffers::EndianScalar(a)), second(flatbuffers::EndianScalar(b)) {}
};

struct FlatBlock {
  std::int64_t offset;
  std::int32_t metadata, padding = 0;
  std::int64_t body;
  explicit FlatBlock(const IpcBlock& block)
      : offset(flatbuffers::EndianScalar(block.offset)),
        metadata(flatbuffers::EndianScalar(block.metadata)),
        body(flatbuffers::EndianScalar(block.body)) {}
};

std::string flat_bytes(FlatBufferBuilder& builder, FlatOffset root) {
  builder.Finish(root);
  return {reinterpret_cast<const char*>(builder.GetBufferPointer()), builder.GetSize()};
}

FlatOffset int_type(FlatBufferBuilder& builder, int bytes) {
  return FlatTable(builder).scalar<std::int32_t>(0, 8 * bytes).scalar<std::uint8_t>(1, 1).finish();
}

struct FlatType {
  std::uint8_t kind = 0;
  FlatOffset table;
};

FlatType flat_type(FlatBufferBuilder& builder, ColumnType type) {
  switch (type) {
    case ColumnType::float64: return {type_float, FlatTable(builder).scalar<std::int16_t>(0, 2).finish()};
    case ColumnType::int32: return {type_int, int_type(builder, 4)};
    case ColumnType::int64: return {type_int, int_type(builder, 8)};
    case ColumnType::boolean: return {type_bool, FlatTable(builder).finish()};
    case ColumnType::date: return {type_date, FlatTable(builder).scalar<std::int16_t>(0, 0, 1).finish()};
    case ColumnType::category: return {type_utf8, FlatTable(builder).finish()};
    case ColumnType::text: return {type_large_utf8, FlatTable(builder).finish()};
    case ColumnType::list: return {type_list, FlatTable(builder).finish()};
  }
  return {};
}

FlatOffset dictionary_encoding(FlatBufferBuilder& builder, std::int64_t id, int code_bytes, bool ordered) {
  const FlatOffset index = int_type(builder, code_bytes);
  return FlatTable(builder).scalar<std::int64_t>(0, id).table(1, index).scalar<std::uint8_t>(2, ordered).finish();
}

FlatOffset metadata_pairs(FlatBufferBuilder& builder, const Field& field) {
  std::vector<FlatOffset> pairs;
  for (const auto& [key, value] : arrow_metadata(field)) {
    const auto key_text = builder.CreateString(key);
    const auto value_text = builder.CreateString(value);
    pairs.push_back(FlatTable(builder).table(0, key_text).table(1, value_text).finish());
  }
  return {builder.CreateVector(pairs).o};
}

struct FlatField {
  FlatType type;
  FlatOffset dictionary, metadata;
  std::vector<FlatOffset> children;
};

FlatOffset finish_field(FlatBufferBuilder& builder, const std::string& name, const FlatField& field) {
  const auto name_text = builder.CreateString(name);
  const auto children = builder.CreateVector(field.children);
  FlatTable table(builder);
  table.table(0, name_text).scalar<std::uint8_t>(1, 1).scalar(2, field.type.kind).table(3, field.type.table);
  return table.table(4, field.dictionary).table(5, children).table(6, field.metadata).finish();
}

FlatOffset flat_field(FlatBufferBuilder& builder, const Field& field, std::int64_t dictionary_id) {
  FlatField flat;
  flat.metadata = metadata_pairs(builder, field);
  if (field.type == ColumnType::category)
    flat.dictionary = dictionary_encoding(builder, dictionary_id, field.code_bytes, field.ordered);
  if (field.type == ColumnType::list) {
    FlatField item;
    item.type = flat_type(builder, ColumnType::category);
    item.dictionary = dictionary_encoding(builder, dictionary_id, sizeof(std::int32_t), field.ordered);
    flat.children.push_back(finish_field(builder, "item", item));
  }
  flat.type = flat_type(builder, field.type);
  return finish_field(builder, field.name, flat);
}

FlatOffset flat_schema(FlatBufferBuilder& builder, std::span<const Field> fields) {
  std::vector<FlatOffset> flat;
  std::int64_t next_dictionary = 0;
  for (const Field& field : fields)
    flat.push_back(flat_field(builder, field, has_dictionary(field) ? next_dictionary++ : 0));
  const auto vector = builder.CreateVector(flat);
  const std::int16_t endianness = FLATBUFFERS_LITTLEENDIAN ? 0 : 1;
  return FlatTable(builder).scalar(0, endianness).table(1, vector).finish();
}

FlatOffset flat_batch(FlatBufferBuilder& builder, std::int64_t rows, const IpcBody& body) {
  std::vector<FlatPair> nodes, ranges;
  for (const IpcNode& node : body.nodes) nodes.emplace_back(node.length, node.nulls);
  for (const IpcRange& range : body.ranges) ranges.emplace_back(range.offset, range.length);
  const auto node_vector = builder.CreateVectorOfStructs(nodes);
  const auto range_vector = builder.CreateVectorOfStructs(ranges);
  return FlatTable(builder).scalar(0, rows).table(1, node_vector).table(2, range_vector).finish();
}

std::string flat_message(FlatBufferBuilder& builder, ArrowHeader kind, FlatOffset header, std::int64_t body) {
  FlatTable message(builder);
  message.scalar(0, metadata_v5).scalar<std::uint8_t>(1, kind).table(2, header).scalar(3, body);
  return flat_bytes(builder, message.finish());
}

}  // namespace

std::string schema_message(std::span<const Field> fields) {
  FlatBufferBuilder builder;
  return flat_message(builder, header_schema, flat_schema(builder, fields), 0);
}

std::string batch_message(std::int64_t rows, const IpcBody& body) {
  FlatBufferBuilder builder;
  return flat_message(builder, header_batch, flat_batch(builder, rows, body), body.size);
}

std::string dictionary_message(std::int64_t id, std::int64_t labels, const IpcBody& body) {
  FlatBufferBuilder builder;
  const FlatOffset values = flat_batch(builder, labels, body);
  const FlatOffset dictionary = FlatTable(builder).scalar(0, id).table(1, values).finish();
  return flat_message(builder, header_dictionary, dictionary, body.size);
}

std::string file_footer(std::span<const Field> fields, const std::vector<IpcBlock>& dictionaries,
                        const std::vector<IpcBlock>& batches) {
  FlatBufferBuilder builder;
  const auto blocks = [&](const std::vector<IpcBlock>& places) {
    std::vector<FlatBlock> flat(places.begin(), places.end());
    return builder.CreateVectorOfStructs(flat);
  };
  const FlatOffset schema = flat_schema(builder, fields);
  const auto dictionary_blocks = blocks(dictionaries);
  const auto batch_blocks = blocks(batches);
  FlatTable footer(builder);
  footer.scalar(0, metadata_v5).table(1, schema).table(2, dictionary_blocks).table(3, batch_blocks);
  return flat_bytes(builder, footer.finish());
}

}  // namespace persona
