//! What the tables of a schema hold, as rows of COPY in text, which dumps have too.
#pragma once

#include "postgres/connection.hpp"

#include <persona/storage/backup.hpp>

#include <string>
#include <vector>

namespace persona::postgres {

//! In order of name. @pre in a transaction that sees one state
[[nodiscard]] Result<std::vector<std::string>> all_tables(Connection& connection, const std::string& schema);

//! In order of name. @pre as above
[[nodiscard]] Result<std::vector<TableContent>> read_contents(Connection& connection, const std::string& schema,
                                                              const Context& context);

//! Is there no row but those that every new schema has?
[[nodiscard]] Result<bool> holds_nothing(Connection& connection, const std::string& schema);

}  // namespace persona::postgres
