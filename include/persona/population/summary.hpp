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

//! One column in a few numbers, of the rows where it is not missing. Weighted where weights were given:
//! rows of weight zero then only count.
struct ColumnSummary {
  Field field = {};
  std::int64_t count = 0, missing = 0;  //!< rows
  //! Of numbers, dates (days), codes 0, 1, 2 ... of ordered labels, shares of yes; NaN for others. `sd` divides by
  //! n - 1, with weights by sum(w) - sum(w^2) / sum(w), which is n - 1 where they are equal and 1.
  double mean = 0, sd = 0;
  double min = 0, max = 0;
  //! (0.05, 0.25, 0.5, 0.75, 0.95) of numbers and dates. Straight lines between the sorted values, value k at the
  //! probability (C_k - C_1) / (C_n - C_1), where C_k is the weight below it and half its own. Without weights
  //! that is (k - 1) / (n - 1): what numpy and R (type 7) do.
  std::vector<std::pair<double, double>> quantiles = {};
  std::vector<std::pair<std::string, double>> top = {};  //!< most frequent labels and their shares, at most 10
};

struct Summary {
  std::int64_t rows = 0;
  double weight = 0;  //!< sum of weights; rows where there are none
  std::vector<ColumnSummary> columns = {};
};

//! @param weights  name of a numeric column with weights >= 0, or empty
//! @errors not_found; invalid_argument: weights that are no numbers, missing, negative, or all zero
[[nodiscard]] PERSONA_EXPORT Result<Summary> summarize(const Population& population, std::string_view weights = {});

//! A table for a terminal, no wider than `width`.
PERSONA_EXPORT std::string to_text(const Summary& summary, int width = 100);

}  // namespace persona
