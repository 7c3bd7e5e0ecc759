//! The tables that both databases have alike, row by row from one into the other.
#pragma once

#include "storage/sql.hpp"

#include <persona/core/context.hpp>

#include <cstdint>

namespace persona {

//! All or nothing in `to`; `from` as it stands at one moment.
//! @return rows copied @errors already_exists: `to` holds some; corrupted: they read back otherwise; cancelled
[[nodiscard]] Result<std::int64_t> copy_room_tables(SqlDatabase& from, SqlDatabase& to, const Context& context);

}  // namespace persona
