//! Case maps: every combination of given values is one cell, and each cell has one law.
#include "compile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace persona {
namespace {

constexpr std::size_t most_cells = 1'000'000;

const CaseMap::Given* find_given(const CaseMap& map, std::size_t attribute) {
  for (const auto& given : map.given)
    if (given.attribute == attribute) return &given;
  return nullptr;
}

bool has_labels(const Field& field) {
  return field.type == ColumnType::category || field.type == ColumnType::boolean;
}

std::size_t label_count(const Field& field) {
  return field.type == ColumnType::boolean ? 2 : field.labels->size();
}

std::string label_text(const Field& field, std::size_t code) {
  return field.type == ColumnType::boolean ? (code == 0 ? "false" : "true") : (*field.labels)[code];
}

void add_break(std::vector<double>& breaks, double at) {
  if (!std::isinf(at) && std::find(breaks.begin(), breaks.end(), at) == breaks.end()) breaks.push_back(at);
}

void collect_given(const CompiledModel& model, const Attribute& attribute, CaseMap& map) {
  for (const Case& c : attribute.cases) {
    for (const Condition& condition : c.when) {
      const auto index = static_cast<std::size_t>(find_attribute(model, condition.attribute));
      auto* given = const_cast<CaseMap::Given*>(find_given(map, index));
      if (given == nullptr) given = &map.given.emplace_back(CaseMap::Given{index, {}, 1});
      add_break(given->breaks, condition.from);
      add_break(given->breaks, condition.below);
    }
  }
  for (auto& given : map.given) {
    const Field& field = model.attributes[given.attribute].field;
    if (has_labels(field)) {
      given.breaks.clear();
      for (std::size_t code = 1; code < label_count(field); ++code) given.breaks.push_back(static_cast<double>(code));
    }
    std::sort(given.breaks.begin(), given.breaks.end());
    given.cells = static_cast<int>(given.breaks.size()) + 2;
  }
}

bool holds_in(const CompiledModel& model, const Condition& condition, const CaseMap::Given& given, int cell) {
  if (cell == given.cells - 1) return false;  // missing
  const Field& field = model.attributes[given.attribute].field;
  if (has_labels(field)) {
    const std::string label = label_text(field, static_cast<std::size_t>(cell));
    return std::find(condition.any_of.begin(), condition.any_of.end(), label) != condition.any_of.end();
  }
  const auto at = static_cast<std::size_t>(cell);
  const double low = at == 0 ? -HUGE_VAL : given.breaks[at - 1];
  const double high = at == given.breaks.size() ? HUGE_VAL : given.breaks[at];
  return low >= condition.from && high <= condition.below;
}

// Cells are numbered with the last given attribute running fastest.
std::vector<int> cell_parts(const CaseMap& map, std::size_t cell) {
  std::vector<int> parts(map.given.size());
  for (std::size_t k = map.given.size(); k-- > 0;) {
    parts[k] = static_cast<int>(cell % static_cast<std::size_t>(map.given[k].cells));
    cell /= static_cast<std::size_t>(map.given[k].cells);
  }
  return parts;
}

bool case_holds(const CompiledModel& model, const Case& c, const CaseMap& map, const std::vector<int>& parts) {
  return std::all_of(c.when.begin(), c.when.end(), [&](const Condition& condition) {
    const auto attribute = static_cast<std::size_t>(find_attribute(model, condition.attribute));
    const CaseMap::Given* given = find_given(map, attribute);
    return holds_in(model, condition, *given, parts[static_cast<std::size_t>(given - map.given.data())]);
  });
}

std::string cell_text(const CompiledModel& model, const CaseMap& map, const std::vector<int>& parts) {
  std::string text;
  for (std::size_t k = 0; k < parts.size(); ++k) {
    const auto& given = map.given[k];
    const Field& field = model.attributes[given.attribute].field;
    const auto at = static_cast<std::size_t>(parts[k]);
    if (!text.empty()) text += ", ";
    if (has_labels(field)) {
      text += field.name + " is '" + label_text(field, at) + "'";
    } else if (at < given.breaks.size()) {
      text += fmt::format("{} is below {}", field.name, given.breaks[at]);
    } else {
      text += fmt::format("{} is {} or more", field.name, given.breaks.back());
    }
  }
  return text;
}

// Probability that a given attribute falls into a cell, if it has a law of its own; missing cells have none.
double cell_probability(const CompiledAttribute& attribute, const CaseMap::Given& given, int cell) {
  if (cell == given.cells - 1 || !attribute.laws.front().marginal.has_value())
    return cell == given.cells - 1 ? 0.0 : 1.0 / (given.cells - 1);
  const Marginal& marginal = *attribute.laws.front().marginal;
  const auto below = [&](double x) { return marginal.cdf(std::nextafter(x, -HUGE_VAL)); };
  const auto at = static_cast<std::size_t>(cell);
  if (has_labels(attribute.field)) return marginal.probabilities()[at];
  const double low = at == 0 ? 0 : below(given.breaks[at - 1]);
  return (at == given.breaks.size() ? 1 : below(given.breaks[at])) - low;
}

}  // namespace

