//! Reading the rows of a population. May throw SQLite::Exception.
#pragma once

#include "sqlite/ready_connection.hpp"

#include <persona/storage/query.hpp>

#include <cstdint>
#include <vector>

namespace persona::sqlite {

//! @errors as `Storage::read`; corrupted: a cell that is no value of its attribute
[[nodiscard]] Result<Population> read_rows(ReadyConnection& connection, const CatalogEntry& entry, const Query& query,
                                           const Context& context);

//! @errors as `Storage::count`
[[nodiscard]] Result<std::int64_t> count_rows(ReadyConnection& connection, const CatalogEntry& entry,
                                              const std::vector<Filter>& filters);

}  // namespace persona::sqlite
