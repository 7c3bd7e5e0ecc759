//! Makes up values by the keywords of a schema.
#include "schema_sample.hpp"

#include "pattern_tree.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace persona::llm {
namespace {

constexpr int deepest_sample = 24;
constexpr int deepest_optional = 6;  // what may be left out is left out below

constexpr std::array sample_words = {"amber", "birch",   "cedar",   "delta",  "ember",  "fjord", "grove", "harbor",
                                     "inlet", "juniper", "kestrel", "lagoon", "meadow", "north", "opal",  "prairie"};

std::optional<double> keyword_number_at(const Json& schema, const char* key) {
  const auto found = schema.find(key);
  if (found == schema.end() || !found->is_number()) return {};
  return found->get<double>();
}

std::size_t keyword_count_at(const Json& schema, const char* key, std::size_t otherwise) {
  const auto number = keyword_number_at(schema, key);
  return number && *number >= 0 && *number < 1e6 ? static_cast<std::size_t>(*number) : otherwise;
}

std::string keyword_text_at(const Json& schema, const char* key) {
  const auto found = schema.find(key);
  return found != schema.end() && found->is_string() ? found->get<std::string>() : std::string();
}

//! Adds the keywords of another schema; properties and required are united.
void merge_schema(Json& into, const Json& other) {
  if (!other.is_object()) return;
  for (const auto& [key, value] : other.items()) {
    if (key == "properties" && into.contains(key) && into[key].is_object()) {
      for (const auto& [name, property] : value.items()) into[key][name] = property;
    } else if (key == "required" && into.contains(key) && into[key].is_array()) {
      for (const Json& name : value) into[key].push_back(name);
    } else {
      into[key] = value;
    }
  }
}

class SchemaSampler {
 public:
  SchemaSampler(const Json& root, std::uint64_t seed) : root_(root), state_(seed) {}

  Json value(const Json& given, int depth) {
    if (!given.is_object() || depth > deepest_sample) return nullptr;
    Json schema = flattened(given, depth);
    if (const auto fixed = schema.find("const"); fixed != schema.end()) return *fixed;
    if (const auto choices = schema.find("enum"); choices != schema.end() && !choices->empty()) {
      return (*choices)[below(choices->size())];
    }
    const std::string type = type_of(schema);
    if (type == "object") return object(schema, depth);
    if (type == "array") return list(schema, depth);
    if (type == "integer" || type == "number") return number(schema, type == "integer");
    if (type == "boolean") return below(2) == 1;
    if (type == "null") return nullptr;
    return text(schema);
  }

