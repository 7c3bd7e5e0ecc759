//! A specification as JSON, and its name by content.
#include <persona/core/hash.hpp>
#include <persona/population/spec.hpp>

#include <cmath>
#include <unordered_map>

#include "core/json_document.hpp"
#include "distribution_fields.hpp"

namespace persona {
namespace {

Json write_distribution(const Distribution& distribution, const Distribution* base = nullptr);

Json write_value(const std::string& text) {
  return text;
}
Json write_value(double number) {
  return json_number(number);
}
Json write_value(Date date) {
  return to_string(date);
}
Json write_value(const std::vector<std::string>& list) {
  return list;
}

Json write_value(const Parameter& parameter) {
  return parameter.is_expression() ? Json(parameter.expression) : json_number(parameter.number);
}

Json write_value(const std::vector<double>& list) {
  Json json = Json::array();
  for (const double number : list) json.push_back(json_number(number));
  return json;
}

Json write_value(const std::vector<Component>& components) {
  Json json = Json::array();
  for (const Component& component : components)
    json.push_back(
        {{"weight", json_number(component.weight)}, {"distribution", write_distribution(component.distribution)}});
  return json;
}

struct ValueWriter {
  Json operator()(std::monostate) const { return nullptr; }
  Json operator()(Date date) const { return {{"date", to_string(date)}}; }
  template <class T>
  Json operator()(const T& value) const {
    return value;
  }
};

Json write_value(const Value& value) {
  return std::visit(ValueWriter{}, value);
}

//! Labels (and scores) that the attribute's own distribution already has are not repeated.
template <class D>
bool write_as_base(const D& d, std::string_view field, const Distribution* base) {
  const auto* like = base == nullptr ? nullptr : std::get_if<D>(base);
  if (like == nullptr || !(like->categories == d.categories)) return false;
  if constexpr (std::is_same_v<D, Ordinal>) {
    if (!(like->scores == d.scores)) return false;
    if (field == "scores") return true;
  }
  return field == "categories";
}

Json write_distribution(const Distribution& distribution, const Distribution* base) {
  Json json = {{"family", family(distribution)}};
  std::visit(
      [&]<class D>(const D& d) {
        [[maybe_unused]] static const D defaults{};
        for_each_field<D>([&]<class M>(const DistributionField<D, M>& field) {
          const M& value = d.*field.member;
          if (field.optional && value == defaults.*field.member) return;
          if constexpr (std::is_same_v<D, Categorical> || std::is_same_v<D, Ordinal>)
            if (write_as_base(d, field.name, base)) return;
          if constexpr (std::is_same_v<D, ZeroInflated> && std::is_same_v<M, std::vector<Component>>) {
            if (!value.empty()) json[std::string(field.name)] = write_distribution(value[0].distribution);
          } else {
            json[std::string(field.name)] = write_value(value);
          }
        });
      },
      distribution);
  return json;
}

void write_unless_empty(Json& json, const char* key, const std::string& text) {
  if (!text.empty()) json[key] = text;
}

Json write_range(double low, double high, const char* low_key, const char* high_key) {
  Json json = Json::object();
  if (!std::isinf(low)) json[low_key] = json_number(low);
  if (!std::isinf(high)) json[high_key] = json_number(high);
  return json;
}

Json write_condition(const Condition& condition) {
  const auto& labels = condition.any_of;
  if (labels.empty()) return write_range(condition.from, condition.below, "from", "below");
  if (labels.size() > 1) return labels;
  if (labels[0] == "true" || labels[0] == "false") return labels[0] == "true";
  return labels[0];
}

Json write_case(const Case& one, const Distribution* base) {
  Json when = Json::object();
  for (const Condition& condition : one.when) when[condition.attribute] = write_condition(condition);
  return {{"when", std::move(when)}, {"distribution", write_distribution(one.distribution, base)}};
}

Json write_attribute(const Attribute& attribute) {
  Json json = {{"name", attribute.name}};
  write_unless_empty(json, "description", attribute.description);
  write_unless_empty(json, "unit", attribute.unit);
  if (attribute.distribution) json["distribution"] = write_distribution(*attribute.distribution);
  if (attribute.truncation)
    json["truncate"] = write_range(attribute.truncation->min, attribute.truncation->max, "min", "max");
  if (attribute.round != 0) json["round"] = json_number(attribute.round);
  if (attribute.integer) json["integer"] = true;
  if (attribute.missing != 0) json["missing"] = json_number(attribute.missing);
  const Distribution* base = attribute.distribution ? &*attribute.distribution : nullptr;
  for (const Case& one : attribute.cases) {
    json["cases"].push_back(write_case(one, base));
    if (base == nullptr) base = &one.distribution;
  }
  return json;
}

Json write_segment(const Segment& segment, const std::unordered_map<std::string, const Distribution*>& bases) {
  Json json = {{"name", segment.name}, {"weight", json_number(segment.weight)}};
  for (const auto& [name, distribution] : segment.attributes) {
    const auto base = bases.find(name);
    json["attributes"][name] = write_distribution(distribution, base == bases.end() ? nullptr : base->second);
  }
  return json;
}

Json write_correlation(const Correlation& correlation) {
  Json json = {{"between", {correlation.a, correlation.b}}};
  json[std::string(to_string(correlation.kind))] = json_number(correlation.value);
  if (correlation.weight != 1) json["weight"] = json_number(correlation.weight);
  return json;
}

Json write_constraint(const Constraint& constraint) {
  if (constraint.reason.empty()) return constraint.expression;
  return {{"expression", constraint.expression}, {"reason", constraint.reason}};
}

Json write_spec(const PopulationSpec& spec) {
  Json json = {{"persona", spec.version}};
  write_unless_empty(json, "name", spec.name);
  write_unless_empty(json, "description", spec.description);
  if (spec.year != 0) json["year"] = spec.year;
  json["attributes"] = Json::array();
  std::unordered_map<std::string, const Distribution*> bases;
  for (const Attribute& attribute : spec.attributes) {
    json["attributes"].push_back(write_attribute(attribute));
    if (attribute.distribution) bases.emplace(attribute.name, &*attribute.distribution);
  }
  for (const Segment& segment : spec.segments) json["segments"].push_back(write_segment(segment, bases));
  for (const Correlation& correlation : spec.correlations)
    json["correlations"].push_back(write_correlation(correlation));
  for (const Constraint& constraint : spec.constraints) json["constraints"].push_back(write_constraint(constraint));
  return json;
}

}  // namespace

std::string_view to_string(CorrelationKind kind) {
  switch (kind) {
    case CorrelationKind::pearson: return "pearson";
    case CorrelationKind::spearman: return "spearman";
    case CorrelationKind::kendall: return "kendall";
  }
  return "unknown";
}

std::string to_json(const PopulationSpec& spec) {
  return print_json_document(write_spec(spec));
}

std::string content_hash(const PopulationSpec& spec) {
  return content_hash(std::string_view(print_json_compact(write_spec(spec))));
}

}  // namespace persona
