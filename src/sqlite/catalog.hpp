//! The table of populations. All of it may throw SQLite::Exception.
#pragma once

#include "sqlite/connection.hpp"
#include "storage/fields_json.hpp"
#include "storage/label_codes.hpp"

#include <persona/storage/storage.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace persona::sqlite {

//! A stored population and where its rows are.
struct CatalogEntry {
  PopulationRecord record;
  std::string table;                //!< empty for a recipe
  std::vector<StoredField> fields;  //!< "index" first; empty for a recipe
  std::vector<Field> plain_fields;  //!< the same without their columns, as queries are checked against
  std::vector<std::shared_ptr<const Field>> column_fields;  //!< the same, shared by all columns that are read
  std::vector<LabelCodes> codes;                            //!< of each field
  std::string all_columns;                                  //!< in a statement
};

//! @errors not_found, corrupted
[[nodiscard]] Result<CatalogEntry> find_entry(SQLite::Database& database, std::string_view name);

//! In order of name. @errors corrupted
[[nodiscard]] Result<std::vector<PopulationRecord>> list_entries(SQLite::Database& database);

//! @errors already_exists
[[nodiscard]] Status check_free(SQLite::Database& database, const std::string& name);

void insert_entry(SQLite::Database& database, const CatalogEntry& entry);

//! The entry and its table.
void remove_entry(SQLite::Database& database, const CatalogEntry& entry);

}  // namespace persona::sqlite
