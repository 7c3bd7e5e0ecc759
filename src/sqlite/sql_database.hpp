//! Statements in transactions on one file.
#pragma once

#include "sqlite/connection.hpp"
#include "storage/sql.hpp"

#include <memory>
#include <string>

namespace persona::sqlite {

//! Any thread may use it: one connection, one transaction at a time, as the file has one writer anyway.
//! @errors as `open`
[[nodiscard]] Result<std::unique_ptr<SqlDatabase>> open_sql(const std::string& path, const Options& options);

}  // namespace persona::sqlite
