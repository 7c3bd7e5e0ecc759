//! The column that numbers the rows of a stored population.
#include "storage/index_column.hpp"

#include "population/column_build.hpp"

#include <numeric>
#include <utility>
#include <vector>

namespace persona {

Field index_field() {
  return {.name = std::string(index_name), .type = ColumnType::int64, .description = "number of the row"};
}

Population with_index(const Population& population, std::int64_t first) {
  ColumnDraft index(index_field(), population.size());
  const auto numbers = index.values<std::int64_t>();
  std::iota(numbers.begin(), numbers.end(), first);
  std::vector<Column> columns{std::move(index).finish()};
  columns.insert(columns.end(), population.columns().begin(), population.columns().end());
  return *Population::make(std::move(columns));
}

}  // namespace persona
