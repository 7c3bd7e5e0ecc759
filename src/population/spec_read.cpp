//! A specification from JSON. What the document says is read here; whether it makes sense is validate's affair.
#include <persona/population/spec.hpp>

#include <fmt/format.h>

#include <fstream>
#include <sstream>
#include <unordered_map>

#include "spec_read_distribution.hpp"

namespace persona {
namespace {

constexpr std::size_t spec_most_attributes = 10'000;

class SpecReader : public DistributionReader {
 public:
  PopulationSpec spec;

  void read(const Json& json) {
    const JsonPath root;
    subject = "specification";
    if (!object(json, root) || !version(json)) return;
    known_keys(json, root,
               {"persona", "name", "description", "year", "attributes", "segments", "correlations", "constraints"});
    read_key(json, root, "name", spec.name);
    read_key(json, root, "description", spec.description);
    read_key(json, root, "year", spec.year);
    each(json, root, "attributes", [&](const Json& one, const JsonPath& path) { attribute(one, path); });
    subject = "specification";
    if (ok() && !json.contains("attributes")) complain(root, "the key 'attributes' is missing");
    for (const Attribute& one : spec.attributes)
      if (one.distribution) bases_.emplace(one.name, &*one.distribution);
    each(json, root, "segments", [&](const Json& one, const JsonPath& path) { segment(one, path); });
    each(json, root, "correlations", [&](const Json& one, const JsonPath& path) { correlation(one, path); });
    each(json, root, "constraints", [&](const Json& one, const JsonPath& path) { constraint(one, path); });
  }

 private:
  bool version(const Json& json) {
    const JsonPath path = JsonPath() / "persona";
    if (!json.contains("persona"))
      return complain(path, "the key 'persona' is missing; it holds the version of the format, 1");
    const Json& number = json["persona"];
    if (!number.is_number_integer() || number < 1)
      return complain(path, fmt::format("'persona' is the version of the format, {}", PopulationSpec::current_version));
    if (number > PopulationSpec::current_version)
      return complain(path,
                      fmt::format("version {} of the format is later than this persona, which reads up to {}",
                                  number.dump(), PopulationSpec::current_version),
                      Errc::unsupported);
    return true;
  }

  //! Calls `read(item, path)` for each item of the list under `key`, if there is one.
  template <class Read>
  void each(const Json& json, const JsonPath& path, const char* key, Read&& read) {
    if (!ok() || !json.contains(key)) return;
    const Json& list = json[key];
    const std::string before = subject;
    if (!list.is_array()) {
      complain(path / key, fmt::format("'{}' must be a list, not {}", key, json_kind(list)));
      return;
    }
    for (std::size_t i = 0; i < list.size() && ok(); ++i) read(list[i], path / key / i);
    if (ok()) subject = before;
  }

  void attribute(const Json& json, const JsonPath& path) {
    if (spec.attributes.size() == spec_most_attributes) {
      subject = "specification";
      complain(path, fmt::format("there are more than {} attributes", spec_most_attributes));
      return;
    }
    subject = fmt::format("attribute {}", spec.attributes.size());
    if (!object(json, path)) return;
    Attribute one;
    if (!json.contains("name")) return void(complain(path, "the key 'name' is missing"));
    read_key(json, path, "name", one.name);
    subject = fmt::format("attribute '{}'", shortened(one.name));
    known_keys(json, path,
               {"name", "description", "unit", "distribution", "cases", "truncate", "round", "integer", "missing"});
    read_key(json, path, "description", one.description);
    read_key(json, path, "unit", one.unit);
    read_key(json, path, "round", one.round);
    read_key(json, path, "integer", one.integer);
    read_key(json, path, "missing", one.missing);
    if (json.contains("distribution"))
      one.distribution = distribution(json["distribution"], path / "distribution", nullptr);
    if (json.contains("truncate")) one.truncation = truncation(json["truncate"], path / "truncate");
    each(json, path, "cases", [&](const Json& item, const JsonPath& at) { read_case(item, at, one); });
    spec.attributes.push_back(std::move(one));
  }

  Truncation truncation(const Json& json, const JsonPath& path) {
    Truncation result;
    if (!object(json, path)) return result;
    known_keys(json, path, {"min", "max"});
    read_key(json, path, "min", result.min);
    read_key(json, path, "max", result.max);
    return result;
  }

