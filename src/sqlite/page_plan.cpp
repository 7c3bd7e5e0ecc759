//! Which index a page of filtered rows is found by.
#include "sqlite/page_plan.hpp"

#include "sqlite/identifiers.hpp"
#include "storage/filter_sql.hpp"

#include <algorithm>
#include <optional>
#include <span>

#include <fmt/format.h>

namespace persona::sqlite {
namespace {

constexpr std::int64_t few_rows = 2000;  // collected and sorted within a millisecond or two

bool is_one_value(const CheckedFilter& filter) {
  const bool equality = filter.compare == Compare::equal || filter.compare == Compare::any_of;
  return (equality && filter.values.size() == 1) || filter.compare == Compare::is_missing;
}

bool satisfied_by_few(SQLite::Database& database, const CatalogEntry& entry, const CheckedFilter& filter) {
  const SqlCondition condition = condition_of(std::span(&filter, 1), entry.fields, {});
  Statement count(database, fmt::format("SELECT count(*) FROM (SELECT 1 FROM {} AS p WHERE {} LIMIT {})",
                                        sql_name(entry.table), condition.sql, few_rows + 1));
  bind_all(count, condition.parameters, 1);
  return count.step() && count.integer(0) <= few_rows;
}

}  // namespace

PagePlan plan_page(SQLite::Database& database, const CatalogEntry& entry, const CheckedQuery& query) {
  if (query.limit == 0) return {};
  PagePlan plan;
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < query.filters.size(); ++i) {
    const CheckedFilter& filter = query.filters[i];
    const Field& field = entry.fields[filter.column].field;
    if (std::ranges::count(entry.record.indexes, field.name) == 0 || field.type == ColumnType::list) continue;
    if (satisfied_by_few(database, entry, filter)) {
      best = i;
      plan.sorts = !is_one_value(filter);
      break;
    }
    if (!best && is_one_value(filter)) best = i;
  }
  for (std::size_t i = 0; i < query.filters.size(); ++i)
    plan.searchable.push_back(query.filters[i].column == 0 || best == i);
  return plan;
}

}  // namespace persona::sqlite
