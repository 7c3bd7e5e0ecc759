//! Values out of an Arrow IPC body, each range checked to lie in it and behind the one before.
#include "arrow_ipc_parts.hpp"

#include <fmt/format.h>

namespace persona {
namespace {

constexpr std::int64_t least_shared_text = 16 << 20;

// Hands out the nodes and ranges of a batch in the order of its columns.
class IpcBatch {
 public:
  IpcBatch(const FlatFields& batch, std::span<const std::byte> body, IpcAllowance& allowance)
      : nodes_(batch.rows(1, 16)),
        ranges_(batch.rows(2, 16)),
        variadic_(batch.rows(4, 8)),
        body_(body),
        allowance_(allowance) {}

  Result<ArrowValues> values(const ArrowField& field, const IpcDictionaries& dictionaries) {
    if (node_ == nodes_.size()) return lacking(field.name);
    ArrowValues values{.length = nodes_.member<std::int64_t>(node_),
                       .null_count = nodes_.member<std::int64_t>(node_, 8)};
    ++node_;
    if (field.type.kind == ArrowKind::nothing) return nothing(field.name, values);
    Status taken = take(field.name, values.validity);
    const bool offsets = field.type.kind == ArrowKind::text || field.type.kind == ArrowKind::list;
    if (taken && offsets) taken = take(field.name, values.offsets);
    if (taken && field.type.kind != ArrowKind::list) taken = take(field.name, values.values);
    if (taken && field.type.kind == ArrowKind::text_view) taken = take_shared(field.name, values);
    if (!taken) return tl::unexpected(std::move(taken.error()));
    if (values.null_count == 0) values.validity = {};
    if (field.dictionary)
      if (const auto at = dictionaries.find(field.dictionary_id); at != dictionaries.end())
        values.dictionary = at->second;
    if (!field.item) return values;
    ArrowField item = *field.item;
    item.name = field.name;
    auto items = this->values(item, dictionaries);
    if (!items) return items;
    values.item = std::make_shared<const ArrowValues>(*std::move(items));
    return values;
  }

 private:
  static tl::unexpected<Error> lacking(const std::string& column) {
    return fail(Errc::corrupted, fmt::format("column '{}': a record batch ends before it", column));
  }

  Result<ArrowValues> nothing(const std::string& column, const ArrowValues& values) {
    if (values.length > allowance_.nothing)
      return fail(Errc::unsupported, fmt::format("column '{}' is of the Arrow type null, and too long for that: leave "
                                                 "it out, or cast it",
                                                 column));
    allowance_.nothing -= std::max<std::int64_t>(values.length, 0);
    return values;
  }

  Status take(const std::string& column, ArrowBytes& bytes) {
    if (range_ == ranges_.size()) return lacking(column);
    const auto offset = ranges_.member<std::int64_t>(range_);
    const auto length = ranges_.member<std::int64_t>(range_, 8);
    ++range_;
    if (length == 0) return {};
    const auto size = static_cast<std::int64_t>(body_.size());
    if (offset < end_ || length < 0 || offset > size || length > size - offset)
      return fail(Errc::corrupted,
                  fmt::format("column '{}': bytes {} .. {} of a body of {}, where {} are taken", column, offset,
                              static_cast<std::uint64_t>(offset) + static_cast<std::uint64_t>(length), size, end_));
    end_ = offset + length;
    bytes = {body_.data() + offset, length};
    return {};
  }

  Status take_shared(const std::string& column, ArrowValues& values) {
    const auto count = variadic_.member<std::int64_t>(views_);
    if (views_++ >= variadic_.size() || count < 0) return lacking(column);
    for (std::int64_t i = 0; i < count; ++i)
      if (Status taken = take(column, values.shared.emplace_back()); !taken) return taken;
    values.most_text = std::max(least_shared_text, allowance_.text_factor * static_cast<std::int64_t>(body_.size()));
    return {};
  }

  FlatRows nodes_, ranges_, variadic_;
  std::span<const std::byte> body_;
  IpcAllowance& allowance_;
  std::size_t node_ = 0, range_ = 0, views_ = 0;
  std::int64_t end_ = 0;
};

Status check_ipc_compression(const FlatFields& batch) {
  const FlatFields compression = batch.table(3);
  if (!compression.is_there()) return {};
  return fail(Errc::unsupported,
              fmt::format("its values are compressed ({}), which is not read: write it with compression='uncompressed'",
                          compression.scalar<std::int8_t>(0) == 0 ? "LZ4" : "ZSTD"));
}

}  // namespace

Result<Population> read_ipc_batch(const std::vector<ArrowField>& fields, const FlatFields& batch,
                                  std::span<const std::byte> body, const IpcDictionaries& dictionaries,
                                  IpcAllowance& allowance) {
  if (Status plain = check_ipc_compression(batch); !plain) return tl::unexpected(std::move(plain.error()));
  const auto rows = batch.scalar<std::int64_t>(0);
  IpcBatch parts(batch, body, allowance);
  std::vector<Column> columns;
  for (const ArrowField& field : fields) {
    const auto values = parts.values(field, dictionaries);
    if (!values) return tl::unexpected(values.error());
    if (values->length != rows)
      return fail(Errc::corrupted,
                  fmt::format("column '{}' has {} rows, its record batch {}", field.name, values->length, rows));
    Result<Column> column = read_arrow_column(field, *values);
    if (!column) return tl::unexpected(std::move(column.error()));
    columns.push_back(*std::move(column));
  }
  return Population::make(std::move(columns));
}

Result<std::shared_ptr<const ArrowDictionary>> read_ipc_dictionary(const ArrowField& field, const FlatFields& batch,
                                                                   std::span<const std::byte> body,
                                                                   const ArrowDictionary* more,
                                                                   IpcAllowance& allowance) {
  if (Status plain = check_ipc_compression(batch); !plain) return tl::unexpected(std::move(plain.error()));
  const ArrowField labels{.name = field.name, .type = *field.dictionary};
  const auto values = IpcBatch(batch, body, allowance).values(labels, {});
  if (!values) return tl::unexpected(values.error());
  return read_arrow_dictionary(field.name, labels.type, *values, more);
}

}  // namespace persona
