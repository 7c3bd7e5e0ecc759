//! Splits a schema into what is enforced and what is only told.
#include "llm/anthropic/schema.hpp"

#include "llm/wire/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace persona::llm::anthropic_api {
namespace {

using wire::add;
using wire::at;

constexpr std::array<std::string_view, 10> enforced_formats{"date-time", "time", "date", "duration", "email",
                                                            "hostname",  "uri",  "ipv4", "ipv6",     "uuid"};
// Said elsewhere in the result, or no demand at all.
constexpr std::array<std::string_view, 19> not_told{"$defs",
                                                    "definitions",
                                                    "$ref",
                                                    "enum",
                                                    "const",
                                                    "type",
                                                    "anyOf",
                                                    "oneOf",
                                                    "allOf",
                                                    "$schema",
                                                    "$id",
                                                    "$comment",
                                                    "items",
                                                    "properties",
                                                    "title",
                                                    "description",
                                                    "required",
                                                    "examples",
                                                    "additionalProperties"};

class Splitter {
 public:
  explicit Splitter(std::vector<std::string>& warnings) : warnings_(warnings) {}

  Json split(const Json& node, const JsonPath& path);

 private:
  Json split_members(const Json& members, const JsonPath& path);
  Json split_list(const Json& list, const JsonPath& path);
  void split_object(const Json& node, const JsonPath& path, Json& out);
  static bool is_enforced(std::string_view name, const Json& value);
  static void tell(const Json& node, Json& out);

  std::vector<std::string>& warnings_;
};

Json Splitter::split_members(const Json& members, const JsonPath& path) {
  Json out = Json::object();
  if (!members.is_object()) return out;
  for (const auto& [name, member] : members.get_ref<const Json::object_t&>())
    add(out, name, split(member, path / name));
  return out;
}

Json Splitter::split_list(const Json& list, const JsonPath& path) {
  Json out = Json::array();
  for (std::size_t i = 0; i < list.size(); ++i) out.push_back(split(list[i], path / i));
  return out;
}

bool Splitter::is_enforced(std::string_view name, const Json& value) {
  if (name == "minItems") return value.is_number() && value.get<double>() <= 1;
  return name == "format" && value.is_string() &&
         std::find(enforced_formats.begin(), enforced_formats.end(), value.get_ref<const std::string&>()) !=
             enforced_formats.end();
}

void Splitter::split_object(const Json& node, const JsonPath& path, Json& out) {
  const Json& open = at(node, "additionalProperties");
  if (open.is_object() || open == true) {
    warnings_.push_back(fmt::format("Anthropic closes objects: no other keys are possible at '{}'", path.text()));
  }
  add(out, "properties", split_members(at(node, "properties"), path / "properties"));
  add(out, "additionalProperties", false);
  if (node.contains("required")) add(out, "required", node["required"]);
}

// What is not enforced stands in the description, for the model to read.
void Splitter::tell(const Json& node, Json& out) {
  std::string told;
  for (const auto& [name, value] : node.get_ref<const Json::object_t&>()) {
    if (out.contains(name) || std::find(not_told.begin(), not_told.end(), name) != not_told.end()) continue;
    told += fmt::format("{}{}: {}", told.empty() ? "" : ", ", name, print_json_compact(value));
  }
  std::string description(wire::text_at(node, "description"));
  if (!told.empty()) description += (description.empty() ? "{" : "\n\n{") + told + "}";
  if (!description.empty()) out["description"] = description;
}

Json Splitter::split(const Json& node, const JsonPath& path) {
  if (!node.is_object()) return Json::object();
  Json out = Json::object();
  for (const std::string_view word : {"$defs", "definitions"}) {
    if (node.contains(word)) add(out, word, split_members(at(node, word), path / word));
  }
  if (node.contains("$ref")) {
    add(out, "$ref", node["$ref"]);
    return out;
  }
  for (const std::string_view word : {"title", "type", "enum", "const"}) {
    if (node.contains(word)) add(out, word, at(node, word));
  }
  for (const auto& [word, kept] : {std::pair("anyOf", "anyOf"), {"oneOf", "anyOf"}, {"allOf", "allOf"}}) {
    if (!at(node, word).is_array() || out.contains("anyOf")) continue;
    add(out, kept, split_list(at(node, word), path / word));
  }
  if (node.contains("items")) add(out, "items", split(node["items"], path / "items"));
  const Json& type = at(node, "type");
  const bool can_be_object =
      type == "object" || (type.is_array() && std::find(type.begin(), type.end(), "object") != type.end());
  if (can_be_object) split_object(node, path, out);
  for (const auto& [name, value] : node.get_ref<const Json::object_t&>()) {
    if (is_enforced(name, value)) add(out, name, value);
  }
  tell(node, out);
  return out;
}

}  // namespace

Json enforced_schema(const Json& schema, std::vector<std::string>& warnings) {
  return Splitter(warnings).split(schema, JsonPath());
}

}  // namespace persona::llm::anthropic_api
