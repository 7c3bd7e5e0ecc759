//! The facade: compile, draw, hand over.
#include <persona/persona_generator.hpp>

namespace persona {

Result<PersonaGenerator> PersonaGenerator::compile(PopulationSpec spec, const CompileOptions& options,
                                                   const Context& context) {
  auto model = PopulationModel::compile(std::move(spec), options, context);
  if (!model) return tl::unexpected<Error>(model.error());
  return PersonaGenerator(std::move(*model));
}

Result<PersonaGenerator> PersonaGenerator::compile_json(std::string_view json, const CompileOptions& options,
                                                        const Context& context) {
  auto spec = parse_spec(json);
  if (!spec) return tl::unexpected<Error>(spec.error());
  return compile(std::move(*spec), options, context);
}

Status PersonaGenerator::stream(const GenerateOptions& options, PopulationSink& sink, const Context& context) const {
  const auto take = [&](const Population& batch) { return sink.append(batch); };
  if (auto status = model_.stream(options, take, context); !status) return status;
  return sink.finish();
}

}  // namespace persona
