//! The steps of compiling, in the order they are taken. Each fills its part of Compiled.
#pragma once

#include "compiled.hpp"
#include "rng.hpp"

#include <persona/core/context.hpp>

#include <functional>
#include <string>
#include <vector>

namespace persona {

using CompiledModel = PopulationModel::Compiled;

//! Fields (type, labels, unit) of all attributes; identity needs its table first.
Status compile_fields(CompiledModel& model);
Status compile_identity(CompiledModel& model, const NameTable& names);

//! Laws of one attribute: marginals, transforms, truncations.
Status compile_laws(CompiledModel& model, std::size_t attribute);

//! Which law holds where; needs the laws' numbering: its own distribution first, then the cases.
Status compile_cases(CompiledModel& model, std::size_t attribute);

//! Shares of the laws, as if the given attributes were independent.
void estimate_law_probabilities(CompiledModel& model);

//! Blocks, feasible ranges, latent correlations; then by pilot what has no closed form.
Status compile_correlations(CompiledModel& model, const CompileOptions& options, const Context& context);

//! Acceptance and drift of the constraints.
Status measure_constraints(CompiledModel& model, const CompileOptions& options, const Context& context);

//! Parses an expression of an attribute and binds it. @return its index
Result<int> bind_expression(CompiledModel& model, const std::string& text, const std::string& path,
                            const std::vector<std::string>* result_labels = nullptr);

//! "/attributes/3" of the specification as given.
std::string attribute_path(const CompiledModel& model, std::size_t attribute);

//! Index by name, or -1.
int find_attribute(const CompiledModel& model, std::string_view name);

inline constexpr std::uint64_t pilot_seed = 0x9e3779b97f4a7c15u;

}  // namespace persona