Status compile_cases(CompiledModel& model, std::size_t index) {
  const Attribute& attribute = model.flat.attributes[index];
  CompiledAttribute& compiled = model.attributes[index];
  if (attribute.cases.empty()) return {};
  CaseMap map;
  collect_given(model, attribute, map);
  std::size_t cells = 1;
  for (const auto& given : map.given)
    if ((cells *= static_cast<std::size_t>(given.cells)) > most_cells)
      return fail(Errc::unsupported,
                  "attribute '" + attribute.name + "': its cases tell apart more than 1,000,000 combinations",
                  attribute_path(model, index));

  const std::size_t first_case = attribute.distribution.has_value() ? 1 : 0;
  std::vector<bool> used(compiled.laws.size(), false);
  for (std::size_t cell = 0; cell < cells; ++cell) {
    const std::vector<int> parts = cell_parts(map, cell);
    std::uint16_t law = first_case == 1 ? 0 : no_law;
    for (std::size_t c = 0; c < attribute.cases.size(); ++c) {
      if (!case_holds(model, attribute.cases[c], map, parts)) continue;
      law = static_cast<std::uint16_t>(first_case + c);
      break;
    }
    bool known = true;
    for (std::size_t k = 0; k < parts.size(); ++k) known = known && parts[k] != map.given[k].cells - 1;
    if (law == no_law && known)
      return fail(Errc::invalid_argument,
                  "attribute '" + attribute.name + "': no case covers people whose " + cell_text(model, map, parts) +
                      "; add one, or a distribution for the rest",
                  attribute_path(model, index) + "/cases");
    if (law != no_law) used[law] = true;
    map.law_of_cell.push_back(law);
  }
  for (std::size_t law = first_case; law < used.size(); ++law)
    if (!used[law])
      model.report.notes.push_back("attribute '" + attribute.name + "': the case " + compiled.laws[law].label +
                                   " never counts; earlier cases cover it");
  compiled.cases = std::move(map);
  return {};
}

void estimate_law_probabilities(CompiledModel& model) {
  for (const std::size_t index : model.order) {
    CompiledAttribute& attribute = model.attributes[index];
    if (attribute.cases.given.empty()) continue;
    for (Law& law : attribute.laws) law.probability = 0;
    double total = 0;
    for (std::size_t cell = 0; cell < attribute.cases.law_of_cell.size(); ++cell) {
      const std::uint16_t law = attribute.cases.law_of_cell[cell];
      if (law == no_law) continue;
      const std::vector<int> parts = cell_parts(attribute.cases, cell);
      double p = 1;
      for (std::size_t k = 0; k < parts.size(); ++k)
        p *= cell_probability(model.attributes[attribute.cases.given[k].attribute], attribute.cases.given[k], parts[k]);
      attribute.laws[law].probability += p;
      total += p;
    }
    for (Law& law : attribute.laws)
      if (total > 0) law.probability /= total;
  }
}

}  // namespace persona
