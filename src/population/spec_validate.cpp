//! Checks the header, and each attribute and segment by itself.
#include "spec_validate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

#include "core/text.hpp"
#include "expression_tree.hpp"

namespace persona {
namespace {

constexpr std::size_t validate_most_attributes = 10'000;

std::string validate_lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

bool validate_is_name(const std::string& name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !name.empty() && letter(name[0]) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

//! What a family's values are, as far as one attribute's distributions must agree on it.
std::string_view validate_kind(ColumnType type) {
  switch (type) {
    case ColumnType::boolean: return "yes or no";
    case ColumnType::date: return "days";
    case ColumnType::category: return "labels";
    case ColumnType::text: return "text";
    case ColumnType::list: return "lists";
    default: return "numbers";
  }
}

ColumnType validate_type(const Distribution& distribution) {
  Attribute attribute;
  attribute.distribution = distribution;
  return symbol_of(attribute).type;
}

}  // namespace

Status validate(const PopulationSpec& spec) {
  return SpecValidator(spec).run();
}

Status SpecValidator::run() {
  header();
  names();
  for (std::size_t i = 0; i < spec_.attributes.size() && ok(); ++i) {
    subject = fmt::format("attribute '{}'", spec_.attributes[i].name);
    attribute(spec_.attributes[i], JsonPath() / "attributes" / i);
  }
  if (ok()) segments();
  if (ok()) references();
  return status();
}

void SpecValidator::header() {
  subject = "specification";
  const JsonPath root;
  if (spec_.version < 1) complain(root / "persona", "the version of the format must be at least 1");
  if (spec_.version > PopulationSpec::current_version)
    complain(root / "persona", fmt::format("version {} of the format is later than this persona", spec_.version),
             Errc::unsupported);
  text(spec_.name, "name", root / "name");
  text(spec_.description, "description", root / "description");
  if (spec_.year != 0 && (spec_.year < 1000 || spec_.year > 9999))
    complain(root / "year", fmt::format("'year' must be a calendar year such as 2019, not {}", spec_.year));
  if (spec_.attributes.empty()) complain(root / "attributes", "there must be at least one attribute");
  if (spec_.attributes.size() > validate_most_attributes)
    complain(root / "attributes", fmt::format("there are {} attributes; at most {} are possible",
                                              spec_.attributes.size(), validate_most_attributes));
}

void SpecValidator::name(const std::string& name, const JsonPath& path) {
  const auto words = expression_words();
  if (!validate_is_name(name))
    complain(path, "a name has letters, digits and _, and does not begin with a digit");
  else if (std::find(words.begin(), words.end(), name) != words.end())
    complain(path, fmt::format("'{}' is a word of the expression language; choose another name", name));
  else if (name == "index" || name == "segment")
    complain(path, fmt::format("'{}' is the name of a column that persona makes itself; choose another name", name));
}

void SpecValidator::names() {
  std::unordered_map<std::string, std::size_t> seen;
  for (std::size_t i = 0; i < spec_.attributes.size() && ok(); ++i) {
    const std::string& one = spec_.attributes[i].name;
    const JsonPath path = JsonPath() / "attributes" / i / "name";
    subject = fmt::format("attribute '{}'", is_utf8(one) ? shortened(one) : std::to_string(i));
    name(one, path);
    const auto [before, is_new] = seen.emplace(validate_lower(one), i);
    if (is_new) continue;
    const std::string& other = spec_.attributes[before->second].name;
    complain(path, one == other ? fmt::format("attribute {} has the same name", before->second)
                                : fmt::format("'{}' differs only in case, which databases do not see", other));
  }
}

void SpecValidator::attribute(const Attribute& attribute, const JsonPath& path) {
  text(attribute.description, "description", path / "description");
  text(attribute.unit, "unit", path / "unit");
  number(attribute.missing, Domain::share, "missing", path / "missing");
  if (!attribute.distribution && attribute.cases.empty()) complain(path, "'distribution' or 'cases' is missing");
  if (attribute.distribution) distribution(*attribute.distribution, path / "distribution", attribute);
  for (std::size_t i = 0; i < attribute.cases.size() && ok(); ++i) {
    const Case& one = attribute.cases[i];
    const JsonPath at = path / "cases" / i;
    if (one.when.empty()) complain(at / "when", "a case needs a condition; what holds otherwise is the 'distribution'");
    std::unordered_set<std::string_view> asked;
    for (const Condition& condition : one.when)
      if (!asked.insert(condition.attribute).second)
        complain(at / "when" / condition.attribute,
                 fmt::format("'{}' is asked twice in one case", condition.attribute));
    distribution(one.distribution, at / "distribution", attribute);
    alternative(one.distribution, at / "distribution", attribute);
  }
  if (ok()) numbers_only(attribute, path);
}

//! Truncating and rounding are for numbers.
void SpecValidator::numbers_only(const Attribute& attribute, const JsonPath& path) {
  const Distribution& leading = leading_distribution(attribute);
  const bool derived = std::holds_alternative<Derived>(leading);
  const ColumnType type = validate_type(leading);
  const bool numeric = type == ColumnType::float64 || type == ColumnType::int64;
  const auto refuse = [&](bool given, const char* key) {
    if (given && !numeric)
      complain(path / key,
               fmt::format("'{}' is for numbers, but {} gives {}", key, family(leading), validate_kind(type)));
  };
  refuse(attribute.truncation.has_value(), "truncate");
  refuse(attribute.round != 0, "round");
  refuse(attribute.integer, "integer");
  number(attribute.round, Domain::non_negative, "round", path / "round");
  if (ok() && attribute.integer && std::trunc(attribute.round) != attribute.round)
    complain(path / "round", fmt::format("whole numbers cannot be rounded to multiples of {}", attribute.round));
  if (!attribute.truncation || !ok()) return;
  const auto [min, max] = *attribute.truncation;
  if (derived) complain(path / "truncate", "a derived attribute is not truncated; use min(...) and max(...)");
  if (std::isnan(min) || std::isnan(max) || (std::isinf(min) && std::isinf(max)))
    complain(path / "truncate", "'min' or 'max' must be given");
  else if (!(min < max))
    complain(path / "truncate", fmt::format("'min' {} must be below 'max' {}", min, max));
}

//! A case or a segment must give the kind of values, and the labels, that the attribute has.
void SpecValidator::alternative(const Distribution& other, const JsonPath& path, const Attribute& attribute) {
  if (!ok()) return;
  const Distribution& leading = leading_distribution(attribute);
  for (const Distribution* one : {&leading, &other})
    if (std::holds_alternative<Derived>(*one) || std::holds_alternative<Identity>(*one)) {
      complain(path,
               fmt::format("{} cannot stand among cases or segments{}", family(*one),
                           std::holds_alternative<Derived>(*one) ? "; use if(condition, value, other value)" : ""));
      return;
    }
  const ColumnType type = validate_type(leading), other_type = validate_type(other);
  if (validate_kind(type) != validate_kind(other_type)) {
    complain(path, fmt::format("{} gives {}, but the attribute's {} gives {}", family(other), validate_kind(other_type),
                               family(leading), validate_kind(type)));
    return;
  }
  if (type != ColumnType::category && type != ColumnType::list) return;
  Attribute own = attribute, alternative = attribute;
  own.distribution = leading;
  alternative.distribution = other;
  const Symbol a = symbol_of(own), b = symbol_of(alternative);
  const auto* constant = std::get_if<Constant>(&other);
  const bool listed = std::all_of(b.labels->begin(), b.labels->end(), [&](const std::string& label) {
    return std::find(a.labels->begin(), a.labels->end(), label) != a.labels->end();
  });
  if (constant != nullptr ? !listed : *a.labels != *b.labels)
    complain(path, fmt::format("it has the labels {}, but the attribute's labels are {}", listing(*b.labels),
                               listing(*a.labels)));
  else if (constant == nullptr && leading.index() != other.index())
    complain(path, fmt::format("it is {}, but the attribute is {}", family(other), family(leading)));
  else if (const auto* x = std::get_if<Ordinal>(&leading), *y = std::get_if<Ordinal>(&other);
           x != nullptr && y != nullptr && x->scores != y->scores)
    complain(path, "it has other scores than the attribute");
}

void SpecValidator::segments() {
  std::unordered_set<std::string_view> seen;
  for (std::size_t i = 0; i < spec_.segments.size() && ok(); ++i) {
    const Segment& segment = spec_.segments[i];
    const JsonPath path = JsonPath() / "segments" / i;
    subject = fmt::format("segment '{}'", shortened(segment.name));
    text(segment.name, "name", path / "name");
    if (segment.name.empty()) complain(path / "name", "a segment needs a name");
    if (!seen.insert(segment.name).second) complain(path / "name", "another segment has the same name");
    number(segment.weight, Domain::positive, "weight", path / "weight");
    std::unordered_set<std::string_view> replaced;
    for (const auto& [name, other] : segment.attributes) {
      const JsonPath at = path / "attributes" / name;
      const auto found = std::find_if(spec_.attributes.begin(), spec_.attributes.end(),
                                      [&, &wanted = name](const Attribute& one) { return one.name == wanted; });
      if (found == spec_.attributes.end()) {
        std::vector<std::string> names;
        for (const Attribute& one : spec_.attributes) names.push_back(one.name);
        complain(at, fmt::format("there is no attribute '{}'{}", shortened(name), did_you_mean(name, names)));
        return;
      }
      if (!replaced.insert(name).second) complain(at, fmt::format("'{}' is replaced twice", name));
      distribution(other, at, *found);
      alternative(other, at, *found);
    }
  }
}

}  // namespace persona
