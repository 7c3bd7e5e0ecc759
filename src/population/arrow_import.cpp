//! Populations out of the Arrow C Data Interface and its streams; what is given is released.
#include "arrow_input.hpp"

#include <persona/population/arrow.hpp>

#include <cerrno>

#include <fmt/format.h>

namespace persona {
namespace {

constexpr int deepest_arrow_list = 2;  // a list of labels is the deepest that is read

// Releases, at the end of a scope, what is ours to release.
template <class Struct>
class ArrowClaim {
 public:
  explicit ArrowClaim(Struct* claimed) : claimed_(claimed) {}
  ~ArrowClaim() {
    if (is_there()) claimed_->release(claimed_);
  }
  ArrowClaim(const ArrowClaim&) = delete;
  ArrowClaim& operator=(const ArrowClaim&) = delete;

  bool is_there() const { return claimed_ != nullptr && claimed_->release != nullptr; }

 private:
  Struct* claimed_;
};

std::string_view arrow_string(const char* text) {
  return text != nullptr ? std::string_view(text) : std::string_view();
}

// Pairs of key and value, each behind its length; native int32.
void read_arrow_metadata(ArrowField& field, const char* metadata) {
  if (metadata == nullptr) return;
  const auto number = [&] {
    std::int32_t value = 0;
    std::memcpy(&value, metadata, sizeof value);
    metadata += sizeof value;
    return value;
  };
  const auto text = [&]() -> std::string_view {
    const auto size = static_cast<std::size_t>(std::max(number(), 0));
    metadata += size;
    return {metadata - size, size};
  };
  for (std::int32_t left = number(); left > 0; --left) {
    const std::string_view key = text();
    take_arrow_metadata(field, key, text());
  }
}

ArrowField arrow_field(const ArrowSchema& schema, int depth = 0) {
  ArrowField field{.name = std::string(arrow_string(schema.name)), .type = arrow_type(arrow_string(schema.format))};
  field.ordered = (schema.flags & ARROW_FLAG_DICTIONARY_ORDERED) != 0;
  read_arrow_metadata(field, schema.metadata);
  if (schema.dictionary != nullptr)
    field.dictionary = std::make_shared<const ArrowType>(arrow_type(arrow_string(schema.dictionary->format)));
  const bool item = schema.n_children == 1 && schema.children != nullptr && schema.children[0] != nullptr;
  if (item && field.type.kind == ArrowKind::list && depth < deepest_arrow_list)
    field.item = std::make_shared<const ArrowField>(arrow_field(*schema.children[0], depth + 1));
  return field;
}

Result<std::vector<ArrowField>> arrow_fields(const ArrowSchema& schema) {
  if (arrow_string(schema.format) != "+s")
    return fail(Errc::invalid_argument, fmt::format("a record batch is wanted (a struct), this is an array of type {}",
                                                    arrow_type(arrow_string(schema.format)).words));
  if (schema.n_children < 0 || (schema.n_children > 0 && schema.children == nullptr))
    return fail(Errc::invalid_argument, fmt::format("a schema of {} columns without them", schema.n_children));
  std::vector<ArrowField> fields;
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    if (schema.children[i] == nullptr)
      return fail(Errc::invalid_argument, fmt::format("column {} of the schema is missing", i));
    fields.push_back(arrow_field(*schema.children[i]));
    if (Status read = check_arrow_field(fields.back()); !read) return tl::unexpected(std::move(read.error()));
  }
  return fields;
}

ArrowBytes arrow_buffer(const ArrowArray& array, std::int64_t i) {
  const bool there = i < array.n_buffers && array.buffers != nullptr && array.buffers[i] != nullptr;
  if (!there) return {};
  return {static_cast<const std::byte*>(array.buffers[i]), ArrowBytes::unknown};
}

// What views point into; their sizes are the last buffer.
Status take_shared_buffers(const std::string& column, const ArrowArray& array, ArrowValues& values) {
  if (array.n_buffers < 3) {
    if (values.length == 0) return {};
    return fail(Errc::invalid_argument, fmt::format("column '{}': the sizes of its texts are missing", column));
  }
  const ArrowBytes sizes = arrow_buffer(array, array.n_buffers - 1);
  for (std::int64_t i = 2; i + 1 < array.n_buffers; ++i) {
    if (sizes.data == nullptr)
      return fail(Errc::invalid_argument, fmt::format("column '{}': the sizes of its texts are missing", column));
    ArrowBytes shared = arrow_buffer(array, i);
    shared.size = shared.data != nullptr ? std::max<std::int64_t>(sizes.at<std::int64_t>(i - 2), 0) : 0;
    values.shared.push_back(shared);
  }
  return {};
}

Result<ArrowValues> arrow_values(const ArrowField& field, const ArrowArray& array);

Status take_arrow_nested(const ArrowField& field, const ArrowArray& array, ArrowValues& values) {
  if (field.dictionary && array.dictionary != nullptr) {
    const ArrowField labels{.name = field.name, .type = *field.dictionary};
    auto given = arrow_values(labels, *array.dictionary);
    if (!given) return tl::unexpected(std::move(given.error()));
    auto dictionary = read_arrow_dictionary(field.name, labels.type, *given);
    if (!dictionary) return tl::unexpected(std::move(dictionary.error()));
    values.dictionary = *std::move(dictionary);
  }
  const bool item = array.n_children == 1 && array.children != nullptr && array.children[0] != nullptr;
  if (field.item && item) {
    ArrowField named = *field.item;
    named.name = field.name;
    auto given = arrow_values(named, *array.children[0]);
    if (!given) return tl::unexpected(std::move(given.error()));
    values.item = std::make_shared<const ArrowValues>(*std::move(given));
  }
  return {};
}

Result<ArrowValues> arrow_values(const ArrowField& field, const ArrowArray& array) {
  ArrowValues values{.length = array.length, .offset = array.offset, .null_count = array.null_count};
  if (field.type.kind == ArrowKind::nothing) return ArrowValues{.length = array.length, .offset = array.offset};
  values.validity = arrow_buffer(array, 0);
  const bool offsets = field.type.kind == ArrowKind::text || field.type.kind == ArrowKind::list;
  if (offsets) values.offsets = arrow_buffer(array, 1);
  values.values = arrow_buffer(array, offsets ? 2 : 1);
  if (field.type.kind == ArrowKind::text_view)
    if (Status taken = take_shared_buffers(field.name, array, values); !taken)
      return tl::unexpected(std::move(taken.error()));
  if (Status taken = take_arrow_nested(field, array, values); !taken) return tl::unexpected(std::move(taken.error()));
  return values;
}

// The rows of the batch may be a part of its columns', and none may be missing as a whole.
Status check_arrow_batch(const std::vector<ArrowField>& fields, const ArrowArray& array) {
  const auto columns = static_cast<std::int64_t>(fields.size());
  if (array.n_children != columns || (columns > 0 && array.children == nullptr))
    return fail(Errc::invalid_argument,
                fmt::format("the schema has {} columns, the record batch {}", columns, array.n_children));
  const ArrowValues rows{.length = array.length,
                         .offset = array.offset,
                         .null_count = array.null_count,
                         .validity = arrow_buffer(array, 0)};
  if (Status sound = check_arrow_values("(the record batch)", rows); !sound) return sound;
  for (std::int64_t row = 0; row < rows.length && rows.validity.data != nullptr; ++row)
    if (!rows.is_valid(row)) return fail(Errc::invalid_argument, fmt::format("row {} is missing as a whole", row));
  return {};
}

Result<Column> import_arrow_child(const ArrowField& field, const ArrowArray& batch, const ArrowArray* child) {
  if (child == nullptr)
    return fail(Errc::invalid_argument, fmt::format("column '{}' of the record batch is missing", field.name));
  auto values = arrow_values(field, *child);
  if (!values) return tl::unexpected(std::move(values.error()));
  if (Status sound = check_arrow_values(field.name, *values); !sound) return tl::unexpected(std::move(sound.error()));
  if (values->length - batch.offset < batch.length)
    return fail(Errc::invalid_argument, fmt::format("column '{}' has {} rows, the record batch {}", field.name,
                                                    values->length, batch.offset + batch.length));
  values->offset += batch.offset;
  if (values->length != batch.length) values->null_count = -1;
  values->length = batch.length;
  return read_arrow_column(field, *values);
}

Result<Population> import_arrow_batch(const std::vector<ArrowField>& fields, const ArrowArray& array) {
  if (Status sound = check_arrow_batch(fields, array); !sound) return tl::unexpected(std::move(sound.error()));
  std::vector<Column> columns;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    Result<Column> column = import_arrow_child(fields[i], array, array.children[i]);
    if (!column) return tl::unexpected(std::move(column.error()));
    columns.push_back(*std::move(column));
  }
  return Population::make(std::move(columns));
}

