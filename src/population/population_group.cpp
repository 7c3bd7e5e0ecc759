//! Some of the people: drawn at random, or split by what they have in common.
#include "bits.hpp"
#include "rng.hpp"

#include <persona/population/population.hpp>

#include <map>
#include <utility>

#include <fmt/format.h>

namespace persona {
namespace {

using GroupRows = std::vector<std::int64_t>;

// Whole numbers below a bound, each equally likely: words beyond the last full multiple are drawn again.
class BoundedDraws {
 public:
  explicit BoundedDraws(std::uint64_t seed) : key_{seed, stream_id("sample"), 0} {}

  std::uint64_t below(std::uint64_t bound) {
    const std::uint64_t surplus = (0 - bound) % bound;  // 2^64 mod bound
    std::uint64_t word = 0;
    do word = threefry::word(key_, next_++);
    while (word < surplus);
    return word % bound;
  }

 private:
  StreamKey key_;
  std::uint64_t next_ = 0;
};

// One bit a row, `count` of them set. @source{Bentley and Floyd 1987, "A sample of brilliance"}
std::vector<std::byte> floyd_sample(std::int64_t rows, std::int64_t count, std::uint64_t seed) {
  std::vector<std::byte> chosen(bit_bytes(rows));
  BoundedDraws draws(seed);
  for (std::int64_t last = rows - count; last < rows; ++last) {
    const auto row = static_cast<std::int64_t>(draws.below(static_cast<std::uint64_t>(last) + 1));
    set_bit(chosen.data(), bit_at(chosen.data(), row) ? last : row);
  }
  return chosen;
}

struct RowGroup {
  Value value;
  GroupRows rows;
};

// RowList by key, keys rising, rows with no value last.
template <class Key, class KeyOf, class ValueOf>
std::vector<RowGroup> group_rows(const Column& column, KeyOf key_of, ValueOf value_of) {
  std::map<Key, GroupRows> groups;
  GroupRows missing;
  auto last = groups.end();
  for (std::int64_t row = 0; row < column.size(); ++row) {
    if (!column.is_valid(row)) {
      missing.push_back(row);
      continue;
    }
    const Key key = key_of(row);
    if (last == groups.end() || last->first != key) last = groups.try_emplace(key).first;
    last->second.push_back(row);
  }
  std::vector<RowGroup> found;
  for (auto& [key, rows] : groups) found.push_back({value_of(rows.front()), std::move(rows)});
  if (!missing.empty()) found.push_back({Value(), std::move(missing)});
  return found;
}

Result<std::vector<RowGroup>> group_by(const Column& column) {
  const auto value_of = [&](std::int64_t row) { return column.value(row); };
  switch (column.type()) {
    case ColumnType::category:
      return group_rows<std::int64_t>(
          column, [&](std::int64_t row) { return column.code(row); }, value_of);
    case ColumnType::boolean:
    case ColumnType::int32:
    case ColumnType::date:
      return group_rows<double>(
          column, [&](std::int64_t row) { return column.number(row); }, value_of);
    case ColumnType::int64:
      return group_rows<std::int64_t>(
          column, [whole = column.int64s()](std::int64_t row) { return whole[static_cast<std::size_t>(row)]; },
          value_of);
    case ColumnType::text:
      return group_rows<std::string_view>(
          column, [&](std::int64_t row) { return column.text(row); }, value_of);
    case ColumnType::float64:
    case ColumnType::list: break;
  }
  return fail(
      Errc::invalid_argument,
      fmt::format("cannot group by column '{}' of type {}: group by a category, yes-or-no, whole-number, date or "
                  "text column",
                  column.name(), to_string(column.type())));
}

}  // namespace

Result<Population> Population::sample(std::int64_t count, std::uint64_t seed) const {
  if (count < 0 || count > size_)
    return fail(Errc::invalid_argument, fmt::format("cannot sample {} of {} people", count, size_));
  const bool leave_out = count > size_ / 2;  // the smaller of the two sets is drawn
  const std::vector<std::byte> drawn = floyd_sample(size_, leave_out ? size_ - count : count, seed);
  GroupRows rows;
  rows.reserve(static_cast<std::size_t>(count));
  for (std::int64_t row = 0; row < size_; ++row)
    if (bit_at(drawn.data(), row) != leave_out) rows.push_back(row);
  return take(rows);
}

Result<std::vector<std::pair<Value, Population>>> Population::group(std::string_view name) const {
  const Result<Column> by = column(name);
  if (!by) return tl::unexpected(by.error());
  Result<std::vector<RowGroup>> groups = group_by(*by);
  if (!groups) return tl::unexpected(std::move(groups.error()));
  std::vector<std::pair<Value, Population>> parts;
  for (RowGroup& group : *groups) parts.emplace_back(std::move(group.value), take(group.rows));
  return parts;
}

}  // namespace persona
