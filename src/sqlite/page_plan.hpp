//! Which index a page of filtered rows is found by.
#pragma once

#include "sqlite/ready_connection.hpp"
#include "storage/checked_query.hpp"

#include <vector>

namespace persona::sqlite {

struct PagePlan {
  std::vector<bool> searchable;  //!< of each filter: may an index be used for it? Empty: of all
  bool sorts = false;            //!< collects the rows by that index, then sorts them
};

//! Rows are wanted in the order of their numbers, and few of them. Walking the table gives that order and
//! stops early, where many rows satisfy the filters. An index on one value gives that order too. Any other
//! use of an index has to collect and sort all it finds, so it is allowed for a filter that few rows
//! satisfy, which is counted first. SQLite alone would guess, and guess wrong by a factor of 1000.
//! May throw SQLite::Exception.
PagePlan plan_page(ReadyConnection& connection, const CatalogEntry& entry, const CheckedQuery& query);

}  // namespace persona::sqlite
