//! Populations made, looked up, cut and compared.
#include <persona/population/population.hpp>

#include "core/text.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

namespace persona {
namespace {

bool equal_column_numbers(double a, double b) {
  return a == b || (std::isnan(a) && std::isnan(b));
}

bool equal_column_lists(const Column& a, const Column& b, std::int64_t row) {
  const auto label = [](const Column& column, std::int32_t code) -> const std::string& {
    return (*column.field().labels)[static_cast<std::size_t>(code)];
  };
  return std::ranges::equal(a.list(row), b.list(row),
                            [&](std::int32_t x, std::int32_t y) { return label(a, x) == label(b, y); });
}

bool equal_column_values(const Column& a, const Column& b, std::int64_t row) {
  switch (a.type()) {
    case ColumnType::float64: return equal_column_numbers(a.float64s()[row], b.float64s()[row]);
    case ColumnType::int64: return a.int64s()[row] == b.int64s()[row];
    case ColumnType::category:
    case ColumnType::text: return a.text(row) == b.text(row);
    case ColumnType::list: return equal_column_lists(a, b, row);
    default: return a.number(row) == b.number(row);
  }
}

bool equal_columns(const Column& a, const Column& b) {
  if (a.name() != b.name() || a.type() != b.type() || a.size() != b.size() || a.null_count() != b.null_count())
    return false;
  for (std::int64_t row = 0; row < a.size(); ++row) {
    if (a.is_valid(row) != b.is_valid(row)) return false;
    if (a.is_valid(row) && !equal_column_values(a, b, row)) return false;
  }
  return true;
}

std::vector<std::string> population_column_names(std::span<const Column> columns) {
  std::vector<std::string> names;
  for (const Column& column : columns) names.push_back(column.name());
  return names;
}

}  // namespace

Result<Population> Population::make(std::vector<Column> columns, Origin origin) {
  std::vector<std::string_view> names;
  names.reserve(columns.size());
  for (const Column& column : columns) names.push_back(column.name());
  // In any order that brings equal ones together: most differ in length already.
  std::ranges::sort(
      names, [](std::string_view a, std::string_view b) { return a.size() != b.size() ? a.size() < b.size() : a < b; });
  if (const auto twice = std::ranges::adjacent_find(names); twice != names.end())
    return fail(Errc::invalid_argument, fmt::format("two columns have the name '{}'", *twice));
  for (const Column& column : columns)
    if (column.size() != columns.front().size())
      return fail(Errc::invalid_argument, fmt::format("column '{}' has {} rows, but column '{}' has {}", column.name(),
                                                      column.size(), columns.front().name(), columns.front().size()));
  Population population;
  population.size_ = columns.empty() ? 0 : columns.front().size();
  population.columns_ = std::move(columns);
  population.origin_ = std::move(origin);
  return population;
}

const Column* Population::find(std::string_view name) const {
  const auto at = std::ranges::find(columns_, name, &Column::name);
  return at == columns_.end() ? nullptr : &*at;
}

Result<Column> Population::column(std::string_view name) const {
  if (const Column* found = find(name)) return *found;
  const std::vector<std::string> names = population_column_names(columns_);
  return fail(Errc::not_found,
              fmt::format("no column '{}'; there are {}{}", name, listing(names), did_you_mean(name, names)));
}

Persona Population::person(std::int64_t row) const {
  Persona person{.spec_hash = origin_.spec_hash,
                 .seed = origin_.seed,
                 .index = origin_.start + static_cast<std::uint64_t>(row),
                 .attributes = {}};
  person.attributes.reserve(columns_.size());
  for (const Column& column : columns_) person.attributes.emplace_back(column.name(), column.value(row));
  return person;
}

Population Population::slice(std::int64_t first, std::int64_t count) const {
  Population part;
  part.size_ = count;
  part.origin_ = origin_;
  part.origin_.start += static_cast<std::uint64_t>(first);
  part.columns_.reserve(columns_.size());
  for (const Column& column : columns_) part.columns_.push_back(column.slice(first, count));
  return part;
}

Population Population::take(std::span<const std::int64_t> rows) const {
  Population part;
  part.size_ = columns_.empty() ? 0 : static_cast<std::int64_t>(rows.size());
  part.columns_.reserve(columns_.size());
  for (const Column& column : columns_) part.columns_.push_back(column.take(rows));
  return part;
}

Result<Population> Population::select(std::span<const std::string> names) const {
  std::vector<Column> chosen;
  for (const std::string& name : names) {
    Result<Column> found = column(name);
    if (!found) return tl::unexpected(std::move(found.error()));
    chosen.push_back(*std::move(found));
  }
  return make(std::move(chosen), origin_);
}

std::size_t Population::bytes() const {
  std::unordered_set<const Buffer*> buffers;
  for (const Column& column : columns_)
    for (const auto& buffer : {column.parts().values, column.parts().validity, column.parts().offsets})
      if (buffer) buffers.insert(buffer.get());
  std::size_t sum = 0;
  for (const Buffer* buffer : buffers) sum += buffer->size();
  return sum;
}

bool operator==(const Population& a, const Population& b) {
  return a.size() == b.size() && std::ranges::equal(a.columns(), b.columns(), equal_columns);
}

}  // namespace persona
