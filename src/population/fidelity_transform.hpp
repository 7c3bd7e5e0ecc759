//! Laws whose parameters differ from person to person: what is expected of one of them.
#pragma once

#include "compiled.hpp"

#include <cstdint>

namespace persona {

//! The law of one person: the base law moved, scaled, made exponential, truncated and rounded, or a count.
class PersonLaw {
 public:
  PersonLaw(const CompiledAttribute& attribute, const Law& law, double location, double scale);

  //! P(X < x) and P(X <= x), blind to the last digits of x.
  double below(double x) const { return share(x, false); }
  double at_most(double x) const { return share(x, true); }
  bool is_truncated() const { return law_.truncation.has_value(); }

 private:
  double share(double x, bool including) const;
  double base(double x) const;                       //!< the base value that becomes x
  double base_share(double low, double high) const;  //!< P(low < base <= high)
  double count_share(double k) const;

  const Law& law_;
  double location_, scale_, step_;
  double low_ = 0, high_ = 0;  //!< truncation, as base values
};

//! A uniform number in [0, 1) for one person and purpose; the same in every run.
inline double fidelity_uniform(std::uint64_t salt, std::uint64_t person) {
  std::uint64_t x = (person + 1) * 0x9e3779b97f4a7c15u ^ salt;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return static_cast<double>((x ^ (x >> 31)) >> 11) * 0x1p-53;
}

}  // namespace persona
