//! Order of attributes, segments as cases, symbols of expressions.
#include "dependencies.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <queue>
#include <unordered_map>

#include "distribution_fields.hpp"
#include "expression_tree.hpp"

namespace persona {
namespace {

constexpr std::size_t no_attribute = static_cast<std::size_t>(-1);

using NameIndex = std::unordered_map<std::string_view, std::size_t>;

NameIndex dependency_index(const PopulationSpec& spec) {
  NameIndex index;
  for (std::size_t i = 0; i < spec.attributes.size(); ++i) index.emplace(spec.attributes[i].name, i);
  return index;
}

void dependency_add(std::vector<std::string>& names, const std::string& name) {
  if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

void dependency_add_expression(std::vector<std::string>& names, const std::string& text) {
  if (const auto tree = parse_expression_tree(text))
    for (const std::string& name : names_in(*tree)) dependency_add(names, name);
}

void dependency_add_distribution(std::vector<std::string>& names, const Distribution& distribution) {
  std::visit(
      [&]<class D>(const D& d) {
        for_each_field<D>([&]<class M>(const DistributionField<D, M>& field) {
          const M& value = d.*field.member;
          if constexpr (std::is_same_v<M, Parameter>) {
            if (value.is_expression()) dependency_add_expression(names, value.expression);
          } else if constexpr (std::is_same_v<D, Derived> && std::is_same_v<M, std::string>) {
            dependency_add_expression(names, value);
          } else if constexpr (std::is_same_v<D, Identity>) {
            dependency_add(names, value);
          } else if constexpr (std::is_same_v<M, std::vector<Component>>) {
            for (const Component& component : value) dependency_add_distribution(names, component.distribution);
          }
        });
      },
      distribution);
}

//! needs[i] are the attributes that attribute i refers to and that exist.
std::vector<std::vector<std::size_t>> dependency_graph(const PopulationSpec& spec) {
  const NameIndex index = dependency_index(spec);
  std::vector<std::vector<std::size_t>> needs(spec.attributes.size());
  for (std::size_t i = 0; i < needs.size(); ++i)
    for (const std::string& name : references(spec.attributes[i]))
      if (const auto found = index.find(name); found != index.end()) needs[i].push_back(found->second);
  return needs;
}

//! Walks from an attribute that waits to one it waits for, until one comes again.
std::string dependency_cycle(const PopulationSpec& spec, const std::vector<std::vector<std::size_t>>& needs,
                             const std::vector<std::size_t>& waiting, std::size_t first) {
  std::vector<std::size_t> walk = {first};
  std::vector<std::size_t> seen_at(needs.size(), no_attribute);
  while (seen_at[walk.back()] == no_attribute) {
    seen_at[walk.back()] = walk.size() - 1;
    const auto& next = needs[walk.back()];
    walk.push_back(*std::find_if(next.begin(), next.end(), [&](std::size_t i) { return waiting[i] > 0; }));
  }
  std::string text;
  for (std::size_t at = seen_at[walk.back()]; at < walk.size(); ++at)
    text += (text.empty() ? "" : " -> ") + spec.attributes[walk[at]].name;
  return text;
}

std::vector<double> dependency_one_hot(const std::vector<std::string>& labels, const std::string& label) {
  std::vector<double> weights(labels.size(), 0);
  const auto found = std::find(labels.begin(), labels.end(), label);
  if (found != labels.end()) weights[static_cast<std::size_t>(found - labels.begin())] = 1;
  return weights;
}

//! A constant as the leading family says it; any other distribution as it is.
void dependency_unfold_constant(const Distribution& leading, Distribution& distribution) {
  const auto* constant = std::get_if<Constant>(&distribution);
  if (constant == nullptr) return;
  const auto* label = std::get_if<std::string>(&constant->value);
  const auto* truth = std::get_if<bool>(&constant->value);
  if (const auto* family = std::get_if<Categorical>(&leading); family != nullptr && label != nullptr) {
    distribution = Categorical{family->categories, dependency_one_hot(family->categories, *label)};
  } else if (const auto* family = std::get_if<Ordinal>(&leading); family != nullptr && label != nullptr) {
    distribution = Ordinal{family->categories, dependency_one_hot(family->categories, *label), family->scores};
  } else if (std::holds_alternative<Bernoulli>(leading) && truth != nullptr) {
    distribution = Bernoulli{*truth ? 1 : 0};
  }
}

void dependency_unfold_segments(PopulationSpec& spec) {
  Categorical segments;
  std::unordered_map<std::string, std::vector<Case>> replaced;
  for (const Segment& segment : spec.segments) {
    segments.categories.push_back(segment.name);
    segments.weights.push_back(segment.weight);
    for (const auto& [attribute, distribution] : segment.attributes)
      replaced[attribute].push_back({{{.attribute = "segment", .any_of = {segment.name}}}, distribution});
  }
  for (Attribute& attribute : spec.attributes) {
    const auto found = replaced.find(attribute.name);
    if (found == replaced.end()) continue;
    attribute.cases.insert(attribute.cases.begin(), found->second.begin(), found->second.end());
  }
  Attribute attribute;
  attribute.name = "segment";
  attribute.distribution = std::move(segments);
  spec.attributes.insert(spec.attributes.begin(), std::move(attribute));
  spec.segments.clear();
}

//! What the kind of a distribution's values is.
struct SymbolOf {
  Symbol operator()(const Constant& d) const {
    if (std::holds_alternative<bool>(d.value)) return {.type = ColumnType::boolean};
    if (std::holds_alternative<std::int64_t>(d.value)) return {.type = ColumnType::int64};
    if (std::holds_alternative<Date>(d.value)) return {.type = ColumnType::date};
    if (const auto* label = std::get_if<std::string>(&d.value)) return labelled(ColumnType::category, {*label});
    if (const auto* list = std::get_if<std::vector<std::string>>(&d.value)) return labelled(ColumnType::list, *list);
    return {};
  }
  Symbol operator()(const Categorical& d) const { return labelled(ColumnType::category, d.categories); }
  Symbol operator()(const Ordinal& d) const { return labelled(ColumnType::category, d.categories, true); }
  Symbol operator()(const Bernoulli&) const { return {.type = ColumnType::boolean}; }
  Symbol operator()(const MultiSelect& d) const { return labelled(ColumnType::list, d.categories); }
  Symbol operator()(const DateRange&) const { return {.type = ColumnType::date}; }
  Symbol operator()(const Identity&) const { return {.type = ColumnType::text}; }
  Symbol operator()(const Derived& d) const {
    return d.categories.empty() ? Symbol{} : labelled(ColumnType::category, d.categories);
  }
  template <class D>
  Symbol operator()(const D&) const {
    constexpr bool whole = std::is_same_v<D, Poisson> || std::is_same_v<D, Binomial> ||
                           std::is_same_v<D, NegativeBinomial> || std::is_same_v<D, Geometric> ||
                           std::is_same_v<D, Zipf> || std::is_same_v<D, UniformInteger>;
    return {.type = whole ? ColumnType::int64 : ColumnType::float64};
  }

  static Symbol labelled(ColumnType type, std::vector<std::string> labels, bool ordered = false) {
    return {.type = type,
            .labels = std::make_shared<const std::vector<std::string>>(std::move(labels)),
            .ordered = ordered};
  }
};

//! The type of a derived attribute's expression.
Status dependency_derive(const Derived& derived, const SymbolTable& table, Symbol& symbol) {
  const auto expression = table.parse(derived.expression, symbol.labels.get());
  if (!expression) return tl::unexpected(expression.error());
  if (expression->result_type() == ColumnType::category && derived.categories.empty())
    return fail(Errc::invalid_argument, "the expression gives a category; list its labels as 'categories'");
  if (expression->result_type() != ColumnType::float64) symbol.type = expression->result_type();
  return {};
}

}  // namespace

std::vector<std::string> references(const Attribute& attribute) {
  std::vector<std::string> names;
  if (attribute.distribution) dependency_add_distribution(names, *attribute.distribution);
  for (const Case& one : attribute.cases) {
    for (const Condition& condition : one.when) dependency_add(names, condition.attribute);
    dependency_add_distribution(names, one.distribution);
  }
  return names;
}

Result<std::vector<std::size_t>> evaluation_order(const PopulationSpec& spec) {
  const auto needs = dependency_graph(spec);
  std::vector<std::vector<std::size_t>> needed_by(needs.size());
  std::vector<std::size_t> waiting(needs.size()), order;
  std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> ready;
  for (std::size_t i = 0; i < needs.size(); ++i) {
    waiting[i] = needs[i].size();
    for (const std::size_t need : needs[i]) needed_by[need].push_back(i);
    if (waiting[i] == 0) ready.push(i);
  }
  while (!ready.empty()) {
    order.push_back(ready.top());
    ready.pop();
    for (const std::size_t next : needed_by[order.back()])
      if (--waiting[next] == 0) ready.push(next);
  }
  if (order.size() == needs.size()) return order;
  const auto stuck = std::find_if(waiting.begin(), waiting.end(), [](std::size_t count) { return count > 0; });
  const auto first = static_cast<std::size_t>(stuck - waiting.begin());
  return fail(
      Errc::invalid_argument,
      fmt::format("attributes depend on each other in a circle: {}", dependency_cycle(spec, needs, waiting, first)),
      "/attributes");
}

PopulationSpec desugared(const PopulationSpec& spec) {
  PopulationSpec plain = spec;
  if (!plain.segments.empty()) dependency_unfold_segments(plain);
  for (Attribute& attribute : plain.attributes) {
    if (!attribute.distribution && attribute.cases.empty()) continue;
    const Distribution leading = leading_distribution(attribute);
    if (attribute.distribution) dependency_unfold_constant(leading, *attribute.distribution);
    for (Case& one : attribute.cases) dependency_unfold_constant(leading, one.distribution);
  }
  return plain;
}

const Distribution& leading_distribution(const Attribute& attribute) {
  return attribute.distribution ? *attribute.distribution : attribute.cases.front().distribution;
}

Symbol symbol_of(const Attribute& attribute) {
  Symbol symbol = std::visit(SymbolOf{}, leading_distribution(attribute));
  symbol.name = attribute.name;
  if (symbol.type == ColumnType::float64 && attribute.integer) symbol.type = ColumnType::int64;
  return symbol;
}

SymbolTable::SymbolTable(std::vector<Symbol> symbols) : symbols_(std::move(symbols)) {
  for (std::size_t i = 0; i < symbols_.size(); ++i) index_.emplace(symbols_[i].name, i);
}

const Symbol* SymbolTable::find(const std::string& name) const {
  const auto found = index_.find(name);
  return found == index_.end() ? nullptr : &symbols_[found->second];
}

Result<Expression> SymbolTable::parse(const std::string& text, const std::vector<std::string>* result_labels) const {
  const auto tree = parse_expression_tree(text);
  if (!tree) return tl::unexpected(tree.error());
  std::vector<Symbol> seen;
  for (const std::string& name : names_in(*tree)) {
    const Symbol* symbol = find(name);
    if (symbol == nullptr) return Expression::parse(text, symbols_, result_labels);  // suggests a near name
    seen.push_back(*symbol);
  }
  return Expression::parse(text, seen, result_labels);
}

Result<SymbolTable> symbols_of(const PopulationSpec& spec) {
  const auto order = evaluation_order(spec);
  if (!order) return tl::unexpected(order.error());
  std::vector<Symbol> symbols;
  for (const Attribute& attribute : spec.attributes) symbols.push_back(symbol_of(attribute));
  SymbolTable table(std::move(symbols));
  const std::size_t added = !spec.attributes.empty() && spec.attributes[0].name == "segment" ? 1 : 0;  // by desugared
  for (const std::size_t i : *order) {
    const Attribute& attribute = spec.attributes[i];
    const auto* derived = std::get_if<Derived>(&leading_distribution(attribute));
    if (derived == nullptr) continue;
    if (auto status = dependency_derive(*derived, table, table[i]); !status)
      return fail(Errc::invalid_argument, fmt::format("attribute '{}': {}", attribute.name, status.error().message),
                  fmt::format("/attributes/{}/distribution/expression", i - added));
  }
  return table;
}

}  // namespace persona
