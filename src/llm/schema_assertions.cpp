//! Rules about a value itself.
#include "schema_builder.hpp"
#include "schema_value.hpp"

#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

namespace persona::llm {
namespace {

struct SchemaType {
  std::string_view name, words;
  bool (*is)(const Json&);
};

constexpr std::array<SchemaType, 7> schema_types = {
    {{"null", "null", [](const Json& json) { return json.is_null(); }},
     {"boolean", "true or false", [](const Json& json) { return json.is_boolean(); }},
     {"object", "an object", [](const Json& json) { return json.is_object(); }},
     {"array", "a list", [](const Json& json) { return json.is_array(); }},
     {"number", "a number", [](const Json& json) { return json.is_number(); }},
     {"string", "text", [](const Json& json) { return json.is_string(); }},
     {"integer", "a whole number", [](const Json& json) { return is_whole(json); }}}};

std::vector<SchemaType> types_of(SchemaBuilder& schema, const Json& given) {
  std::vector<SchemaType> types;
  for (const Json& name : given.is_array() ? given : Json::array({given})) {
    const auto found = std::find_if(schema_types.begin(), schema_types.end(),
                                    [&](const SchemaType& type) { return name == Json(type.name); });
    if (found == schema_types.end())
      schema.wrong("type", fmt::format("{} is no type", shown(name)));
    else
      types.push_back(*found);
  }
  return types;
}

std::string choices_text(const Json& choices) {
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(choices.size(), 12); ++i)
    text += (i > 0 ? ", " : "") + shown(choices[i]);
  return choices.size() > 12 ? text + fmt::format(" and {} more", choices.size() - 12) : text;
}

//! Adds a rule that compares a number with that of the keyword.
void add_bound(SchemaBuilder& schema, const char* keyword, std::string_view words, bool (*holds)(int order)) {
  const Json* bound = schema.number(keyword);
  if (bound == nullptr) return;
  schema.rule([=](SchemaVisit& visit) {
    if (!visit.json.is_number() || holds(compare_numbers(visit.json, *bound))) return true;
    return visit.wrong([&] { return fmt::format("must be {} {}, is {}", words, shown(*bound), shown(visit.json)); });
  });
}

//! Adds a rule about a count of something, where the value has that.
void add_count(SchemaBuilder& schema, const char* keyword, bool is_least, std::string_view things,
               std::optional<std::size_t> (*count)(const Json&)) {
  const auto bound = schema.count(keyword);
  if (!bound) return;
  schema.rule([=, bound = *bound](SchemaVisit& visit) {
    const auto has = count(visit.json);
    if (!has || (is_least ? *has >= bound : *has <= bound)) return true;
    const std::string_view limit = is_least ? "at least" : "at most";
    return visit.wrong([&] { return fmt::format("must have {} {} {}, has {}", limit, bound, things, *has); });
  });
}

std::optional<std::size_t> characters(const Json& json) {
  return json.is_string() ? std::optional(text_length(json.get_ref<const std::string&>())) : std::nullopt;
}
std::optional<std::size_t> items_in(const Json& json) {
  return json.is_array() ? std::optional(json.size()) : std::nullopt;
}
std::optional<std::size_t> members_in(const Json& json) {
  return json.is_object() ? std::optional(json.size()) : std::nullopt;
}

void add_unique(SchemaBuilder& schema) {
  const Json* unique = schema.find("uniqueItems");
  if (unique == nullptr) return;
  if (!unique->is_boolean()) return schema.wrong("uniqueItems", "must be true or false");
  if (!unique->get<bool>()) return;
  schema.rule([](SchemaVisit& visit) {
    if (!visit.json.is_array()) return true;
    std::unordered_map<std::string, std::size_t> met;
    for (std::size_t i = 0; i < visit.json.size(); ++i) {
      const auto [first, is_new] = met.emplace(value_key(visit.json[i]), i);
      if (is_new) continue;
      return visit.wrong([&, at = first->second] { return fmt::format("items {} and {} are equal", at, i); });
    }
    return true;
  });
}

//! All of the names are members; what is missing is named.
bool has_members(SchemaVisit& visit, const std::vector<std::string>& names, const std::string& why) {
  if (names.empty()) return true;
  std::unordered_set<std::string_view> there;
  for (const auto& [name, value] : visit.json.get_ref<const Json::object_t&>()) there.insert(name);
  bool right = true;
  for (const std::string& name : names)
    if (there.count(name) == 0)
      right = visit.wrong([&] { return fmt::format("must have '{}'{}", shortened(name), why); });
  return right;
}

//! Members that must be there where another one is. `dependencies` may hold schemas too: another rule.
void add_dependent_names(SchemaBuilder& schema, const char* keyword) {
  const Json* dependent = schema.object(keyword);
  if (dependent == nullptr) return;
  for (const auto& [name, needs] : dependent->items()) {
    if (!needs.is_array()) {
      if (std::string_view(keyword) == "dependentRequired") schema.wrong(keyword, "must have lists of names");
      continue;
    }
    schema.rule([name = name, names = schema.names(needs, keyword)](SchemaVisit& visit) {
      if (!visit.json.is_object() || !visit.json.contains(name)) return true;
      return has_members(visit, names, fmt::format(", as it has '{}'", shortened(name)));
    });
  }
}

}  // namespace

