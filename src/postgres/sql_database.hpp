//! Statements in transactions on a schema.
#pragma once

#include "storage/sql.hpp"

#include <persona/storage/postgres.hpp>

#include <memory>
#include <string>

namespace persona::postgres {

//! Any thread may use it. @errors as `open`
[[nodiscard]] Result<std::unique_ptr<SqlDatabase>> open_sql(const std::string& connection, const Options& options);

}  // namespace persona::postgres
