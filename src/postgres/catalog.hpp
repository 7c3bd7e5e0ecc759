//! The table of populations.
#pragma once

#include "postgres/connection.hpp"
#include "storage/fields_json.hpp"
#include "storage/label_codes.hpp"

#include <persona/storage/storage.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace persona::postgres {

//! A stored population and where its rows are.
struct CatalogEntry {
  PopulationRecord record;
  std::string view, table;          //!< empty for a recipe
  std::vector<StoredField> fields;  //!< "index" first; empty for a recipe
  std::vector<Field> plain_fields;  //!< the same without their columns, as queries are checked against
  std::vector<std::shared_ptr<const Field>> column_fields;  //!< the same, shared by all columns that are read
  std::vector<LabelCodes> codes;                            //!< of each field
};

//! @errors not_found, corrupted
[[nodiscard]] Result<CatalogEntry> find_entry(Connection& connection, std::string_view name,
                                              const Context& context = {});

//! In order of name. @errors corrupted
[[nodiscard]] Result<std::vector<PopulationRecord>> list_entries(Connection& connection);

//! @errors already_exists
[[nodiscard]] Status check_free(Connection& connection, const std::string& name);

//! Nobody else finishes or removes a population until the transaction ends.
[[nodiscard]] Status lock_catalog(Connection& connection);

//! The entry, and a view of its rows under a name that is free. @pre the catalog is locked
[[nodiscard]] Status insert_entry(Connection& connection, CatalogEntry entry);

//! The entry, its view and its table. @pre the catalog is locked
[[nodiscard]] Status remove_entry(Connection& connection, const CatalogEntry& entry);

//! Makes way for a population: nothing has its name, or it is replaced. @pre the catalog is locked
[[nodiscard]] Status make_way(Connection& connection, const std::string& name, bool replace);

}  // namespace persona::postgres
