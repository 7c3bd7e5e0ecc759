//! A specification with all its numerics done: ready to draw people from.
#pragma once

#include <persona/core/context.hpp>
#include <persona/core/result.hpp>
#include <persona/population/names.hpp>
#include <persona/population/population.hpp>
#include <persona/population/spec.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace persona {

struct CompileOptions {
  std::shared_ptr<const NameTable> names;  //!< null is the built-in table
  std::uint64_t pilot_rows = 65'536;       //!< people drawn to measure what constraints do
  double least_acceptance = 0.01;          //!< constraints that fewer candidates satisfy are infeasible
};

//! What became of one asked correlation.
struct CorrelationFinding {
  Correlation asked;
  double lowest = -1, highest = 1;  //!< what these two marginals can reach
  double used = 0;                  //!< what is aimed at: asked, unless it had to be moved
  double latent = 0;                //!< correlation of the normals behind it
  double pilot_error = 0;           //!< standard error where it was matched by a pilot; 0 where exact
  bool moved = false;
  std::string reason;  //!< why it was moved
  bool operator==(const CorrelationFinding&) const = default;
};

//! How far the constraints move one attribute from what was asked of it.
struct Drift {
  std::string attribute;
  double distance = 0;  //!< Kolmogorov-Smirnov for numbers, total variation for labels
  double noise = 0;     //!< what the pilot's size alone would show, 95 %
  bool operator==(const Drift&) const = default;
};

struct CompileReport {
  std::vector<CorrelationFinding> correlations;
  double acceptance = 1;      //!< share of candidates that satisfy all constraints
  std::vector<Drift> drifts;  //!< only attributes that drift beyond noise
  std::vector<std::string> notes;
  bool operator==(const CompileReport&) const = default;
};

//! Which machine code may generate at most, on x86-64. The people are the same.
enum class Simd {
  automatic,  //!< AVX-512 too, where there is such
  avx2,
  baseline,
};

struct GenerateOptions {
  std::uint64_t count = 1;
  std::uint64_t seed = 0;
  std::uint64_t start = 0;            //!< index of the first person
  std::uint64_t batch_rows = 65'536;  //!< people per batch of a stream
  Parallelism parallelism = {};
  Simd simd = Simd::automatic;
};

//! Immutable and safe to share between threads; copies share the compiled tables.
//! Person i of a seed is a pure function of (specification, name table, seed, i).
class PopulationModel {
 public:
  //! @errors
  //!   - invalid_argument: as `validate`, and parameters only numerics can refuse
  //!   - infeasible: a correlation outside the reach of its marginals, or constraints that too few
  //!     candidates satisfy; the message gives the numbers
  [[nodiscard]] PERSONA_EXPORT static Result<PopulationModel> compile(PopulationSpec spec,
                                                                      const CompileOptions& options = {},
                                                                      const Context& context = {});

  PERSONA_EXPORT const PopulationSpec& spec() const;
  PERSONA_EXPORT const std::string& spec_hash() const;
  PERSONA_EXPORT const std::string& names_hash() const;  //!< empty where no identity attribute needs the table
  PERSONA_EXPORT const CompileReport& report() const;
  PERSONA_EXPORT const std::vector<Field>& fields() const;  //!< of the columns, in order

  //! @errors cancelled, deadline_exceeded; invalid_argument: start + count beyond 2^63
  [[nodiscard]] PERSONA_EXPORT Result<Population> generate(const GenerateOptions& options,
                                                           const Context& context = {}) const;

  //! As above, into the memory of a population of the same shape that nobody else holds.
  [[nodiscard]] PERSONA_EXPORT Result<Population> generate(const GenerateOptions& options, Population recycled,
                                                           const Context& context = {}) const;

  //! Hands batches to `take`, in order, on the calling thread; memory is a few batches whatever the
  //! count. An error of `take` ends the stream and is returned.
  [[nodiscard]] PERSONA_EXPORT Status stream(const GenerateOptions& options,
                                             const std::function<Status(const Population&)>& take,
                                             const Context& context = {}) const;

  //! One person alone. @errors invalid_argument: index beyond 2^63
  [[nodiscard]] PERSONA_EXPORT Result<Persona> person(std::uint64_t seed, std::uint64_t index) const;

  struct Compiled;  // private to the implementation
  const Compiled& compiled() const { return *compiled_; }

 private:
  explicit PopulationModel(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}
  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace persona
