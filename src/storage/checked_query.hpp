//! Queries checked against the columns there are, in the form that rows and SQL are tested with.
#pragma once

#include <persona/core/result.hpp>
#include <persona/population/population.hpp>
#include <persona/storage/query.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace persona {

//! A filter that cannot be wrong any more.
struct CheckedFilter {
  std::size_t column = 0;  //!< of the fields it was checked against
  Compare compare = Compare::equal;

  //! Of the column's own kind: double, int64, bool, Date or text. Of a category every label that
  //! satisfies (`any_of`), of a list the labels asked for (`any_of` or `not_equal`).
  std::vector<Value> values;
  std::vector<bool> codes;  //!< the same labels by code
};

struct CheckedQuery {
  std::vector<CheckedFilter> filters;
  std::vector<std::size_t> columns;  //!< to return, "index" (0) first
  std::optional<std::int64_t> after;
  std::int64_t limit = 0;
};

//! @param fields  "index" first @errors invalid_argument: path is "/filters/0"
[[nodiscard]] PERSONA_EXPORT Result<std::vector<CheckedFilter>> check_filters(std::span<const Field> fields,
                                                                              std::span<const Filter> filters);

//! @errors as above, and path "/columns/0", "/limit"
[[nodiscard]] PERSONA_EXPORT Result<CheckedQuery> check_query(std::span<const Field> fields, const Query& query);

//! The rows that satisfy all filters, rising, from `first` on, at most `limit`; 0 is no limit.
std::vector<std::int64_t> matching_rows(std::span<const CheckedFilter> filters, const Population& population,
                                        std::int64_t first = 0, std::int64_t limit = 0);

//! How many rows satisfy all filters.
std::int64_t count_matching(std::span<const CheckedFilter> filters, const Population& population);

//! The columns asked for of the rows that satisfy a query, from row `first` on.
Population matching_page(const CheckedQuery& query, const Population& population, std::int64_t first = 0);

}  // namespace persona