void add_value_rules(SchemaBuilder& schema) {
  if (const Json* given = schema.find("type")) {
    const std::vector<SchemaType> types = types_of(schema, *given);
    schema.rule([types](SchemaVisit& visit) {
      const auto fits = [&](const SchemaType& type) { return type.is(visit.json); };
      if (std::any_of(types.begin(), types.end(), fits)) return true;
      return visit.wrong([&] {
        std::string words;
        for (const SchemaType& type : types) words += (words.empty() ? "" : " or ") + std::string(type.words);
        return fmt::format("must be {}, is {}", words, shown(visit.json));
      });
    });
  }
  if (const Json* choices = schema.list("enum")) {
    std::unordered_set<std::string> keys;
    for (const Json& choice : *choices) keys.insert(value_key(choice));
    schema.rule([choices, keys = std::move(keys)](SchemaVisit& visit) {
      if (keys.count(value_key(visit.json)) > 0) return true;
      return visit.wrong(
          [&] { return fmt::format("must be one of {}, is {}", choices_text(*choices), shown(visit.json)); });
    });
  }
  if (const Json* value = schema.find("const")) {
    schema.rule([value, key = value_key(*value)](SchemaVisit& visit) {
      if (value_key(visit.json) == key) return true;
      return visit.wrong([&] { return fmt::format("must be {}, is {}", shown(*value), shown(visit.json)); });
    });
  }
}

void add_number_rules(SchemaBuilder& schema) {
  add_bound(schema, "minimum", "at least", [](int order) { return order >= 0; });
  add_bound(schema, "maximum", "at most", [](int order) { return order <= 0; });
  add_bound(schema, "exclusiveMinimum", "more than", [](int order) { return order > 0; });
  add_bound(schema, "exclusiveMaximum", "less than", [](int order) { return order < 0; });
  const Json* step = schema.number("multipleOf");
  if (step == nullptr) return;
  if (step->get<double>() <= 0) return schema.wrong("multipleOf", "must be more than 0");
  schema.rule([step](SchemaVisit& visit) {
    if (!visit.json.is_number() || is_multiple(visit.json, *step)) return true;
    return visit.wrong([&] { return fmt::format("must be a multiple of {}, is {}", shown(*step), shown(visit.json)); });
  });
}

void add_text_rules(SchemaBuilder& schema) {
  add_count(schema, "minLength", true, "characters", characters);
  add_count(schema, "maxLength", false, "characters", characters);
  const Json* given = schema.find("pattern");
  if (given == nullptr) return;
  if (!given->is_string()) return schema.wrong("pattern", "must be text");
  const auto pattern = schema.pattern(given->get<std::string>(), "pattern");
  if (!pattern) return;
  schema.rule([given, pattern = *pattern](SchemaVisit& visit) {
    if (!visit.json.is_string()) return true;
    if (pattern.search(visit.json.get_ref<const std::string&>(), visit.run.budget()).value_or(false)) return true;
    return visit.wrong(
        [&] { return fmt::format("must match the pattern {}, is {}", given->dump(), shown(visit.json)); });
  });
}

void add_size_rules(SchemaBuilder& schema) {
  add_count(schema, "minItems", true, "items", items_in);
  add_count(schema, "maxItems", false, "items", items_in);
  add_unique(schema);
  add_count(schema, "minProperties", true, "members", members_in);
  add_count(schema, "maxProperties", false, "members", members_in);
  if (const Json* required = schema.list("required")) {
    schema.rule([names = schema.names(*required, "required")](SchemaVisit& visit) {
      return !visit.json.is_object() || has_members(visit, names, "");
    });
  }
  add_dependent_names(schema, "dependencies");  // draft 7's word, still read
  if (!schema.draft7()) add_dependent_names(schema, "dependentRequired");
}

}  // namespace persona::llm
