//! One person looked up, and as JSON.
#include <persona/population/persona.hpp>

#include "text_write.hpp"

#include <algorithm>
#include <cmath>

namespace persona {
namespace {

struct JsonOfValue {
  std::string operator()(std::monostate) const { return "null"; }
  std::string operator()(bool v) const { return v ? "true" : "false"; }
  std::string operator()(std::int64_t v) const {
    char text[longest_number];
    return {text, write_integer(text, v)};
  }
  std::string operator()(double v) const {
    char text[longest_number];
    return std::isfinite(v) ? std::string(text, write_double(text, v)) : "null";
  }
  std::string operator()(const std::string& v) const { return json_text(v); }
  std::string operator()(Date v) const { return json_text(to_string(v)); }
  std::string operator()(const std::vector<std::string>& v) const {
    std::string list = "[";
    for (const std::string& label : v) list.append(list.size() > 1 ? "," : "").append(json_text(label));
    return list.append("]");
  }
};

}  // namespace

const Value* Persona::find(std::string_view attribute) const {
  const auto at =
      std::ranges::find(attributes, attribute, [](const auto& entry) -> const std::string& { return entry.first; });
  return at == attributes.end() ? nullptr : &at->second;
}

std::string to_json(const Persona& persona) {
  std::string json = "{";
  for (const auto& [name, value] : persona.attributes) {
    json.append(json.size() > 1 ? "," : "").append(json_text(name)).append(":");
    json.append(std::visit(JsonOfValue{}, value));
  }
  return json.append("}");
}

}  // namespace persona
