//! Every family with its JSON name and fields: the one table behind reader, writer, validator and schema.
#pragma once

#include <persona/population/distribution.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace persona {

//! Which numbers a field may hold.
enum class Domain {
  any,
  positive,        //!< > 0
  non_negative,    //!< >= 0
  share,           //!< 0 .. 1
  positive_share,  //!< > 0, <= 1
  whole,           //!< -2^53 .. 2^53
  count,           //!< 1 .. 10^9, whole
};

//! Who may move a parameter from person to person.
enum class Moves { no, by_expression };

template <class D, class M>
struct DistributionField {
  std::string_view name;
  M D::*member;
  std::string_view description;
  Domain domain = Domain::any;
  Moves moves = Moves::no;
  bool optional = false;  //!< the default of the struct holds where it is left out
};

template <class D>
struct Family;

// clang-format off
#define PERSONA_FAMILY(TYPE, NAME, TEXT, ...)                                       \
  template <> struct Family<TYPE> {                                                 \
    using T = TYPE;                                                                 \
    template <class M> using F = DistributionField<T, M>;                           \
    using P = F<Parameter>;                                                         \
    static constexpr std::string_view name = NAME, description = TEXT;              \
    static constexpr auto fields() { return std::tuple{__VA_ARGS__}; }              \
  };

PERSONA_FAMILY(Constant, "constant", "The same for everybody.",
  F<Value>{"value", &T::value, "A number, true or false, text, {\"date\": \"2019-07-04\"}, or a list of labels."})
PERSONA_FAMILY(Normal, "normal", "The bell curve.",
  P{"mean", &T::mean, "Centre.", Domain::any, Moves::by_expression},
  P{"sd", &T::sd, "Standard deviation.", Domain::positive, Moves::by_expression})
PERSONA_FAMILY(LogNormal, "lognormal", "exp of a normal: incomes, sizes.",
  P{"mu", &T::mu, "Mean of log(x); exp(mu) is the median.", Domain::any, Moves::by_expression},
  P{"sigma", &T::sigma, "Standard deviation of log(x).", Domain::positive, Moves::by_expression})
PERSONA_FAMILY(Gamma, "gamma", "Sums of waiting times; the mean is shape * scale.",
  P{"shape", &T::shape, "Shape.", Domain::positive},
  P{"scale", &T::scale, "Scale.", Domain::positive, Moves::by_expression})
PERSONA_FAMILY(Beta, "beta", "Shares between two ends.",
  P{"alpha", &T::alpha, "First shape.", Domain::positive},
  P{"beta", &T::beta, "Second shape.", Domain::positive},
  P{"low", &T::low, "Lower end, 0 where left out.", Domain::any, Moves::by_expression, true},
  P{"high", &T::high, "Upper end, 1 where left out.", Domain::any, Moves::by_expression, true})
PERSONA_FAMILY(Exponential, "exponential", "Waiting times; the mean is 1 / rate.",
  P{"rate", &T::rate, "Events per unit.", Domain::positive, Moves::by_expression})
PERSONA_FAMILY(Weibull, "weibull", "Life times.",
  P{"shape", &T::shape, "Shape.", Domain::positive},
  P{"scale", &T::scale, "Scale.", Domain::positive, Moves::by_expression})
PERSONA_FAMILY(StudentT, "student_t", "A bell with heavy tails.",
  P{"df", &T::df, "Degrees of freedom.", Domain::positive},
  P{"location", &T::location, "Centre, 0 where left out.", Domain::any, Moves::by_expression, true},
  P{"scale", &T::scale, "Scale, 1 where left out.", Domain::positive, Moves::by_expression, true})
PERSONA_FAMILY(Pareto, "pareto", "Power-law tail above a minimum.",
  P{"minimum", &T::minimum, "Least value.", Domain::positive},
  P{"alpha", &T::alpha, "Tail index; the mean exists above 1, the variance above 2.", Domain::positive})
PERSONA_FAMILY(Triangular, "triangular", "Least, most likely, largest.",
  P{"low", &T::low, "Least value."}, P{"mode", &T::mode, "Most likely value."}, P{"high", &T::high, "Largest value."})
PERSONA_FAMILY(Uniform, "uniform", "Spread evenly.",
  P{"low", &T::low, "Least value.", Domain::any, Moves::by_expression},
  P{"high", &T::high, "Largest value.", Domain::any, Moves::by_expression})
PERSONA_FAMILY(Poisson, "poisson", "Counts of rare events.",
  P{"mean", &T::mean, "Mean count.", Domain::positive, Moves::by_expression})
PERSONA_FAMILY(Binomial, "binomial", "Successes among trials.",
  P{"trials", &T::trials, "How many trials.", Domain::count},
  P{"probability", &T::probability, "Of one success.", Domain::share, Moves::by_expression})