  void read_case(const Json& json, const JsonPath& path, Attribute& one) {
    if (!object(json, path)) return;
    known_keys(json, path, {"when", "distribution"});
    if (!json.contains("when") || !json.contains("distribution"))
      return void(complain(path, "a case needs 'when' and 'distribution'"));
    Case result;
    if (!object(json["when"], path / "when")) return;
    for (const auto& [name, json_condition] : json["when"].items())
      result.when.push_back(condition(name, json_condition, path / "when" / name));
    const Distribution* base = one.distribution    ? &*one.distribution
                               : one.cases.empty() ? nullptr
                                                   : &one.cases[0].distribution;
    result.distribution = distribution(json["distribution"], path / "distribution", base);
    one.cases.push_back(std::move(result));
  }

  Condition condition(const std::string& name, const Json& json, const JsonPath& path) {
    Condition result{.attribute = name};
    if (json.is_string()) {
      result.any_of = {json.get<std::string>()};
    } else if (json.is_boolean()) {
      result.any_of = {json.get<bool>() ? "true" : "false"};
    } else if (json.is_array()) {
      read_value(json, path, result.any_of);
    } else if (json.is_object()) {
      known_keys(json, path, {"from", "below"});
      read_key(json, path, "from", result.from);
      read_key(json, path, "below", result.below);
    } else {
      complain(path, fmt::format("the condition on '{}' must be a label, true or false, a list of labels, or "
                                 "{{\"from\": number, \"below\": number}}, not {}",
                                 shortened(name), json_kind(json)));
    }
    return result;
  }

  void segment(const Json& json, const JsonPath& path) {
    subject = fmt::format("segment {}", spec.segments.size());
    if (!object(json, path)) return;
    Segment one;
    read_key(json, path, "name", one.name);
    if (ok() && json.contains("name")) subject = fmt::format("segment '{}'", shortened(one.name));
    known_keys(json, path, {"name", "weight", "attributes"});
    for (const char* key : {"name", "weight"})
      if (!json.contains(key)) return void(complain(path, fmt::format("the key '{}' is missing", key)));
    read_key(json, path, "weight", one.weight);
    if (json.contains("attributes") && object(json["attributes"], path / "attributes")) {
      for (const auto& [name, item] : json["attributes"].items()) {
        const auto base = bases_.find(name);
        one.attributes.emplace_back(
            name, distribution(item, path / "attributes" / name, base == bases_.end() ? nullptr : base->second));
      }
    }
    spec.segments.push_back(std::move(one));
  }

  void correlation(const Json& json, const JsonPath& path) {
    subject = fmt::format("correlation {}", spec.correlations.size());
    if (!object(json, path)) return;
    known_keys(json, path, {"between", "pearson", "spearman", "kendall", "weight"});
    std::vector<std::string> pair;
    read_key(json, path, "between", pair);
    if (ok() && pair.size() != 2) return void(complain(path / "between", "'between' must name two attributes"));
    Correlation one;
    if (ok()) one.a = pair[0], one.b = pair[1];
    int kinds = 0;
    for (const auto kind : {CorrelationKind::pearson, CorrelationKind::spearman, CorrelationKind::kendall}) {
      if (!json.contains(to_string(kind))) continue;
      one.kind = kind;
      read_key(json, path, to_string(kind), one.value);
      ++kinds;
    }
    if (kinds != 1) complain(path, "exactly one of 'pearson', 'spearman' and 'kendall' is needed");
    read_key(json, path, "weight", one.weight);
    spec.correlations.push_back(std::move(one));
  }

  void constraint(const Json& json, const JsonPath& path) {
    subject = fmt::format("constraint {}", spec.constraints.size());
    Constraint one;
    if (json.is_string()) {
      one.expression = json.get<std::string>();
    } else if (object(json, path)) {
      known_keys(json, path, {"expression", "reason"});
      if (!json.contains("expression")) return void(complain(path, "the key 'expression' is missing"));
      read_key(json, path, "expression", one.expression);
      read_key(json, path, "reason", one.reason);
    }
    spec.constraints.push_back(std::move(one));
  }

  std::unordered_map<std::string, const Distribution*> bases_;
};

}  // namespace

Result<PopulationSpec> parse_spec(std::string_view text) {
  const auto json = parse_json_document(text);
  if (!json) return tl::unexpected(json.error());
  SpecReader reader;
  reader.read(*json);
  if (!reader.ok()) return tl::unexpected(*reader.error);
  if (auto valid = validate(reader.spec); !valid) return tl::unexpected(valid.error());
  return std::move(reader.spec);
}

Result<PopulationSpec> read_spec(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf()))
    return fail(Errc::io, fmt::format("cannot read the specification '{}'", path), path);
  return parse_spec(text.str());
}

}  // namespace persona
