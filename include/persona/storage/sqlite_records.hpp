//! Records in an SQLite file. Component `persona::sqlite`.
#pragma once

#include <persona/core/clock.hpp>
#include <persona/storage/records.hpp>
#include <persona/storage/sqlite.hpp>

#include <memory>
#include <string>

namespace persona::sqlite {

//! For any number of threads and processes. @errors as `open`
[[nodiscard]] PERSONA_EXPORT Result<std::unique_ptr<Records>> open_records(
    const std::string& path, Options options = {}, std::shared_ptr<Clock> clock = system_clock());

}  // namespace persona::sqlite
