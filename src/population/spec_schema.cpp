//! The JSON Schema of specifications: families from the table of fields, the rest as text.
#include <persona/population/spec.hpp>

#include "core/json_document.hpp"
#include "distribution_fields.hpp"
#include "expression_tree.hpp"
#include "spec_schema_text.hpp"

namespace persona {
namespace {

Json schema_number(Domain domain) {
  switch (domain) {
    case Domain::any: return {{"type", "number"}};
    case Domain::positive: return {{"type", "number"}, {"exclusiveMinimum", 0}};
    case Domain::non_negative: return {{"type", "number"}, {"minimum", 0}};
    case Domain::share: return {{"type", "number"}, {"minimum", 0}, {"maximum", 1}};
    case Domain::positive_share: return {{"type", "number"}, {"exclusiveMinimum", 0}, {"maximum", 1}};
    case Domain::whole: return {{"type", "integer"}};
    case Domain::count: return {{"type", "integer"}, {"minimum", 1}, {"maximum", 1'000'000'000}};
  }
  return {};
}

Json schema_reference(std::string_view name) {
  return {{"$ref", "#/$defs/" + std::string(name)}};
}

Json schema_list(Json items) {
  return {{"type", "array"}, {"items", std::move(items)}};
}

Json schema_any(Json first, Json second) {
  Json json;
  json["anyOf"] = Json::array({std::move(first), std::move(second)});
  return json;
}

Json schema_value() {
  const Json scalar = {{"type", {"number", "boolean", "string"}}};
  const Json date = {{"type", "object"},
                     {"required", Json::array({"date"})},
                     {"additionalProperties", false},
                     {"properties", {{"date", schema_reference("date")}}}};
  Json json;
  json["anyOf"] = Json::array({scalar, date, schema_reference("labels")});
  return json;
}

Json schema_components() {
  return schema_list(
      {{"type", "object"},
       {"required", {"weight", "distribution"}},
       {"additionalProperties", false},
       {"properties",
        {{"weight", schema_number(Domain::positive)}, {"distribution", schema_reference("distribution")}}}});
}

template <class D, class M>
Json schema_field(const DistributionField<D, M>& field) {
  Json json;
  if constexpr (std::is_same_v<M, Parameter>) {
    json = schema_number(field.domain);
    if (field.moves == Moves::by_expression) json = schema_any(std::move(json), schema_reference("expression"));
  } else if constexpr (std::is_same_v<M, double>) {
    json = schema_number(field.domain);
  } else if constexpr (std::is_same_v<M, std::vector<double>>) {
    json = schema_list(schema_number(field.domain));
  } else if constexpr (std::is_same_v<M, std::vector<std::string>>) {
    json = schema_reference("labels");
  } else if constexpr (std::is_same_v<M, Date>) {
    json = schema_reference("date");
  } else if constexpr (std::is_same_v<M, Value>) {
    json = schema_value();
  } else if constexpr (std::is_same_v<M, std::string>) {
    json = schema_reference(std::is_same_v<D, Derived> ? "expression" : "name");
  } else {
    json = std::is_same_v<D, ZeroInflated> ? schema_reference("distribution") : schema_components();
  }
  json["description"] = field.description;
  return json;
}

//! Labels and weights as two lists, or as one object.
void schema_weights_by_label(Json& json) {
  json["required"] = Json::array({"family"});
  Json lists = {{"required", Json::array({"categories"})}, {"properties", {{"weights", {{"type", "array"}}}}}};
  Json object = {{"required", Json::array({"weights"})}, {"properties", {{"weights", {{"type", "object"}}}}}};
  object["not"] = {{"required", Json::array({"categories"})}};
  json["oneOf"] = Json::array({std::move(lists), std::move(object)});
  Json& weights = json["properties"]["weights"];
  const Json description = weights["description"];
  weights.erase("description");
  weights = schema_any(Json(weights), schema_reference("weights_by_label"));
  weights["description"] = description;
}

template <class D>
Json schema_family() {
  Json json = {{"description", Family<D>::description}, {"type", "object"}, {"required", Json::array({"family"})}};
  json["additionalProperties"] = false;
  Json& properties = json["properties"];
  if constexpr (std::is_same_v<D, Identity>)
    properties["family"] = {{"enum", {"given_name", "surname", "full_name", "email", "city", "state", "postal_code"}}};
  else
    properties["family"] = {{"const", Family<D>::name}};
  for_each_field<D>([&](const auto& field) {
    properties[std::string(field.name)] = schema_field(field);
    if (!field.optional) json["required"].push_back(field.name);
  });
  if constexpr (std::is_same_v<D, Categorical>) schema_weights_by_label(json);
  return json;
}

template <std::size_t... I>
void schema_families(Json& definitions, std::index_sequence<I...>) {
  definitions["distribution"] = {{"description", "How the values of an attribute are spread."},
                                 {"oneOf", Json::array()}};
  const auto add = [&]<class D>(const D&) {
    const std::string name = std::is_same_v<D, Identity> ? "identity" : std::string(Family<D>::name);
    definitions["distribution"]["oneOf"].push_back(schema_reference(name));
    definitions[name] = schema_family<D>();
  };
  (add(std::variant_alternative_t<I, Distribution>{}), ...);
}

}  // namespace

std::string_view spec_schema() {
  static const std::string text = [] {
    Json schema = Json::parse(schema_frame);
    Json definitions = Json::parse(schema_parts);
    Json& words = definitions["name"]["not"]["enum"];
    for (const std::string& word : expression_words()) words.push_back(word);
    words.push_back("index");
    words.push_back("segment");
    definitions["date"] = {{"description", "A day, 2019-07-04."},
                           {"type", "string"},
                           {"format", "date"},
                           {"pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}};
    schema_families(definitions, std::make_index_sequence<std::variant_size_v<Distribution>>{});
    schema["$defs"] = std::move(definitions);
    return print_json_document(schema);
  }();
  return text;
}

}  // namespace persona
