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
  }
  return "unknown";
}

std::string to_string(const Error& error) {
  std::string text(to_string(error.code));
  if (!error.path.empty()) text.append(" at ").append(error.path);
  return text.append(": ").append(error.message);
}

}  // namespace persona
