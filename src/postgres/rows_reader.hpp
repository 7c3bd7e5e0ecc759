//! Reading the rows of a population.
#pragma once

#include "postgres/catalog.hpp"

#include <persona/storage/query.hpp>

#include <cstdint>
#include <vector>

namespace persona::postgres {

//! @errors as `Storage::read`; corrupted: a cell that is no value of its attribute; with the state 42P01 where the
//!         population was removed
[[nodiscard]] Result<Population> read_rows(Connection& connection, const CatalogEntry& entry, const Query& query,
                                           const Context& context);

//! @errors as `Storage::count`, and as above
[[nodiscard]] Result<std::int64_t> count_rows(Connection& connection, const CatalogEntry& entry,
                                              const std::vector<Filter>& filters, const Context& context);

}  // namespace persona::postgres