tl::unexpected<Error> arrow_stream_failure(ArrowArrayStream* stream, int code) {
  const char* said = stream->get_last_error != nullptr ? stream->get_last_error(stream) : nullptr;
  const std::string message = said != nullptr ? said : fmt::format("the Arrow stream failed with code {}", code);
  switch (code) {
    case EINVAL: return fail(Errc::invalid_argument, message);
    case ECANCELED: return fail(Errc::cancelled, message);
    case ETIMEDOUT: return fail(Errc::deadline_exceeded, message);
    case ENOSYS: return fail(Errc::unsupported, message);
    default: return fail(Errc::io, message);
  }
}

}  // namespace

Result<Population> import_arrow(ArrowSchema* schema, ArrowArray* array) {
  const ArrowClaim<ArrowSchema> claimed_schema(schema);
  const ArrowClaim<ArrowArray> claimed_array(array);
  if (!claimed_schema.is_there() || !claimed_array.is_there())
    return fail(Errc::invalid_argument, "the Arrow schema or array has been released");
  const auto fields = arrow_fields(*schema);
  if (!fields) return tl::unexpected(fields.error());
  return import_arrow_batch(*fields, *array);
}

Result<Population> import_arrow_stream(ArrowArrayStream* stream) {
  const ArrowClaim<ArrowArrayStream> claimed_stream(stream);
  if (!claimed_stream.is_there()) return fail(Errc::invalid_argument, "the Arrow stream has been released");
  ArrowSchema schema{};
  if (const int code = stream->get_schema(stream, &schema); code != 0) return arrow_stream_failure(stream, code);
  const ArrowClaim<ArrowSchema> claimed_schema(&schema);
  if (!claimed_schema.is_there()) return fail(Errc::invalid_argument, "the Arrow stream has no schema");
  const auto fields = arrow_fields(schema);
  if (!fields) return tl::unexpected(fields.error());
  std::vector<Population> batches;
  while (true) {
    ArrowArray array{};
    if (const int code = stream->get_next(stream, &array); code != 0) return arrow_stream_failure(stream, code);
    const ArrowClaim<ArrowArray> claimed_array(&array);
    if (!claimed_array.is_there()) return join_arrow_batches(*fields, std::move(batches));
    Result<Population> batch = import_arrow_batch(*fields, array);
    if (!batch) return batch;
    batches.push_back(*std::move(batch));
  }
}

}  // namespace persona
