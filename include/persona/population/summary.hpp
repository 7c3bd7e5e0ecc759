//! A population at a glance.
#pragma once

#include <persona/core/result.hpp>
#include <persona/population/population.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace persona {

//! One column in a few numbers. Weighted where weights were given.
struct ColumnSummary {
  Field field;
  std::int64_t count = 0, missing = 0;
  double mean = 0, sd = 0;  //!< of numbers, scores 0, 1, 2 ... of ordinals, shares of yes; NaN for others
  double min = 0, max = 0;
  std::vector<std::pair<double, double>>
      quantiles;  //!< (0.05, 0.25, 0.5, 0.75, 0.95) of numbers and dates, linear interpolation
  std::vector<std::pair<std::string, double>> top;  //!< most frequent labels and their shares, at most 10
};

struct Summary {
  std::int64_t rows = 0;
  double weight = 0;  //!< sum of weights; rows where there are none
  std::vector<ColumnSummary> columns;
};

//! @param weights  name of a numeric column with weights >= 0, or empty
//! @errors not_found, invalid_argument
[[nodiscard]] PERSONA_EXPORT Result<Summary> summarize(const Population& population, std::string_view weights = {});

//! A table for a terminal, no wider than `width`.
PERSONA_EXPORT std::string to_text(const Summary& summary, int width = 100);

}  // namespace persona
