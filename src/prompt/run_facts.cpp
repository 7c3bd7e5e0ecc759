//! Which facts of a run differ.
#include <persona/prompt/run_ledger.hpp>

#include "core/json_document.hpp"

#include <utility>

#include <fmt/format.h>

namespace persona::prompt {
namespace {

// "k was 16, is 8"; of texts as long as a hash the name alone.
void add_differences(const Json& kept, const Json& given, const std::string& name, std::vector<std::string>& found) {
  if (kept == given) return;
  if (kept.is_object() && given.is_object()) {
    Json names = kept;
    names.update(given);
    for (const auto& [key, value] : names.items()) {
      const std::string inner = name.empty() ? key : fmt::format("{}.{}", name, key);
      add_differences(kept.value(key, Json()), given.value(key, Json()), inner, found);
    }
    return;
  }
  const std::string before = print_json_compact(kept), now = print_json_compact(given);
  const bool is_short = before.size() <= 40 && now.size() <= 40;
  found.push_back(is_short ? name + " was " + before + ", is " + now : name);
}

}  // namespace

Error other_facts(std::string_view what, std::string_view kept, std::string_view given) {
  std::string message = std::string(what) + " was begun with another program, data or options";
  const auto before = parse_json_document(kept), now = parse_json_document(given);
  std::vector<std::string> found;
  if (before && now && before->is_object() && now->is_object()) add_differences(*before, *now, {}, found);
  for (const auto& each : found) message += (&each == &found.front() ? ": " : "; ") + each;
  return {Errc::conflict, std::move(message), {}};
}

}  // namespace persona::prompt
