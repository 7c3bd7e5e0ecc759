//! Walks a schema and makes it strict, or says why it cannot be.
#include "llm/openai/strict_schema.hpp"

#include "llm/wire/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

namespace persona::llm::openai_api {
namespace {

using wire::at;

constexpr std::size_t most_properties = 5000;
constexpr std::size_t most_levels = 10;
constexpr std::size_t most_name_bytes = 120'000;
constexpr std::size_t most_enum_values = 1000;
constexpr std::size_t long_enum = 250;
constexpr std::size_t most_long_enum_bytes = 15'000;
constexpr int most_inlined = 64;

constexpr std::array<std::string_view, 17> kept_keywords{
    "type",     "enum",    "const",      "title",    "description", "pattern",          "format",           "$ref",
    "minimum",  "maximum", "multipleOf", "minItems", "maxItems",    "exclusiveMinimum", "exclusiveMaximum", "minLength",
    "maxLength"};
constexpr std::array<std::string_view, 9> walked_keywords{
    "properties", "required", "additionalProperties", "items", "anyOf", "allOf", "$defs", "definitions", "$id"};
constexpr std::array<std::string_view, 8> dropped_keywords{"default",  "examples",  "$schema",    "$comment",
                                                           "readOnly", "writeOnly", "deprecated", "$id"};
constexpr std::array<std::string_view, 9> known_formats{"date-time", "time", "date", "duration", "email",
                                                        "hostname",  "ipv4", "ipv6", "uuid"};

template <std::size_t N>
bool is_in(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

class StrictMaker {
 public:
  explicit StrictMaker(const Json& root) : root_(root) {}

  Result<Json> make(const Json& node, const JsonPath& path, std::size_t level);

  std::vector<std::string> warnings;

 private:
  using Where = const JsonPath&;
  static tl::unexpected<Error> cannot(std::string what, Where path) {
    return fail(Errc::unsupported, std::move(what), path.text());
  }
  Result<Json> flattened(const Json& node, Where path, int inlined = 0) const;
  Status check_words(const Json& node, Where path);
  Status make_object(const Json& node, Where path, std::size_t level, Json& out);
  Status make_parts(const Json& node, Where path, std::size_t level, Json& out);
  bool allows_null(const Json& node) const;
  const Json* find(std::string_view reference) const;

  const Json& root_;
  std::size_t properties_ = 0, name_bytes_ = 0, enum_values_ = 0;
};

const Json* StrictMaker::find(std::string_view reference) const {
  if (!reference.starts_with('#')) return nullptr;
  const Json::json_pointer pointer = [&] {
    try {
      return Json::json_pointer(std::string(reference.substr(1)));
    } catch (const nlohmann::json::exception&) {
      return Json::json_pointer("/there is no such thing");
    }
  }();
  return root_.contains(pointer) ? &root_.at(pointer) : nullptr;
}

// A schema without references that have siblings, and without an `allOf`.
Result<Json> StrictMaker::flattened(const Json& node, Where path, int inlined) const {
  if (!node.is_object()) return cannot("a schema of true or false", path);
  if (inlined > most_inlined) return cannot("references that lead in circles", path);
  const bool reference = node.contains("$ref");
  if (!node.contains("allOf") && !(reference && (node.size() > 1 || path.text().empty()))) return node;
  const Json* inner = nullptr;
  if (reference) {
    inner = find(wire::text_at(node, "$ref"));
    if (inner == nullptr) return cannot("a reference that leads nowhere", path / "$ref");
  } else {
    if (at(node, "allOf").size() != 1) return cannot("'allOf' of several schemas", path / "allOf");
    inner = &node["allOf"][0];
  }
  auto base = *inner;
  if (!base.is_object()) return cannot("a schema of true or false", path);
  for (const auto& [name, value] : node.get_ref<const Json::object_t&>()) {
    if (name != (reference ? "$ref" : "allOf")) base[name] = value;
  }
  return flattened(base, path, inlined + 1);
}

Status StrictMaker::check_words(const Json& node, Where path) {
  for (const auto& [name, value] : node.get_ref<const Json::object_t&>()) {
    if (!is_in(name, kept_keywords) && !is_in(name, walked_keywords) && !is_in(name, dropped_keywords)) {
      return cannot(fmt::format("'{}'", name), path / name);
    }
    if (name == "format" && !(value.is_string() && is_in(value.get_ref<const std::string&>(), known_formats))) {
      return cannot(fmt::format("the format {}", value.dump()), path / name);
    }
  }
  std::size_t bytes = 0;
  const Json& values = at(node, "enum");
  if (values.is_array()) {
    for (const Json& value : values) bytes += value.is_string() ? value.get_ref<const std::string&>().size() : 0;
    enum_values_ += values.size();
    if (enum_values_ > most_enum_values) return cannot(fmt::format("more than {} values", most_enum_values), path);
    if (values.size() > long_enum && bytes > most_long_enum_bytes)
      return cannot("a list of values so long", path / "enum");
  }
  name_bytes_ += bytes + wire::text_at(node, "const").size();
  if (name_bytes_ > most_name_bytes) return cannot("names and values so long", path);
  return {};
}

bool StrictMaker::allows_null(const Json& node) const {
  const Json& type = at(node, "type");
  if (type == "null") return true;
  if (type.is_array() && std::find(type.begin(), type.end(), "null") != type.end()) return true;
  const Json& values = at(node, "enum");
  if (values.is_array() && std::find(values.begin(), values.end(), Json(nullptr)) != values.end()) return true;
  const Json& choices = at(node, "anyOf");
  return choices.is_array() &&
         std::any_of(choices.begin(), choices.end(), [&](const Json& choice) { return allows_null(choice); });
}

Status StrictMaker::make_object(const Json& node, Where path, std::size_t level, Json& out) {
  if (level > most_levels) return cannot(fmt::format("more than {} levels of objects", most_levels), path);
  const Json& open = at(node, "additionalProperties");
  const Json& properties = at(node, "properties");
  if (!open.is_null() && open != false)
    return cannot("'additionalProperties' other than false", path / "additionalProperties");
  if (!properties.is_object() && open.is_null()) return cannot("an object of any keys", path);
  const Json& required = at(node, "required");
  Json made = Json::object();
  Json names = Json::array();
  if (properties.is_object()) {
    for (const auto& [name, property] : properties.get_ref<const Json::object_t&>()) {
      const JsonPath inside = path / "properties" / name;
      if (++properties_ > most_properties)
        return cannot(fmt::format("more than {} properties", most_properties), inside);
      name_bytes_ += name.size();
      auto strict = make(property, inside, level + 1);
      if (!strict) return tl::unexpected(strict.error());
      const bool is_required =
          required.is_array() && std::find(required.begin(), required.end(), name) != required.end();
      if (!is_required && !allows_null(property)) {
        warnings.push_back(fmt::format("strict mode requires the optional {} of the schema", inside.text()));
      }
      wire::add(made, name, std::move(*strict));
      names.push_back(name);
    }
  }
  if (required.is_array()) {
    for (const Json& name : required) {
      if (std::find(names.begin(), names.end(), name) == names.end())
        return cannot("a required key of no property", path / "required");
    }
  }
  wire::add(out, "properties", std::move(made));
  wire::add(out, "required", std::move(names));
  wire::add(out, "additionalProperties", false);
  return {};
}

Status StrictMaker::make_parts(const Json& node, Where path, std::size_t level, Json& out) {
  if (const Json& items = at(node, "items"); !items.is_null()) {
    auto strict = make(items, path / "items", level);
    if (!strict) return tl::unexpected(strict.error());
    wire::add(out, "items", std::move(*strict));
  }
  if (const Json& choices = at(node, "anyOf"); choices.is_array()) {
    Json made = Json::array();
    for (std::size_t i = 0; i < choices.size(); ++i) {
      auto strict = make(choices[i], path / "anyOf" / i, level);
      if (!strict) return tl::unexpected(strict.error());
      made.push_back(std::move(*strict));
    }
    wire::add(out, "anyOf", std::move(made));
  }
  for (const std::string_view word : {"$defs", "definitions"}) {
    const Json& definitions = at(node, word);
    if (!definitions.is_object()) continue;
    Json made = Json::object();
    for (const auto& [name, definition] : definitions.get_ref<const Json::object_t&>()) {
      auto strict = make(definition, path / word / name, 1);
      if (!strict) return tl::unexpected(strict.error());
      wire::add(made, name, std::move(*strict));
    }
    wire::add(out, word, std::move(made));
  }
  return {};
}

Result<Json> StrictMaker::make(const Json& given, const JsonPath& path, std::size_t level) {
  const auto flat = flattened(given, path);
  if (!flat) return flat;
  const Json& node = *flat;
  if (const auto fits = check_words(node, path); !fits) return tl::unexpected(fits.error());
  const Json& type = at(node, "type");
  const auto is_of = [&](std::string_view name) {
    return type == name || (type.is_array() && std::find(type.begin(), type.end(), name) != type.end());
  };
  if (type.is_null() && !node.contains("anyOf") && !node.contains("enum") && !node.contains("const") &&
      !node.contains("$ref")) {
    return cannot("a value of any type", path);
  }
  if (node.contains("$ref") && find(wire::text_at(node, "$ref")) == nullptr) {
    return cannot("a reference that leads nowhere", path / "$ref");
  }
  if (is_of("array") && !node.contains("items")) return cannot("a list of anything", path);
  Json out = Json::object();
  for (const auto& [name, value] : node.get_ref<const Json::object_t&>()) {
    if (is_in(name, kept_keywords)) wire::add(out, name, value);
  }
  if (is_of("object")) {
    if (const auto made = make_object(node, path, level, out); !made) return tl::unexpected(made.error());
  }
  if (const auto made = make_parts(node, path, level, out); !made) return tl::unexpected(made.error());
  return out;
}

}  // namespace

Result<StrictSchema> strict_schema(const Json& schema) {
  StrictMaker maker(schema);
  auto made = maker.make(schema, JsonPath(), 1);
  if (!made) return tl::unexpected(made.error());
  if (at(*made, "type") != "object") return fail(Errc::unsupported, "a root that is not an object", "");
  if (made->contains("anyOf")) return fail(Errc::unsupported, "'anyOf' at the root", "/anyOf");
  return StrictSchema{std::move(*made), std::move(maker.warnings)};
}

}  // namespace persona::llm::openai_api
