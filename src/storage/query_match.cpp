//! Filters tried on the rows of a population.
#include "storage/checked_query.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <type_traits>
#include <utility>

namespace persona {
namespace {

constexpr std::int64_t match_chunk = 4096;

//! A chunk of rows: which of them are still in.
struct MatchChunk {
  std::int64_t first = 0, count = 0;
  std::array<bool, match_chunk> in;
};

template <class T>
bool value_satisfies(Compare compare, const T& x, const std::vector<T>& asked) {
  switch (compare) {
    case Compare::equal: return x == asked.front();
    case Compare::not_equal: return !(x == asked.front());
    case Compare::less: return x < asked.front();
    case Compare::less_equal: return x <= asked.front();
    case Compare::greater: return x > asked.front();
    case Compare::greater_equal: return x >= asked.front();
    case Compare::any_of: return std::ranges::find(asked, x) != asked.end();
    case Compare::is_missing: return false;
    case Compare::is_present: return true;
    case Compare::contains:
    case Compare::begins_with:
      if constexpr (std::is_same_v<T, std::string_view>)
        return compare == Compare::contains ? x.find(asked.front()) != T::npos : x.starts_with(asked.front());
      return false;
  }
  return false;
}

template <class Test>
void keep_rows(MatchChunk& chunk, const Column& column, Test test) {
  for (std::int64_t i = 0; i < chunk.count; ++i) {
    bool& in = chunk.in[static_cast<std::size_t>(i)];
    in = in && column.is_valid(chunk.first + i) && test(chunk.first + i);
  }
}

// T is what is compared, V the alternative of Value that the filter holds.
template <class T, class V = T, class Read>
void keep_values(MatchChunk& chunk, const CheckedFilter& filter, const Column& column, Read read) {
  std::vector<T> asked;
  for (const Value& value : filter.values) asked.push_back(static_cast<T>(std::get<V>(value)));
  keep_rows(chunk, column, [&](std::int64_t row) { return value_satisfies<T>(filter.compare, read(row), asked); });
}

void keep_lists(MatchChunk& chunk, const CheckedFilter& filter, const Column& column) {
  const bool wanted = filter.compare == Compare::any_of;
  keep_rows(chunk, column, [&](std::int64_t row) {
    return wanted == std::ranges::any_of(column.list(row), [&](std::int32_t code) {
             return filter.codes[static_cast<std::size_t>(code)];
           });
  });
}

void keep_matching(MatchChunk& chunk, const CheckedFilter& filter, const Column& column) {
  if (filter.compare == Compare::is_missing) {
    for (std::int64_t i = 0; i < chunk.count; ++i)
      chunk.in[static_cast<std::size_t>(i)] &= !column.is_valid(chunk.first + i);
    return;
  }
  if (filter.compare == Compare::is_present) return keep_rows(chunk, column, [](std::int64_t) { return true; });
  switch (column.type()) {
    case ColumnType::category:
      return keep_rows(chunk, column,
                       [&](std::int64_t row) { return filter.codes[static_cast<std::size_t>(column.code(row))]; });
    case ColumnType::list: return keep_lists(chunk, filter, column);
    case ColumnType::text:
      return keep_values<std::string_view, std::string>(chunk, filter, column,
                                                        [&](std::int64_t row) { return column.text(row); });
    case ColumnType::boolean:
      return keep_values<bool>(chunk, filter, column, [&](std::int64_t row) { return column.number(row) != 0; });
    case ColumnType::date:
      return keep_values<Date>(chunk, filter, column,
                               [&](std::int64_t row) { return Date{column.int32s()[static_cast<std::size_t>(row)]}; });
    case ColumnType::int32:
      return keep_values<std::int64_t>(chunk, filter, column, [values = column.int32s()](std::int64_t row) {
        return std::int64_t{values[static_cast<std::size_t>(row)]};
      });
    case ColumnType::int64:
      return keep_values<std::int64_t>(chunk, filter, column, [values = column.int64s()](std::int64_t row) {
        return values[static_cast<std::size_t>(row)];
      });
    case ColumnType::float64:
      return keep_values<double>(chunk, filter, column, [values = column.float64s()](std::int64_t row) {
        return values[static_cast<std::size_t>(row)];
      });
  }
}

// Calls `take` with the rows of one chunk after the other that satisfy all filters, until it says no.
template <class Take>
void each_match(std::span<const CheckedFilter> filters, const Population& population, std::int64_t first, Take take) {
  MatchChunk chunk;
  for (chunk.first = first; chunk.first < population.size(); chunk.first += match_chunk) {
    chunk.count = std::min(match_chunk, population.size() - chunk.first);
    chunk.in.fill(true);
    for (const CheckedFilter& filter : filters) keep_matching(chunk, filter, population.columns()[filter.column]);
    if (!take(std::as_const(chunk))) return;
  }
}

}  // namespace

std::vector<std::int64_t> matching_rows(std::span<const CheckedFilter> filters, const Population& population,
                                        std::int64_t first, std::int64_t limit) {
  std::vector<std::int64_t> rows;
  each_match(filters, population, first, [&](const MatchChunk& chunk) {
    for (std::int64_t i = 0; i < chunk.count; ++i) {
      if (!chunk.in[static_cast<std::size_t>(i)]) continue;
      rows.push_back(chunk.first + i);
      if (limit != 0 && static_cast<std::int64_t>(rows.size()) == limit) return false;
    }
    return true;
  });
  return rows;
}

std::int64_t count_matching(std::span<const CheckedFilter> filters, const Population& population) {
  if (filters.empty()) return population.size();
  std::int64_t count = 0;
  each_match(filters, population, 0, [&](const MatchChunk& chunk) {
    count += std::count(chunk.in.begin(), chunk.in.begin() + chunk.count, true);
    return true;
  });
  return count;
}

Population matching_page(const CheckedQuery& query, const Population& population, std::int64_t first) {
  std::vector<Column> columns;
  for (const std::size_t column : query.columns) columns.push_back(population.columns()[column]);
  const Population asked = *Population::make(std::move(columns));
  if (!query.filters.empty()) return asked.take(matching_rows(query.filters, population, first, query.limit));
  const std::int64_t left = asked.size() - first;
  return asked.slice(first, query.limit == 0 ? left : std::min(query.limit, left));
}

}  // namespace persona
