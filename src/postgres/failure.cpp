//! What Postgres reports, as errors of persona.
#include "postgres/failure.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace persona::postgres {
namespace {

struct StateMeaning {
  std::string_view beginning;  // of the SQLSTATE
  Errc code;
  bool retryable;
  std::string_view words;  // what happened, before "in 'database'"; empty: the server's
};

// The first that fits.
constexpr StateMeaning state_meanings[] = {
    {"40001", Errc::unavailable, true, "another transaction was faster"},
    {"40P01", Errc::unavailable, true, "two transactions waited for each other"},
    {"55P03", Errc::unavailable, true, "another transaction holds a lock"},
    {"57014", Errc::deadline_exceeded, false, "a statement took longer than its timeout"},
    {"25P03", Errc::unavailable, true, "the transaction waited for longer than its timeout"},
    {"57P0", Errc::unavailable, true, ""},
    {"08", Errc::unavailable, true, ""},
    {"53100", Errc::io, false, "no room is left"},
    {"53", Errc::unavailable, true, ""},
    {"23505", Errc::already_exists, false, ""},
    {"25006", Errc::io, false, "nothing may be written"},
    {"28", Errc::unauthenticated, false, ""},
    {"3D000", Errc::not_found, false, ""},
    {"42501", Errc::permission_denied, false, ""},
    {"22", Errc::invalid_argument, false, ""},
    {"54", Errc::unsupported, false, ""},
    {"0A", Errc::unsupported, false, ""},
    {"58", Errc::io, false, ""},
    {"XX001", Errc::corrupted, false, ""},
    {"XX002", Errc::corrupted, false, ""},
};

Error of_service(Errc code, std::string message, std::string_view sqlstate, bool retryable, bool sent = false) {
  ServiceFailure service;
  service.type = sqlstate;
  service.retryable = retryable;
  service.sent = sent;
  return {code, std::move(message), "", std::move(service)};
}

bool says(std::string_view message, std::string_view words) {
  return message.find(words) != std::string_view::npos;
}

}  // namespace

Error server_failure(const std::string& where, std::string_view sqlstate, std::string_view message) {
  const auto meaning = std::ranges::find_if(
      state_meanings, [&](const StateMeaning& candidate) { return sqlstate.starts_with(candidate.beginning); });
  if (meaning == std::end(state_meanings))
    return of_service(Errc::internal, fmt::format("Postgres in {}: {} ({})", where, message, sqlstate), sqlstate,
                      false);
  const std::string text = meaning->words.empty() ? fmt::format("{}: {}", where, message)
                                                  : fmt::format("{}: {} ({})", where, meaning->words, message);
  return of_service(meaning->code, text, sqlstate, meaning->retryable);
}

Error lost_connection(const std::string& where, bool sent) {
  return of_service(Errc::unavailable, fmt::format("{}: the connection was lost", where), "08006", true, sent);
}

Error connect_failure(const std::string& where, std::string_view message) {
  while (!message.empty() && message.back() == '\n') message.remove_suffix(1);
  std::string text = fmt::format("{}: {}", where, message);
  if (says(message, "authentication failed") || says(message, "no password supplied") || says(message, "pg_hba.conf"))
    return of_service(Errc::unauthenticated, std::move(text), "28000", false);
  if (says(message, "certificate") || says(message, "does not support SSL"))
    return of_service(Errc::unauthenticated, std::move(text), "08001", false);
  if (says(message, "database") && says(message, "does not exist"))
    return of_service(Errc::not_found, std::move(text), "3D000", false);
  if (says(message, "permission denied for database"))
    return of_service(Errc::permission_denied, std::move(text), "42501", false);
  return of_service(Errc::unavailable, std::move(text), "08001", true);
}

bool is_state(const Error& error, std::string_view sqlstate) {
  return error.service && error.service->type == sqlstate;
}

}  // namespace persona::postgres
