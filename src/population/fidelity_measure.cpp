//! What several measures need: names of lines, laws of rows, operands, missing values.
#include "fidelity_measure.hpp"

#include "fidelity_tests.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace persona {

FidelityMeasurePtr measure_attribute(const Compiled& model, std::size_t attribute, bool exact) {
  const CompiledAttribute& compiled = model.attributes[attribute];
  if (compiled.field.type == ColumnType::text || compiled.laws.empty()) return nullptr;
  if (std::holds_alternative<Identity>(compiled.laws[0].distribution)) return nullptr;
  if (std::all_of(compiled.laws.begin(), compiled.laws.end(), is_derived)) return measure_derived(model, attribute);
  if (compiled.field.type == ColumnType::list) return measure_list(model, attribute);
  if (!bar_labels(compiled.field).empty()) return measure_labels(model, attribute);
  return measure_numbers(model, attribute, exact);
}

std::size_t attribute_index(const Compiled& model, std::string_view name) {
  std::size_t index = 0;
  while (index < model.attributes.size() && model.attributes[index].field.name != name) ++index;
  return index;
}

std::vector<std::string> bar_labels(const Field& field) {
  if (field.type == ColumnType::boolean) return {"false", "true"};
  return field.labels ? *field.labels : std::vector<std::string>{};
}

std::vector<double> ordinal_scores(const CompiledAttribute& attribute) {
  const auto labels = bar_labels(attribute.field);
  for (const Law& law : attribute.laws) {
    const auto* ordinal = std::get_if<Ordinal>(&law.distribution);
    if (ordinal != nullptr && ordinal->scores.size() == labels.size()) return ordinal->scores;
  }
  return {};
}

const std::vector<double>* pilot_values(const Compiled& model, std::size_t attribute) {
  for (const PilotLaw& pilot : model.pilot)
    if (pilot.attribute == attribute) return &pilot.values;
  return nullptr;
}

std::string drift_note(const Compiled& model, const std::string& attribute) {
  for (const Drift& drift : model.report.drifts)
    if (drift.attribute == attribute)
      return fmt::format("constraints move it {:.4f} from what was asked; compared with a pilot", drift.distance);
  return "constraints touch it; compared with a pilot";
}

bool is_derived(const Law& law) {
  return std::holds_alternative<Derived>(law.distribution);
}

bool any_derived(const CompiledAttribute& attribute) {
  return std::any_of(attribute.laws.begin(), attribute.laws.end(), is_derived);
}

std::vector<std::uint16_t> laws_of_rows(const CompiledAttribute& attribute, const FidelityBlock& block) {
  std::vector<std::uint16_t> laws(block.rows, 0);
  std::vector<const double*> given;
  for (const auto& input : attribute.cases.given) given.push_back(block.columns[input.attribute]);
  if (given.empty()) return laws;
  attribute.cases.laws(given, laws);
  for (const double* column : given)
    for (std::size_t i = 0; i < block.rows; ++i)
      if (std::isnan(column[i])) laws[i] = no_law;
  if (any_derived(attribute))
    for (std::uint16_t& law : laws)
      if (law != no_law && is_derived(attribute.laws[law])) law = no_law;
  return laws;
}

std::vector<double> expression_values(const BoundExpression& expression, const FidelityBlock& block,
                                      std::span<const std::uint32_t> rows) {
  std::vector<std::vector<double>> inputs;
  std::vector<const double*> pointers;
  for (const std::size_t attribute : expression.inputs) {
    const double* column = block.columns[attribute];
    std::vector<double>& input = inputs.emplace_back(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) input[i] = column[rows[i]];
  }
  for (const auto& input : inputs) pointers.push_back(input.data());
  std::vector<double> out(rows.size());
  Evaluator{expression.expression}(pointers, out);
  return out;
}

std::vector<double> operand_values(const Compiled& model, const Operand& operand, const FidelityBlock& block,
                                   std::span<const std::uint32_t> rows) {
  if (operand.expression < 0) return std::vector<double>(rows.size(), operand.number);
  const BoundExpression& bound = model.expressions[static_cast<std::size_t>(operand.expression)];
  auto values = expression_values(bound, block, rows);
  for (const std::size_t input : bound.inputs)
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (std::isnan(block.columns[input][rows[i]])) values[i] = std::numeric_limits<double>::quiet_NaN();
  return values;
}

FidelityLine attribute_line(const Compiled& model, std::size_t attribute) {
  FidelityLine line;
  line.name = model.attributes[attribute].field.name;
  if (line.name == "segment" && !model.spec.segments.empty()) line.kind = FidelityKind::segment;
  if (pilot_values(model, attribute) != nullptr) {
    line.verdict = Verdict::moved;
    line.note = drift_note(model, line.name);
  }
  return line;
}

FidelityLine law_line(const Compiled& model, std::size_t attribute, std::size_t law) {
  const CompiledAttribute& compiled = model.attributes[attribute];
  const std::string& label = compiled.laws[law].label;
  FidelityLine line;
  line.kind = FidelityKind::conditional;
  line.name = compiled.field.name + " | " + (label.empty() ? "otherwise" : label);
  return line;
}

void MissingCount::report(const Compiled& model, std::size_t attribute, FidelityReport& report) const {
  const double asked = model.attributes[attribute].missing;
  if (people == 0 || (asked <= 0 && missing == 0)) return;
  FidelityLine line;
  line.kind = FidelityKind::missing;
  line.name = model.attributes[attribute].field.name;
  line.measure = "share";
  line.rows = people;
  line.asked = line.target = asked;
  line.achieved = static_cast<double>(missing) / static_cast<double>(people);
  line.band = 1.96 * std::sqrt(asked * (1 - asked) / static_cast<double>(people));
  line.p_value = binomial_p_value(missing, people, asked);
  report.lines.push_back(std::move(line));
}

}  // namespace persona
