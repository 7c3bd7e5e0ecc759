//! Records in a Postgres database. Component `persona::postgres`.
#pragma once

#include <persona/core/clock.hpp>
#include <persona/storage/postgres.hpp>
#include <persona/storage/records.hpp>

#include <memory>
#include <string>

namespace persona::postgres {

//! For any number of threads and processes. @errors as `open`
[[nodiscard]] PERSONA_EXPORT Result<std::unique_ptr<Records>> open_records(
    const std::string& connection, Options options = {}, std::shared_ptr<Clock> clock = system_clock());

}  // namespace persona::postgres
