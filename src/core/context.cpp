//! When a long call must end.
#include <persona/core/context.hpp>

namespace persona {

Status Context::check() const {
  if (stop.stop_requested()) return fail(Errc::cancelled, "cancelled by the caller");
  if (deadline != std::chrono::steady_clock::time_point::max() && std::chrono::steady_clock::now() >= deadline)
    return fail(Errc::deadline_exceeded, "the deadline passed");
  return {};
}

}  // namespace persona
