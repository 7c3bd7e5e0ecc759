//! Domains of parameters and shapes of tables.
#include "spec_validate_distribution.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numeric>
#include <unordered_set>

#include "core/text.hpp"

namespace persona {
namespace {

constexpr int deepest_mixture = 8;

//! What is wrong with a number, or nothing.
std::string_view domain_complaint(double x, Domain domain) {
  constexpr double whole_most = 9007199254740992.0, count_most = 1e9;
  const bool whole = std::trunc(x) == x;
  if (!std::isfinite(x)) return "must be finite";
  switch (domain) {
    case Domain::any: return {};
    case Domain::positive: return x > 0 ? "" : "must be positive";
    case Domain::non_negative: return x >= 0 ? "" : "must not be negative";
    case Domain::share: return x >= 0 && x <= 1 ? "" : "must lie between 0 and 1";
    case Domain::positive_share: return x > 0 && x <= 1 ? "" : "must be above 0 and at most 1";
    case Domain::whole: return whole && std::fabs(x) <= whole_most ? "" : "must be a whole number";
    case Domain::count: return whole && x >= 1 && x <= count_most ? "" : "must be a whole number from 1 to 10^9";
  }
  return {};
}

bool mixture_can_hold(const Distribution& d) {
  if (const auto* constant = std::get_if<Constant>(&d))
    return std::holds_alternative<double>(constant->value) || std::holds_alternative<std::int64_t>(constant->value);
  return !std::holds_alternative<Categorical>(d) && !std::holds_alternative<Ordinal>(d) &&
         !std::holds_alternative<Bernoulli>(d) && !std::holds_alternative<MultiSelect>(d) &&
         !std::holds_alternative<DateRange>(d) && !std::holds_alternative<Derived>(d) &&
         !std::holds_alternative<Identity>(d);
}

}  // namespace

void DistributionValidator::number(double value, Domain domain, std::string_view name, const JsonPath& path) {
  if (const auto wrong = domain_complaint(value, domain); !wrong.empty())
    complain(path, fmt::format("'{}' {}, not {}", name, wrong, value));
}

void DistributionValidator::text(const std::string& value, std::string_view name, const JsonPath& path) {
  if (!is_utf8(value)) complain(path, fmt::format("'{}' is not UTF-8", name));
}

void DistributionValidator::labels(const std::vector<std::string>& labels, const JsonPath& path) {
  if (labels.empty()) complain(path, "there must be at least one label");
  std::unordered_set<std::string_view> seen;
  for (std::size_t i = 0; i < labels.size() && ok(); ++i) {
    if (labels[i].empty()) complain(path / i, "a label must not be empty");
    text(labels[i], "label", path / i);
    if (ok() && !seen.insert(labels[i]).second)
      complain(path / i, fmt::format("the label '{}' stands twice", shortened(labels[i])));
  }
}

void DistributionValidator::weights(const std::vector<double>& weights, const JsonPath& path) {
  for (std::size_t i = 0; i < weights.size() && ok(); ++i) number(weights[i], Domain::non_negative, "weight", path / i);
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  if (ok() && !(sum > 0 && std::isfinite(sum))) complain(path, "the weights must have a positive, finite sum");
}

void DistributionValidator::same_length(std::size_t labels, std::size_t numbers, std::string_view name,
                                        const JsonPath& path) {
  if (labels != numbers)
    complain(path, fmt::format("there are {} labels, but {} {}; they must be equally many", labels, numbers, name));
}

void DistributionValidator::rising(const std::vector<double>& list, bool strictly, std::string_view name,
                                   const JsonPath& path) {
  for (std::size_t i = 0; i < list.size() && ok(); ++i) number(list[i], Domain::any, name, path / i);
  for (std::size_t i = 1; i < list.size() && ok(); ++i)
    if (list[i] < list[i - 1] || (strictly && list[i] == list[i - 1]))
      complain(path / i, fmt::format("'{}' must rise, but {} comes after {}", name, list[i], list[i - 1]));
}

void DistributionValidator::below(const Parameter& low, const Parameter& high, bool or_equal, std::string_view what,
                                  const JsonPath& path) {
  if (!ok() || low.is_expression() || high.is_expression()) return;
  if (!(low.number < high.number || (or_equal && low.number == high.number)))
    complain(path, fmt::format("{}, but {} and {} are given", what, low.number, high.number));
}

void DistributionValidator::parameter(const Parameter& value, std::string_view name, Domain domain, Moves moves,
                                      bool truncatable, const JsonPath& path, const Attribute& attribute) {
  if (!value.is_expression()) return number(value.number, domain, name, path);
  if (moves == Moves::no) complain(path, fmt::format("'{}' cannot be an expression; write cases", name));
  if (depth_ > 0) complain(path, fmt::format("'{}' cannot be an expression inside a mixture; write cases", name));
  if (attribute.truncation && !truncatable)
    complain(path, fmt::format("'{}' cannot be an expression where 'truncate' is given; only normal and lognormal can "
                               "have both",
                               name));
}

void DistributionValidator::components(const std::vector<Component>& components, const JsonPath& path, bool single,
                                       const Attribute& attribute) {
  if (single ? components.size() != 1 : components.empty())
    complain(path, single ? "exactly one distribution must be given" : "there must be at least one component");
  if (depth_ == deepest_mixture) complain(path, fmt::format("mixtures are nested deeper than {}", deepest_mixture));
  ++depth_;
  for (std::size_t i = 0; i < components.size() && ok(); ++i) {
    const JsonPath at = single ? path : path / i;
    if (!single) number(components[i].weight, Domain::positive, "weight", at / "weight");
    if (single && components[i].weight != 1) complain(at, "its weight must be 1; 'zero' is the share of zeros");
    const JsonPath inside = single ? at : at / "distribution";
    if (!mixture_can_hold(components[i].distribution))
      complain(inside,
               fmt::format("a mixture is of numbers; {} cannot be part of it", family(components[i].distribution)));
    distribution(components[i].distribution, inside, attribute);
  }
  --depth_;
}

template <class D>
void DistributionValidator::fields(const D& d, const JsonPath& path, const Attribute& attribute) {
  constexpr bool truncatable = std::is_same_v<D, Normal> || std::is_same_v<D, LogNormal>;
  for_each_field<D>([&]<class M>(const DistributionField<D, M>& field) {
    const M& value = d.*field.member;
    const JsonPath at = path / field.name;
    if (!ok()) return;
    if constexpr (std::is_same_v<M, Parameter>) {
      parameter(value, field.name, field.domain, field.moves, truncatable, at, attribute);
    } else if constexpr (std::is_same_v<M, double>) {
      number(value, field.domain, field.name, at);
    } else if constexpr (std::is_same_v<M, std::vector<double>>) {
      for (std::size_t i = 0; i < value.size() && ok(); ++i) number(value[i], field.domain, field.name, at / i);
    } else if constexpr (std::is_same_v<M, std::string>) {
      text(value, field.name, at);
    } else if constexpr (std::is_same_v<M, std::vector<Component>>) {
      components(value, at, std::is_same_v<D, ZeroInflated>, attribute);
    }
  });
  if (ok()) together(d, path);
}

void DistributionValidator::distribution(const Distribution& distribution, const JsonPath& path,
                                         const Attribute& attribute) {
  if (ok()) std::visit([&](const auto& d) { fields(d, path, attribute); }, distribution);
}

void DistributionValidator::together(const Constant& d, const JsonPath& path) {
  const JsonPath at = path / "value";
  if (std::holds_alternative<std::monostate>(d.value))
    complain(at, "a constant needs a value; 'missing' says who has none");
  if (const auto* x = std::get_if<double>(&d.value)) number(*x, Domain::any, "value", at);
  if (const auto* label = std::get_if<std::string>(&d.value)) labels({*label}, at);
  if (const auto* list = std::get_if<std::vector<std::string>>(&d.value)) labels(*list, at);
  if (const auto* date = std::get_if<Date>(&d.value)) together(DateRange{*date, *date}, path);
}

void DistributionValidator::together(const Triangular& d, const JsonPath& path) {
  below(d.low, d.high, false, "low must be below high", path);
  below(d.low, d.mode, true, "low must not be above mode", path);
  below(d.mode, d.high, true, "mode must not be above high", path);
}

void DistributionValidator::together(const Quantiles& d, const JsonPath& path) {
  const auto& p = d.probabilities;
  if (p.size() < 2 || p.size() != d.values.size())
    complain(path, fmt::format("at least two probabilities and as many values are needed; {} and {} are given",
                               p.size(), d.values.size()));
  rising(p, true, "probabilities", path / "probabilities");
  rising(d.values, false, "values", path / "values");
  if (ok() && (p.front() != 0 || p.back() != 1))
    complain(path / "probabilities", fmt::format("they must rise from 0 to 1, not from {} to {}", p.front(), p.back()));
  if (ok() && d.values.front() == d.values.back()) complain(path / "values", "all values are equal; write a constant");
}

void DistributionValidator::together(const Histogram& d, const JsonPath& path) {
  if (d.weights.empty() || d.edges.size() != d.weights.size() + 1)
    complain(path, fmt::format("there must be one edge more than weights; {} edges and {} weights are given",
                               d.edges.size(), d.weights.size()));
  rising(d.edges, true, "edges", path / "edges");
  if (ok()) weights(d.weights, path / "weights");
}

void DistributionValidator::together(const Categorical& d, const JsonPath& path) {
  labels(d.categories, path / "categories");
  if (d.weights.empty() || !ok()) return;
  same_length(d.categories.size(), d.weights.size(), "weights", path / "weights");
  weights(d.weights, path / "weights");
}

void DistributionValidator::together(const Ordinal& d, const JsonPath& path) {
  together(Categorical{d.categories, d.weights}, path);
  if (d.scores.empty() || !ok()) return;
  same_length(d.categories.size(), d.scores.size(), "scores", path / "scores");
  rising(d.scores, true, "scores", path / "scores");
}

void DistributionValidator::together(const MultiSelect& d, const JsonPath& path) {
  labels(d.categories, path / "categories");
  same_length(d.categories.size(), d.probabilities.size(), "probabilities", path / "probabilities");
}

void DistributionValidator::together(const DateRange& d, const JsonPath& path) {
  const Date first = *parse_date("0001-01-01"), last = *parse_date("9999-12-31");
  if (d.from < first || d.to > last) complain(path, "days must lie in the years 1 to 9999");
  if (d.from > d.to) complain(path, fmt::format("'from' {} is after 'to' {}", to_string(d.from), to_string(d.to)));
}

void DistributionValidator::together(const Derived& d, const JsonPath& path) {
  if (d.expression.empty()) complain(path / "expression", "an expression is empty");
  if (!d.categories.empty()) labels(d.categories, path / "categories");
}

}  // namespace persona
