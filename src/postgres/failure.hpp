//! What Postgres reports, as errors of persona.
#pragma once

#include <persona/core/result.hpp>

#include <string>
#include <string_view>

namespace persona::postgres {

//! What the server says of a statement.
//! @param where     the database, for the message
//! @param sqlstate  five characters
//! @source{PostgreSQL 15, appendix A}
Error server_failure(const std::string& where, std::string_view sqlstate, std::string_view message);

//! The connection was lost. @param sent  the server may have done what was asked
Error lost_connection(const std::string& where, bool sent);

//! No connection came about. @param message  libpq's, without secrets
Error connect_failure(const std::string& where, std::string_view message);

//! Does the error have this SQLSTATE?
bool is_state(const Error& error, std::string_view sqlstate);

}  // namespace persona::postgres
