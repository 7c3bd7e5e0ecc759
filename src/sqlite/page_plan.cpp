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

bool satisfied_by_few(ReadyConnection& connection, const CatalogEntry& entry, const CheckedFilter& filter) {
  const SqlCondition condition = condition_of(std::span(&filter, 1), entry.fields, {});
  ReadyConnection::Use count =
      connection.statement(fmt::format("SELECT count(*) FROM (SELECT 1 FROM {} AS p WHERE {} LIMIT {})",
                                       sql_name(entry.table), condition.sql, few_rows + 1));
  bind_all(*count, condition.parameters, 1);
  return count->step() && count->integer(0) <= few_rows;
}

}  // namespace

PagePlan plan_page(ReadyConnection& connection, const CatalogEntry& entry, const CheckedQuery& query) {
  if (query.limit == 0) return {};
  PagePlan plan;
  std::vector<std::size_t> indexed;
  for (std::size_t i = 0; i < query.filters.size(); ++i) {
    const Field& field = entry.plain_fields[query.filters[i].column];
    if (std::ranges::count(entry.record.indexes, field.name) > 0 && field.type != ColumnType::list)
      indexed.push_back(i);
  }
  std::optional<std::size_t> best;
  for (const std::size_t i : indexed) {
    const CheckedFilter& filter = query.filters[i];
    const bool gives_order = is_one_value(filter);
    const bool is_only_choice = indexed.size() == 1 && gives_order;  // as good for few as for many
    if (!is_only_choice && satisfied_by_few(connection, entry, filter)) {
      best = i;
      plan.sorts = !gives_order;
      break;
    }
    if (!best && gives_order) best = i;
  }
  for (std::size_t i = 0; i < query.filters.size(); ++i)
    plan.searchable.push_back(query.filters[i].column == 0 || best == i);
  return plan;
}

}  // namespace persona::sqlite
