//! From what is known about a population to its people.
#pragma once

#include <persona/population/fidelity.hpp>
#include <persona/population/model.hpp>
#include <persona/population/sink.hpp>

#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>

namespace persona {

//! The front door: compile a specification once, then draw as many people as you like.
//!
//!     auto generator = PersonaGenerator::compile(spec);
//!     auto people = generator->generate({.count = 1'000'000, .seed = 7});
//!
//! Immutable and safe to share between threads.
class PersonaGenerator {
 public:
  //! @errors as `PopulationModel::compile`
  [[nodiscard]] PERSONA_EXPORT static Result<PersonaGenerator> compile(PopulationSpec spec,
                                                                       const CompileOptions& options = {},
                                                                       const Context& context = {});
  //! From JSON. @errors as `parse_spec` and `PopulationModel::compile`
  [[nodiscard]] PERSONA_EXPORT static Result<PersonaGenerator> compile_json(std::string_view json,
                                                                            const CompileOptions& options = {},
                                                                            const Context& context = {});

  const PopulationModel& model() const { return model_; }
  const PopulationSpec& spec() const { return model_.spec(); }
  const CompileReport& report() const { return model_.report(); }

  //! Persons start .. start + count - 1. @errors as `PopulationModel::generate`
  [[nodiscard]] Result<Population> generate(const GenerateOptions& options, const Context& context = {}) const {
    return model_.generate(options, context);
  }

  //! The same in batches, in order, with bounded memory. @errors as `PopulationModel::stream`
  [[nodiscard]] Status stream(const GenerateOptions& options, const std::function<Status(const Population&)>& take,
                              const Context& context = {}) const {
    return model_.stream(options, take, context);
  }

  //! The same into a sink, which is finished at the end.
  [[nodiscard]] PERSONA_EXPORT Status stream(const GenerateOptions& options, PopulationSink& sink,
                                             const Context& context = {}) const;

  //! One person alone: row `index` of every population of that seed.
  [[nodiscard]] Result<Persona> persona(std::uint64_t seed, std::uint64_t index) const {
    return model_.person(seed, index);
  }

  //! Does a population keep to the specification?
  [[nodiscard]] Result<FidelityReport> check(const Population& population, FidelityOptions options = {}) const {
    return check_fidelity(model_, population, options);
  }

 private:
  explicit PersonaGenerator(PopulationModel model) : model_(std::move(model)) {}
  PopulationModel model_;
};

}  // namespace persona
