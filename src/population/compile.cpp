//! From a specification to a model: checks, laws, cases, correlations, constraints.
#include "compile.hpp"

#include "dependencies.hpp"
#include "sampler_pool.hpp"
#include "sampler_tables.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace persona {
namespace {

// Parts of an identity that name no attribute of some kind take it from those that do: they agree.
Status share_identity_references(PopulationSpec& spec) {
  std::string Identity::*const references[] = {&Identity::sex, &Identity::age, &Identity::origin, &Identity::place};
  for (const auto reference : references) {
    std::string common;
    for (std::size_t i = 0; i < spec.attributes.size(); ++i) {
      auto& d = spec.attributes[i].distribution;
      const auto* identity = d.has_value() ? std::get_if<Identity>(&*d) : nullptr;
      if (identity == nullptr || (identity->*reference).empty()) continue;
      if (common.empty()) common = identity->*reference;
      if (common != identity->*reference)
        return fail(Errc::invalid_argument,
                    "attribute '" + spec.attributes[i].name +
                        "': names and places of one person must follow the same attributes, here '" + common +
                        "' and '" + identity->*reference + "'");
    }
    for (auto& attribute : spec.attributes)
      if (attribute.distribution.has_value())
        if (auto* identity = std::get_if<Identity>(&*attribute.distribution)) identity->*reference = common;
  }
  return {};
}

Status compile_constraints(CompiledModel& model) {
  for (std::size_t i = 0; i < model.flat.constraints.size(); ++i) {
    auto index = bind_expression(model, model.flat.constraints[i].expression, fmt::format("/constraints/{}", i));
    if (!index) return tl::unexpected<Error>(index.error());
    model.constraints.push_back(static_cast<std::size_t>(*index));
  }
  return {};
}

Status compile_attributes(CompiledModel& model) {
  for (std::size_t i = 0; i < model.attributes.size(); ++i)
    if (auto status = compile_laws(model, i); !status) return status;
  for (std::size_t i = 0; i < model.attributes.size(); ++i)
    if (auto status = compile_cases(model, i); !status) return status;
  estimate_law_probabilities(model);
  for (const auto& attribute : model.attributes) model.fields.push_back(attribute.field);
  return {};
}

Status compile_all(CompiledModel& model, const CompileOptions& options, const Context& context) {
  model.flat = desugared(model.spec);
  if (auto status = share_identity_references(model.flat); !status) return status;
  auto order = evaluation_order(model.flat);
  if (!order) return tl::unexpected<Error>(order.error());
  model.order = std::move(*order);
  model.spec_hash = content_hash(model.spec);
  const auto names = options.names ? options.names : NameTable::builtin();
  if (auto status = compile_fields(model); !status) return status;
  if (auto status = compile_identity(model, *names); !status) return status;
  if (auto status = compile_attributes(model); !status) return status;
  if (auto status = compile_constraints(model); !status) return status;
  if (auto status = context.check(); !status) return status;
  if (auto status = compile_correlations(model, options, context); !status) return status;
  return measure_constraints(model, options, context);
}

}  // namespace

Result<PopulationModel> PopulationModel::compile(PopulationSpec spec, const CompileOptions& options,
                                                 const Context& context) {
  if (auto status = validate(spec); !status) return tl::unexpected<Error>(status.error());
  if (options.pilot_rows < 1024) return fail(Errc::invalid_argument, "pilot_rows must be at least 1024");
  auto compiled = std::make_shared<Compiled>();
  compiled->spec = std::move(spec);
  compiled->pool = std::make_shared<SamplerPool>();
  if (auto status = compile_all(*compiled, options, context); !status) return tl::unexpected<Error>(status.error());
  return PopulationModel(std::move(compiled));
}

const PopulationSpec& PopulationModel::spec() const {
  return compiled_->spec;
}
const std::string& PopulationModel::spec_hash() const {
  return compiled_->spec_hash;
}
const std::string& PopulationModel::names_hash() const {
  return compiled_->names_hash;
}
const CompileReport& PopulationModel::report() const {
  return compiled_->report;
}
const std::vector<Field>& PopulationModel::fields() const {
  return compiled_->fields;
}

std::string attribute_path(const CompiledModel& model, std::size_t attribute) {
  const std::size_t added = model.flat.attributes.size() - model.spec.attributes.size();  // "segment" comes first
  return attribute < added ? "/segments" : fmt::format("/attributes/{}", attribute - added);
}

int find_attribute(const CompiledModel& model, std::string_view name) {
  for (std::size_t i = 0; i < model.flat.attributes.size(); ++i)
    if (model.flat.attributes[i].name == name) return static_cast<int>(i);
  return -1;
}

Result<int> bind_expression(CompiledModel& model, const std::string& text, const std::string& path,
                            const std::vector<std::string>* result_labels) {
  std::vector<Symbol> symbols;
  for (const auto& attribute : model.attributes) {
    const Field& field = attribute.field;
    if (field.type != ColumnType::text && field.type != ColumnType::list)
      symbols.push_back({field.name, field.type, field.labels, field.ordered});
  }
  auto expression = Expression::parse(text, symbols, result_labels);
  if (!expression) return fail(expression.error().code, expression.error().message, path);
  BoundExpression bound{std::move(*expression), {}};
  for (const std::string& name : bound.expression.names())
    bound.inputs.push_back(static_cast<std::size_t>(find_attribute(model, name)));
  model.expressions.push_back(std::move(bound));
  return static_cast<int>(model.expressions.size()) - 1;
}

}  // namespace persona
