//! Words of requests.
#include <persona/llm/request.hpp>

namespace persona::llm {

std::string_view to_string(Effort effort) {
  switch (effort) {
    case Effort::none: return "none";
    case Effort::minimal: return "minimal";
    case Effort::low: return "low";
    case Effort::medium: return "medium";
    case Effort::high: return "high";
    case Effort::maximum: return "maximum";
  }
  return "unknown";
}

}  // namespace persona::llm
