//! Files of pg_dump: written, and read again as SQL.
#pragma once

#include "postgres/connection.hpp"

#include <persona/storage/backup.hpp>

#include <string>
#include <vector>

namespace persona::postgres {

//! @param snapshot  exported by a transaction that is still open: the state that is written
[[nodiscard]] Status write_dump(const Target& target, const std::string& snapshot, const std::string& file,
                                const Context& context);

//! Reads a dump, and does what it says on a connection, in whose transaction that is.
//! @param into  null: it is only read
//! @return the tables in it, in order of name
//! @errors invalid_argument: no dump, or one of another schema
[[nodiscard]] Result<std::vector<TableContent>> read_dump(const std::string& file, const std::string& schema,
                                                          Connection* into, const Context& context);

}  // namespace persona::postgres
