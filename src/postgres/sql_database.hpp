//! Statements in transactions on a schema.
#pragma once

#include "postgres/replicas.hpp"
#include "storage/sql.hpp"

#include <persona/storage/postgres.hpp>

#include <memory>
#include <string>

namespace persona::postgres {

//! Any thread may use it.
//! @param replicas  for rooms that read from them; none by default
//! @errors as `open`
[[nodiscard]] Result<std::unique_ptr<SqlDatabase>> open_sql(
    const std::string& connection, const Options& options,
    std::shared_ptr<Replicas> replicas = std::make_shared<Replicas>());

}  // namespace persona::postgres