 private:
  std::uint64_t next() {  // splitmix64
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  std::size_t below(std::size_t count) { return count == 0 ? 0 : static_cast<std::size_t>(next() % count); }

  //! References followed, allOf merged, one branch of anyOf and oneOf taken.
  Json flattened(const Json& given, int depth) {
    Json schema = follow_reference(root_, given);
    for (int round = 0; round < 8; ++round) {
      bool changed = false;
      if (schema.contains("allOf") && schema["allOf"].is_array()) {
        const Json parts = schema["allOf"];
        schema.erase("allOf");
        for (const Json& part : parts) merge_schema(schema, follow_reference(root_, part));
        changed = true;
      }
      for (const char* key : {"anyOf", "oneOf"}) {
        if (!schema.contains(key) || !schema[key].is_array() || schema[key].empty()) continue;
        const Json branches = schema[key];
        schema.erase(key);
        merge_schema(schema, follow_reference(root_, branch(branches, depth)));
        changed = true;
      }
      if (!changed) break;
    }
    return schema;
  }

  //! Any; below the depth where options end, one that ends.
  const Json& branch(const Json& branches, int depth) {
    if (depth > deepest_optional) {
      for (const Json& each : branches) {
        const std::string type = keyword_text_at(each, "type");
        if (!type.empty() && type != "object" && type != "array") return each;
      }
    }
    return branches[below(branches.size())];
  }

  static std::string type_of(const Json& schema) {
    if (const auto type = schema.find("type"); type != schema.end()) {
      if (type->is_string()) return type->get<std::string>();
      if (type->is_array() && !type->empty() && (*type)[0].is_string()) return (*type)[0].get<std::string>();
    }
    for (const char* key : {"properties", "required", "additionalProperties", "minProperties"})
      if (schema.contains(key)) return "object";
    for (const char* key : {"items", "prefixItems", "minItems", "contains"})
      if (schema.contains(key)) return "array";
    for (const char* key : {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"})
      if (schema.contains(key)) return "number";
    return "string";
  }

  Json object(const Json& schema, int depth) {
    Json made = Json::object();
    std::vector<std::string> required;
    if (const auto names = schema.find("required"); names != schema.end() && names->is_array()) {
      for (const Json& name : *names)
        if (name.is_string()) required.push_back(name.get<std::string>());
    }
    if (const auto properties = schema.find("properties"); properties != schema.end() && properties->is_object()) {
      for (const auto& [name, property] : properties->items()) {
        const bool needed = std::find(required.begin(), required.end(), name) != required.end();
        if (needed || (depth < deepest_optional && property != Json(false))) made[name] = value(property, depth + 1);
      }
    }
    const Json rest = schema.value("additionalProperties", Json::object());
    for (const std::string& name : required)
      if (!made.contains(name)) made[name] = value(rest, depth + 1);
    for (std::size_t i = 1; made.size() < keyword_count_at(schema, "minProperties", 0); ++i)
      made["key" + std::to_string(i)] = value(rest, depth + 1);
    return made;
  }

  Json list(const Json& schema, int depth) {
    const std::size_t least = keyword_count_at(schema, "minItems", 0);
    const std::size_t most = keyword_count_at(schema, "maxItems", std::max<std::size_t>(least, 3));
    const Json prefix = schema.value("prefixItems", Json::array());
    const Json items = schema.value("items", Json::object());
    const std::size_t wished = depth < deepest_optional && items != Json(false) ? 1 + below(3) : 0;
    const std::size_t size = std::min(std::max({least, wished, prefix.size()}), std::max(most, least));
    const bool unique = schema.value("uniqueItems", Json(false)) == Json(true);
    Json made = Json::array();
    if (const auto contained = schema.find("contains"); contained != schema.end()) {
      while (made.size() < keyword_count_at(schema, "minContains", 1)) made.push_back(value(*contained, depth + 1));
    }
    for (int tries = 0; made.size() < size && tries < 1000; ++tries) {
      Json item = value(made.size() < prefix.size() ? prefix[made.size()] : items, depth + 1);
      if (!unique || std::find(made.begin(), made.end(), item) == made.end()) made.push_back(std::move(item));
    }
    return made;
  }

  Json number(const Json& schema, bool whole) {
    const double step = keyword_number_at(schema, "multipleOf").value_or(whole ? 1 : 0.01);
    auto low = keyword_number_at(schema, "minimum"), high = keyword_number_at(schema, "maximum");
    if (const auto above = keyword_number_at(schema, "exclusiveMinimum")) low = std::floor(*above / step) * step + step;
    if (const auto under = keyword_number_at(schema, "exclusiveMaximum")) high = std::ceil(*under / step) * step - step;
    if (!low) low = high ? *high - 100 * step : 0;
    if (!high) high = *low + 100 * step;
    const double first = std::ceil(*low / step), last = std::floor(*high / step);
    if (first > last || !(last - first < 1e15)) return json_number(*low);
    const double chosen = first + std::floor((last - first + 1) * static_cast<double>(next() >> 11) * 0x1p-53);
    const double made = chosen * step;
    return json_number(step == 0.01 ? std::round(made * 100) / 100 : made);
  }

  Json text(const Json& schema) {
    const std::size_t least = keyword_count_at(schema, "minLength", 1);
    const std::size_t most = keyword_count_at(schema, "maxLength", std::max<std::size_t>(least, 40));
    if (const auto tree = parse_pattern(keyword_text_at(schema, "pattern")); tree && schema.contains("pattern"))
      return matching_text(*tree, keyword_count_at(schema, "minLength", 0),
                           keyword_count_at(schema, "maxLength", SIZE_MAX));
    if (const std::string formatted = format_text(keyword_text_at(schema, "format")); !formatted.empty())
      return formatted;
    std::string made = word();
    while (made.size() < least || (made.size() < 12 && below(2) == 1)) made += ' ' + word();
    made.resize(std::min(made.size(), most));
    return made;
  }

  //! Of some trials the first with a length that may be.
  std::string matching_text(const PatternTree& tree, std::size_t least, std::size_t most) {
    std::string made;
    for (int trial = 0; trial < 100; ++trial) {
      made.clear();
      sample_pattern(
          tree, [&] { return next(); }, made);
      if (made.size() >= least && made.size() <= most) break;
    }
    return made;
  }

  std::string format_text(const std::string& format) {
    const std::string two = std::to_string(10 + below(18));
    if (format == "date") return "2024-03-" + two;
    if (format == "date-time") return "2024-03-" + two + "T12:00:00Z";
    if (format == "time") return "12:" + two + ":00Z";
    if (format == "duration") return "P" + two + "D";
    if (format == "email") return word() + "@example.com";
    if (format == "uri" || format == "uri-reference") return "https://example.com/" + word();
    if (format == "hostname") return word() + ".example.com";
    if (format == "ipv4") return "192.0.2." + two;
    if (format == "ipv6") return "2001:db8::" + two;
    if (format == "uuid") return "00000000-0000-4000-8000-0000000000" + two;
    return {};
  }

  std::string word() { return sample_words[below(sample_words.size())]; }

  const Json& root_;
  std::uint64_t state_;
};

}  // namespace

const Json& follow_reference(const Json& root, const Json& schema) {
  const Json* at = &schema;
  for (int steps = 0; steps < 16 && at->is_object() && at->contains("$ref"); ++steps) {
    const std::string reference = keyword_text_at(*at, "$ref");
    if (!reference.starts_with('#')) break;
    if (reference == "#") {
      at = &root;
      continue;
    }
    if (!reference.starts_with("#/")) break;
    const Json::json_pointer pointer(reference.substr(1));
    if (!root.contains(pointer)) break;
    at = &root[pointer];
  }
  return *at;
}

Json sample_schema(const Json& schema, std::uint64_t seed) {
  return SchemaSampler(schema, seed).value(schema, 0);
}

}  // namespace persona::llm
