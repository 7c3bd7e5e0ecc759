//! Names of error codes.
#include <persona/core/error.hpp>

namespace persona {

std::string_view to_string(Errc code) {
  switch (code) {
    case Errc::invalid_argument: return "invalid_argument";
    case Errc::not_found: return "not_found";
    case Errc::already_exists: return "already_exists";
    case Errc::conflict: return "conflict";
    case Errc::infeasible: return "infeasible";
    case Errc::unsupported: return "unsupported";
    case Errc::cancelled: return "cancelled";
    case Errc::deadline_exceeded: return "deadline_exceeded";
    case Errc::unavailable: return "unavailable";
    case Errc::io: return "io";
    case Errc::corrupted: return "corrupted";
    case Errc::internal: return "internal";
    case Errc::unauthenticated: return "unauthenticated";
    case Errc::permission_denied: return "permission_denied";
    case Errc::rate_limited: return "rate_limited";
    case Errc::quota_exceeded: return "quota_exceeded";
    case Errc::context_too_long: return "context_too_long";
    case Errc::refused: return "refused";
    case Errc::truncated: return "truncated";
    case Errc::invalid_output: return "invalid_output";
  }
  return "unknown";
}

std::string to_string(const Error& error) {
  std::string text(to_string(error.code));
  if (!error.path.empty()) text.append(" at ").append(error.path);
  return text.append(": ").append(error.message);
}

}  // namespace persona
