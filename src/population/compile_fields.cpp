//! What kind of column each attribute becomes.
#include "column_build.hpp"
#include "compile.hpp"
#include "dependencies.hpp"

#include <algorithm>
#include <cmath>

namespace persona {
namespace {

// All distributions an attribute may follow.
std::vector<const Distribution*> distributions_of(const Attribute& attribute) {
  std::vector<const Distribution*> all;
  if (attribute.distribution.has_value()) all.push_back(&*attribute.distribution);
  for (const Case& c : attribute.cases) all.push_back(&c.distribution);
  return all;
}

// What one distribution makes of a column; later kinds absorb earlier ones.
enum class Kind { boolean, integer, number, date, category, list, text };

struct KindOf {
  ColumnType derived;  // what the expression of a derived attribute gives

  Kind operator()(const Constant& c) const {
    if (std::holds_alternative<bool>(c.value)) return Kind::boolean;
    if (std::holds_alternative<std::int64_t>(c.value)) return Kind::integer;
    if (std::holds_alternative<Date>(c.value)) return Kind::date;
    if (std::holds_alternative<std::string>(c.value)) return Kind::category;
    if (std::holds_alternative<std::vector<std::string>>(c.value)) return Kind::list;
    return Kind::number;
  }
  Kind operator()(const Poisson&) const { return Kind::integer; }
  Kind operator()(const Binomial&) const { return Kind::integer; }
  Kind operator()(const NegativeBinomial&) const { return Kind::integer; }
  Kind operator()(const Geometric&) const { return Kind::integer; }
  Kind operator()(const Zipf&) const { return Kind::integer; }
  Kind operator()(const UniformInteger&) const { return Kind::integer; }
  Kind operator()(const Categorical&) const { return Kind::category; }
  Kind operator()(const Ordinal&) const { return Kind::category; }
  Kind operator()(const Bernoulli&) const { return Kind::boolean; }
  Kind operator()(const MultiSelect&) const { return Kind::list; }
  Kind operator()(const DateRange&) const { return Kind::date; }
  Kind operator()(const Derived& d) const {
    if (!d.categories.empty()) return Kind::category;
    return derived == ColumnType::boolean ? Kind::boolean : Kind::number;
  }
  Kind operator()(const Identity& i) const {
    return i.part == IdentityPart::full_name || i.part == IdentityPart::email ? Kind::text : Kind::category;
  }
  Kind operator()(const ZeroInflated& z) const { return std::visit(*this, z.rest.front().distribution); }
  Kind operator()(const Mixture& m) const {
    Kind kind = Kind::boolean;
    for (const Component& c : m.components) kind = std::max(kind, std::visit(*this, c.distribution));
    return kind;
  }
  template <class Continuous>
  Kind operator()(const Continuous&) const {
    return Kind::number;
  }
};

void add_labels(std::vector<std::string>& labels, const std::vector<std::string>& more) {
  for (const std::string& label : more)
    if (std::find(labels.begin(), labels.end(), label) == labels.end()) labels.push_back(label);
}

struct LabelsOf {
  std::vector<std::string>& labels;
  void operator()(const Categorical& c) const { add_labels(labels, c.categories); }
  void operator()(const Ordinal& c) const { add_labels(labels, c.categories); }
  void operator()(const MultiSelect& c) const { add_labels(labels, c.categories); }
  void operator()(const Derived& c) const { add_labels(labels, c.categories); }
  void operator()(const Constant& c) const {
    if (const auto* text = std::get_if<std::string>(&c.value)) add_labels(labels, {*text});
    if (const auto* list = std::get_if<std::vector<std::string>>(&c.value)) add_labels(labels, *list);
  }
  template <class Other>
  void operator()(const Other&) const {}
};

int decimals_of(double step) {
  for (int digits = 0; digits <= 9; ++digits) {
    const double scaled = step * std::pow(10.0, digits);
    if (scaled >= 1 && std::abs(scaled - std::round(scaled)) < 1e-9 * scaled) return digits;
  }
  return -1;
}

Field make_field(const Attribute& attribute, const Symbol& symbol) {
  Field field;
  field.name = attribute.name;
  field.unit = attribute.unit;
  field.description = attribute.description;
  Kind kind = Kind::boolean;
  std::vector<std::string> labels;
  for (const Distribution* d : distributions_of(attribute)) {
    kind = std::max(kind, std::visit(KindOf{symbol.type}, *d));
    std::visit(LabelsOf{labels}, *d);
    field.ordered = field.ordered || std::holds_alternative<Ordinal>(*d);
  }
  if (kind == Kind::number && attribute.integer) kind = Kind::integer;
  switch (kind) {
    case Kind::boolean: field.type = ColumnType::boolean; break;
    case Kind::integer: field.type = ColumnType::int64; break;  // narrowed when the laws are known
    case Kind::number: field.type = ColumnType::float64; break;
    case Kind::date: field.type = ColumnType::date; break;
    case Kind::category: field.type = ColumnType::category; break;
    case Kind::list: field.type = ColumnType::list; break;
    case Kind::text: field.type = ColumnType::text; break;
  }
  if (kind == Kind::category || kind == Kind::list) {
    field.code_bytes = kind == Kind::list ? 4 : code_bytes_for(labels.size());
    field.labels = std::make_shared<const std::vector<std::string>>(std::move(labels));
  }
  if (kind == Kind::number && attribute.round > 0) field.decimals = decimals_of(attribute.round);
  return field;
}

}  // namespace

Status compile_fields(CompiledModel& model) {
  const auto symbols = symbols_of(model.flat);
  if (!symbols) return tl::unexpected<Error>(symbols.error());
  for (std::size_t i = 0; i < model.flat.attributes.size(); ++i) {
    const Attribute& attribute = model.flat.attributes[i];
    CompiledAttribute compiled;
    compiled.field = make_field(attribute, symbols->symbols()[i]);
    compiled.stream = stream_id(attribute.name);
    compiled.round = attribute.integer ? std::max(1.0, attribute.round) : attribute.round;
    compiled.missing = attribute.missing;
    if (compiled.field.type == ColumnType::list && compiled.field.labels->size() > 64)
      return fail(Errc::unsupported, "attribute '" + attribute.name + "': a multi-select has at most 64 options",
                  attribute_path(model, i));
    model.attributes.push_back(std::move(compiled));
  }
  return {};
}

}  // namespace persona
