//! A probability law as marginals are made of it: exact tails, density and quantiles.
#pragma once

#include "marginal.hpp"

#include <limits>
#include <memory>
#include <string_view>
#include <vector>

namespace persona {

//! Not purely discrete. One tail is always asked for by name, so that neither loses digits.
struct Marginal::Law {
  static constexpr double infinity = std::numeric_limits<double>::infinity();

  double lower = -infinity, upper = infinity;  //!< support
  std::vector<double> kinks;                   //!< inside the support, where the density is not smooth; rising
  std::vector<double> atoms;                   //!< values with a probability of their own; rising
  bool only_atoms = false;
  double lower_power = infinity, upper_power = infinity;  //!< tails like |x|^-power; infinite where lighter
  bool direct = false;                                    //!< quantile() is a closed form

  virtual ~Law() = default;
  virtual double tail(double x, bool above) const = 0;      //!< P(X > x) if above, else P(X <= x)
  virtual double density(double x) const = 0;               //!< of the part that is not atoms
  virtual double quantile(double p, bool above) const = 0;  //!< tail(x, above) = p
};

using LawPtr = std::shared_ptr<const Marginal::Law>;

//! Values and weights (not normalised) of a purely discrete law; values rise.
struct DiscreteTable {
  std::vector<double> values, weights;
};

//! Exactly one of the two.
struct RawLaw {
  LawPtr law;
  DiscreteTable table;
};

//! A closed range.
struct ValueRange {
  double min = -Marginal::Law::infinity, max = Marginal::Law::infinity;
  bool is_whole_line() const { return min == -Marginal::Law::infinity && max == Marginal::Law::infinity; }
};

//! Reads parameters and keeps the first complaint: "normal: sd must be > 0, got -1".
class ParameterReader {
 public:
  explicit ParameterReader(std::string_view family) : family_(family) {}

  double number(const Parameter& parameter, std::string_view name);
  double positive(const Parameter& parameter, std::string_view name);
  double within(const Parameter& parameter, std::string_view name, double least, double most);
  double whole(const Parameter& parameter, std::string_view name, double least);
  void require(bool holds, std::string_view message);

  bool ok() const { return complaint_.empty(); }
  tl::unexpected<Error> failure() const { return fail(Errc::invalid_argument, complaint_); }

 private:
  std::string family_, complaint_;
};

//! The law of a family before truncation and rounding. Counts use `range` at once, which keeps their
//! far tails exact; others leave it to `truncated`.
Result<RawLaw> raw_law(const Distribution& distribution, const ValueRange& range);

Result<LawPtr> continuous_law(const Distribution& distribution);  //!< null where the family is another
Result<LawPtr> piecewise_law(const Distribution& distribution);   //!< null where the family is another
Result<DiscreteTable> discrete_table(const Distribution& distribution, const ValueRange& range);
Result<RawLaw> mixture_law(const Mixture& mixture);
Result<RawLaw> mixture_law(const ZeroInflated& inflated);

LawPtr uniform_law(double low, double high);
LawPtr discrete_law(DiscreteTable table);  //!< all atoms, to be part of a mixture

//! The law inside a range, renormalised. @errors infeasible: no probability there
Result<LawPtr> truncated(LawPtr law, const ValueRange& range);

//! P(low <= X < high) without cancellation in either tail.
double probability_between(const Marginal::Law& law, double low, double high);

//! Normal score of P(X <= x).
double score_of(const Marginal::Law& law, double x);

//! The quantile near a guess by Newton's method on the logarithm of the tail; from scratch where that fails.
//! @param slope  receives the density at the solution, nearly
double quantile_near(const Marginal::Law& law, double p, bool above, double guess, double& slope);

}  // namespace persona
