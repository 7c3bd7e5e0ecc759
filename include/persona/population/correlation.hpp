//! How strongly two attributes go together.
#pragma once

#include <persona/core/config.hpp>

#include <string>
#include <string_view>

namespace persona {

enum class CorrelationKind {
  pearson,   //!< of the values (an ordinal's scores, a yes-or-no's 0 and 1)
  spearman,  //!< of the mid-ranks
  kendall,   //!< tau-b
};

//! "pearson", "spearman", "kendall"
PERSONA_EXPORT std::string_view to_string(CorrelationKind kind);

//! Asked of the finished population, not of a hidden normal variable.
struct Correlation {
  std::string a, b;
  double value = 0;  //!< in [-1, 1]
  CorrelationKind kind = CorrelationKind::pearson;
  double weight = 1;  //!< how much it matters where not all can be had at once
  bool operator==(const Correlation&) const = default;
};

}  // namespace persona
