//! People drawn while compiling, to measure what has no closed form.
#pragma once

#include "compile.hpp"

#include <persona/population/population.hpp>

#include <cstdint>
#include <vector>

namespace persona {

struct Pilot {
  Population people;
  double acceptance = 1;
};

//! @param constrained  false: as if there were no constraints
Result<Pilot> draw_pilot(CompiledModel& model, std::uint64_t rows, bool constrained, const Context& context);

//! Share of a pilot's people that satisfy all constraints.
Result<double> satisfied_share(const CompiledModel& model, const Population& people);

//! A sample correlation and its standard error, over the people of whom both are known.
struct MeasuredCorrelation {
  double value = 0, standard_error = 0;
};
MeasuredCorrelation measure_correlation(const CompiledModel& model, const Population& people, const Correlation& asked);

}  // namespace persona