PERSONA_FAMILY(NegativeBinomial, "negative_binomial", "Failures before the last success.",
  P{"successes", &T::successes, "How many successes; need not be whole.", Domain::positive},
  P{"probability", &T::probability, "Of one success.", Domain::positive_share})
PERSONA_FAMILY(Geometric, "geometric", "Failures before the first success.",
  P{"probability", &T::probability, "Of one success.", Domain::positive_share})
PERSONA_FAMILY(Zipf, "zipf", "Ranks 1 .. count with probability as rank^-exponent.",
  P{"exponent", &T::exponent, "How steep.", Domain::non_negative},
  P{"count", &T::count, "Largest rank.", Domain::count})
PERSONA_FAMILY(UniformInteger, "uniform_integer", "Whole numbers, each equally likely, both ends included.",
  P{"low", &T::low, "Least value.", Domain::whole}, P{"high", &T::high, "Largest value.", Domain::whole})
PERSONA_FAMILY(Quantiles, "quantiles", "A published quantile table, straight lines between.",
  F<std::vector<double>>{"probabilities", &T::probabilities, "Rising from 0 to 1.", Domain::share},
  F<std::vector<double>>{"values", &T::values, "P(x <= values[i]) = probabilities[i]; rising, equal neighbours allowed."})
PERSONA_FAMILY(Histogram, "histogram", "A published histogram, even inside each bin.",
  F<std::vector<double>>{"edges", &T::edges, "Rising; one more than weights."},
  F<std::vector<double>>{"weights", &T::weights, "Of the bins; need not sum to one.", Domain::non_negative})
PERSONA_FAMILY(Mixture, "mixture", "Several numeric distributions, each for a share of the people.",
  F<std::vector<Component>>{"components", &T::components, "Each with a weight and a distribution."})
PERSONA_FAMILY(ZeroInflated, "zero_inflated", "Zero for some, a numeric distribution for the rest.",
  F<double>{"zero", &T::zero, "Share of people with 0.", Domain::share},
  F<std::vector<Component>>{"rest", &T::rest, "Distribution of the others."})
PERSONA_FAMILY(Categorical, "categorical", "Labels without an order.",
  F<std::vector<std::string>>{"categories", &T::categories, "The labels."},
  F<std::vector<double>>{"weights", &T::weights, "One for each label; equal where left out; need not sum to one.", Domain::non_negative, Moves::no, true})
PERSONA_FAMILY(Ordinal, "ordinal", "Labels in rising order.",
  F<std::vector<std::string>>{"categories", &T::categories, "The labels, lowest first."},
  F<std::vector<double>>{"weights", &T::weights, "One for each label; equal where left out; need not sum to one.", Domain::non_negative, Moves::no, true},
  F<std::vector<double>>{"scores", &T::scores, "Rising numbers that stand for the labels in correlations; 0, 1, 2 ... where left out.", Domain::any, Moves::no, true})
PERSONA_FAMILY(Bernoulli, "bernoulli", "Yes or no.",
  P{"probability", &T::probability, "Of yes.", Domain::share, Moves::by_expression})
PERSONA_FAMILY(MultiSelect, "multi_select", "Any number of labels at once, independently.",
  F<std::vector<std::string>>{"categories", &T::categories, "The labels."},
  F<std::vector<double>>{"probabilities", &T::probabilities, "Of each label.", Domain::share})
PERSONA_FAMILY(DateRange, "date_range", "Days spread evenly, both ends included.",
  F<Date>{"from", &T::from, "First day, \"2019-07-04\"."}, F<Date>{"to", &T::to, "Last day."})
PERSONA_FAMILY(Derived, "derived", "Computed from other attributes.",
  F<std::string>{"expression", &T::expression, "In the expression language."},
  F<std::vector<std::string>>{"categories", &T::categories, "Labels, where the expression names one of them.", Domain::any, Moves::no, true})
PERSONA_FAMILY(Identity, "full_name", "A name, an address or a place that agrees with the person.",
  F<std::string>{"sex", &T::sex, "Attribute that holds the sex.", Domain::any, Moves::no, true},
  F<std::string>{"age", &T::age, "Attribute that holds the age in years.", Domain::any, Moves::no, true},
  F<std::string>{"origin", &T::origin, "Attribute that holds the origin.", Domain::any, Moves::no, true},
  F<std::string>{"place", &T::place, "Attribute that holds the place of living.", Domain::any, Moves::no, true})
// clang-format on
#undef PERSONA_FAMILY

//! Calls `visit(field)` for each field of D, in order.
template <class D, class Visit>
void for_each_field(Visit&& visit) {
  std::apply([&](const auto&... field) { (visit(field), ...); }, Family<D>::fields());
}

//! Names of all families, the identity parts included.
const std::vector<std::string>& family_names();

//! The family of that name with its defaults; nothing where there is none.
std::optional<Distribution> make_family(std::string_view name);

}  // namespace persona
