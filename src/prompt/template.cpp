//! Slots and what fills them.
#include <persona/prompt/template.hpp>

#include <algorithm>
#include <cctype>
#include <utility>

namespace persona::prompt {
namespace {

std::string_view slot_name(std::string_view inside) {
  while (!inside.empty() && inside.front() == ' ') inside.remove_prefix(1);
  while (!inside.empty() && inside.back() == ' ') inside.remove_suffix(1);
  const bool is_name = !inside.empty() && std::all_of(inside.begin(), inside.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '.' || c == '-';
  });
  return is_name ? inside : std::string_view();
}

// Hands over literal text and slots in turn; an error of either ends it.
template <class OnText, class OnSlot>
Status walk_template(std::string_view text, OnText on_text, OnSlot on_slot) {
  while (!text.empty()) {
    const auto open = text.find("{{");
    on_text(text.substr(0, open));
    if (open == std::string_view::npos) return {};
    text.remove_prefix(open);
    if (text.starts_with("{{{{")) {
      on_text(text.substr(0, 2));
      text.remove_prefix(4);
      continue;
    }
    const auto close = text.find("}}");
    if (close == std::string_view::npos) return fail(Errc::invalid_argument, "template: a '{{' has no '}}'");
    const auto inside = text.substr(2, close - 2);
    const auto name = slot_name(inside);
    if (name.empty())
      return fail(Errc::invalid_argument, "template: '" + std::string(inside) + "' is not a slot's name");
    if (const auto done = on_slot(name); !done) return done;
    text.remove_prefix(close + 2);
  }
  return {};
}

}  // namespace

Result<Template> Template::parse(std::string text, std::string name, int version) {
  Template parsed;
  const auto note = [&](std::string_view slot) -> Status {
    if (std::find(parsed.slots_.begin(), parsed.slots_.end(), slot) == parsed.slots_.end())
      parsed.slots_.emplace_back(slot);
    return {};
  };
  if (const auto walked = walk_template(
          text, [](std::string_view) {}, note);
      !walked) {
    return tl::unexpected(walked.error());
  }
  parsed.text_ = std::move(text);
  parsed.name_ = std::move(name);
  parsed.version_ = version;
  return parsed;
}

Result<std::string> Template::fill(const Fields& values) const {
  std::string filled;
  const auto put = [&](std::string_view slot) -> Status {
    const auto value = values.find(slot);
    if (value == values.end())
      return fail(Errc::invalid_argument, "template: no value for '" + std::string(slot) + "'");
    filled += to_text(value->second);
    return {};
  };
  const auto walked = walk_template(
      text_, [&](std::string_view text) { filled += text; }, put);
  if (!walked) return tl::unexpected(walked.error());
  return filled;
}

}  // namespace persona::prompt
