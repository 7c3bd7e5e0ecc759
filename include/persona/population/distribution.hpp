//! How the values of one attribute are spread over a population.
#pragma once

#include <persona/core/config.hpp>
#include <persona/core/value.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace persona {

//! A number, or an expression over other attributes: `Normal{.mean = "160 + 12 * (sex == 'male')"}`.
//!
//! Expressions may move and scale a family (mean, mu, sd, rate, scale, location, probability), not
//! bend its shape; shapes that depend on others are written as cases of the attribute.
struct Parameter {
  double number = 0;
  std::string expression;  //!< used when not empty

  Parameter() = default;
  Parameter(double value) : number(value) {}
  Parameter(int value) : number(value) {}
  Parameter(std::string text) : expression(std::move(text)) {}
  Parameter(const char* text) : expression(text) {}

  bool is_expression() const { return !expression.empty(); }
  bool operator==(const Parameter& other) const {
    return expression == other.expression && (is_expression() || number == other.number);
  }
};

// clang-format off
// Continuous. Units are the attribute's.
struct Normal      { Parameter mean = 0, sd = 1;               bool operator==(const Normal&) const = default; };
struct LogNormal   { Parameter mu = 0, sigma = 1;              bool operator==(const LogNormal&) const = default; };  //!< mu, sigma of log(x)
struct Gamma       { Parameter shape = 1, scale = 1;           bool operator==(const Gamma&) const = default; };
struct Beta        { Parameter alpha = 1, beta = 1, low = 0, high = 1; bool operator==(const Beta&) const = default; };
struct Exponential { Parameter rate = 1;                       bool operator==(const Exponential&) const = default; };  //!< mean is 1 / rate
struct Weibull     { Parameter shape = 1, scale = 1;           bool operator==(const Weibull&) const = default; };
struct StudentT    { Parameter df = 5, location = 0, scale = 1; bool operator==(const StudentT&) const = default; };
struct Pareto      { Parameter minimum = 1, alpha = 2;         bool operator==(const Pareto&) const = default; };
struct Triangular  { Parameter low = 0, mode = 0.5, high = 1;  bool operator==(const Triangular&) const = default; };
struct Uniform     { Parameter low = 0, high = 1;              bool operator==(const Uniform&) const = default; };

// Counts.
struct Poisson          { Parameter mean = 1;                            bool operator==(const Poisson&) const = default; };
struct Binomial         { Parameter trials = 1, probability = 0.5;       bool operator==(const Binomial&) const = default; };
struct NegativeBinomial { Parameter successes = 1, probability = 0.5;    bool operator==(const NegativeBinomial&) const = default; };  //!< failures before the last success
struct Geometric        { Parameter probability = 0.5;                   bool operator==(const Geometric&) const = default; };  //!< failures before the first success
struct Zipf             { Parameter exponent = 1, count = 10;            bool operator==(const Zipf&) const = default; };  //!< 1 .. count
struct UniformInteger   { Parameter low = 0, high = 1;                   bool operator==(const UniformInteger&) const = default; };  //!< both ends included
// clang-format on

//! A published quantile table: P(X <= values[i]) = probabilities[i], straight lines between.
//! Probabilities rise from 0 to 1.
struct Quantiles {
  std::vector<double> probabilities, values;
  bool operator==(const Quantiles&) const = default;
};

//! A published histogram: weight[i] spread evenly over edges[i] .. edges[i + 1].
struct Histogram {
  std::vector<double> edges, weights;
  bool operator==(const Histogram&) const = default;
};

struct Component;

//! A weighted mixture of numeric distributions.
struct Mixture {
  std::vector<Component> components;
  PERSONA_EXPORT bool operator==(const Mixture&) const;
};

//! `zero` of the people have 0, the rest follow `rest`.
struct ZeroInflated {
  double zero = 0;
  std::vector<Component> rest;  //!< exactly one
  PERSONA_EXPORT bool operator==(const ZeroInflated&) const;
};

//! Labels with no order. Weights need not sum to one.
struct Categorical {
  std::vector<std::string> categories;
  std::vector<double> weights = {};  //!< empty is equal weights
  bool operator==(const Categorical&) const = default;
};

//! Labels in rising order, scored 0, 1, 2 ... or as given.
struct Ordinal {
  std::vector<std::string> categories;
  std::vector<double> weights = {};  //!< empty is equal weights
  std::vector<double> scores = {};   //!< rising; empty is 0, 1, 2 ...
  bool operator==(const Ordinal&) const = default;
};

//! Yes or no.
struct Bernoulli {
  Parameter probability = 0.5;
  bool operator==(const Bernoulli&) const = default;
};

//! Any number of labels at once, each with its own probability, independently.
struct MultiSelect {
  std::vector<std::string> categories;
  std::vector<double> probabilities;
  bool operator==(const MultiSelect&) const = default;
};

//! Days spread evenly, both ends included.
struct DateRange {
  Date from, to;
  bool operator==(const DateRange&) const = default;
};

//! The same for everybody.
struct Constant {
  Value value;
  bool operator==(const Constant&) const = default;
};

//! Computed from other attributes: `Derived{.expression = "weight / (height / 100)^2"}`.
//! With categories, the expression names one of them: `if(age < 65, 'working age', 'retired')`.
struct Derived {
  std::string expression;
  std::vector<std::string> categories = {};
  bool operator==(const Derived&) const = default;
};

//! Which part of a person's identity is drawn from the name and place tables.
enum class IdentityPart { given_name, surname, full_name, email, city, state, postal_code };

//! A name, an address or a place that agrees with the person's other attributes.
//! Parts of one person agree with each other: the e-mail address is made from the same names.
struct Identity {
  IdentityPart part = IdentityPart::full_name;
  std::string sex = {}, age = {}, origin = {}, place = {};  //!< names of attributes to agree with; empty where unknown
  bool operator==(const Identity&) const = default;
};

//! Any of them. `std::holds_alternative<Normal>(d)` asks which.
using Distribution =
    std::variant<Constant, Normal, LogNormal, Gamma, Beta, Exponential, Weibull, StudentT, Pareto, Triangular, Uniform,
                 Poisson, Binomial, NegativeBinomial, Geometric, Zipf, UniformInteger, Quantiles, Histogram, Mixture,
                 ZeroInflated, Categorical, Ordinal, Bernoulli, MultiSelect, DateRange, Derived, Identity>;

//! One part of a mixture.
struct Component {
  double weight = 1;
  Distribution distribution;
  bool operator==(const Component&) const = default;
};

//! The name used in JSON: "normal", "zero_inflated", ...
PERSONA_EXPORT std::string_view family(const Distribution& distribution);

}  // namespace persona
