//! Pilots, what they say of correlations, and of constraints.
#include "pilot.hpp"

#include "batch.hpp"
#include "sample_correlation.hpp"
#include "sampler_pool.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace persona {
namespace {

// Below it a million people cannot tell a drift from chance: a third of the 95 % band of their KS distance.
constexpr double least_drift = 5e-4;

std::vector<double> pilot_numbers(const CompiledModel& model, const Population& people, std::size_t attribute) {
  std::vector<double> numbers(static_cast<std::size_t>(people.size()));
  people.columns()[attribute].numbers(0, numbers);
  const auto* ordinal = model.attributes[attribute].laws.empty()
                            ? nullptr
                            : std::get_if<Ordinal>(&model.attributes[attribute].laws.front().distribution);
  if (ordinal != nullptr && !ordinal->scores.empty())
    for (double& x : numbers)
      if (x == x) x = ordinal->scores[static_cast<std::size_t>(x)];
  return numbers;
}

// Largest difference of the two distribution functions; both sorted.
double kolmogorov_distance(const std::vector<double>& a, const std::vector<double>& b) {
  double largest = 0;
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    const double x = std::min(a[i], b[j]);
    while (i < a.size() && a[i] <= x) ++i;
    while (j < b.size() && b[j] <= x) ++j;
    largest = std::max(largest, std::abs(static_cast<double>(i) / static_cast<double>(a.size()) -
                                         static_cast<double>(j) / static_cast<double>(b.size())));
  }
  return largest;
}

double total_variation(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  std::size_t i = 0, j = 0;
  while (i < a.size() || j < b.size()) {
    const double x = j == b.size() || (i < a.size() && a[i] < b[j]) ? a[i] : b[j];
    const std::size_t from_i = i, from_j = j;
    while (i < a.size() && a[i] == x) ++i;
    while (j < b.size() && b[j] == x) ++j;
    sum += std::abs(static_cast<double>(i - from_i) / static_cast<double>(a.size()) -
                    static_cast<double>(j - from_j) / static_cast<double>(b.size()));
  }
  return sum / 2;
}

std::vector<double> sorted_known(std::vector<double> numbers) {
  numbers.erase(std::remove_if(numbers.begin(), numbers.end(), [](double x) { return std::isnan(x); }), numbers.end());
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

}  // namespace

Result<Pilot> draw_pilot(CompiledModel& model, std::uint64_t rows, bool constrained, const Context& context) {
  std::vector<std::size_t> set_aside;
  if (!constrained) set_aside.swap(model.constraints);
  std::uint64_t candidates = 0;
  const Context quiet{context.stop, context.deadline, nullptr};
  auto people = draw_batch(model, {.count = rows, .seed = pilot_seed}, {}, quiet, {0, rows, &candidates});
  if (!constrained) set_aside.swap(model.constraints);
  if (!people) return tl::unexpected<Error>(people.error());
  return Pilot{std::move(*people),
               static_cast<double>(rows) / static_cast<double>(std::max<std::uint64_t>(1, candidates))};
}

Result<double> satisfied_share(const CompiledModel& model, const Population& people) {
  std::vector<std::uint8_t> satisfied(static_cast<std::size_t>(people.size()), 1);
  std::vector<double> holds(satisfied.size());
  for (const std::size_t constraint : model.constraints) {
    const BoundExpression& bound = model.expressions[constraint];
    std::vector<std::vector<double>> columns;
    std::vector<const double*> inputs;
    for (const std::size_t attribute : bound.inputs) {
      columns.emplace_back(satisfied.size());
      people.columns()[attribute].numbers(0, columns.back());
    }
    for (const auto& column : columns) inputs.push_back(column.data());
    Evaluator evaluator(bound.expression);
    evaluator(inputs, holds);
    for (std::size_t i = 0; i < holds.size(); ++i) satisfied[i] &= static_cast<std::uint8_t>(holds[i] != 0);
  }
  return static_cast<double>(std::count(satisfied.begin(), satisfied.end(), 1)) / static_cast<double>(satisfied.size());
}

MeasuredCorrelation measure_correlation(const CompiledModel& model, const Population& people,
                                        const Correlation& asked) {
  const auto a = pilot_numbers(model, people, static_cast<std::size_t>(find_attribute(model, asked.a)));
  const auto b = pilot_numbers(model, people, static_cast<std::size_t>(find_attribute(model, asked.b)));
  std::vector<double> x, y;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::isnan(a[i]) || std::isnan(b[i])) continue;
    x.push_back(a[i]);
    y.push_back(b[i]);
  }
  if (x.size() < 2) return {};
  switch (asked.kind) {
    case CorrelationKind::pearson: return {sample_pearson(x, y), pearson_standard_error(x, y)};
    case CorrelationKind::spearman: {
      const auto rank_x = mid_ranks(x), rank_y = mid_ranks(y);
      return {sample_pearson(rank_x, rank_y), pearson_standard_error(rank_x, rank_y)};
    }
    // Under independence var(tau) is 4/9n; dependence only makes it smaller.
    case CorrelationKind::kendall: return {sample_kendall(x, y), 2.0 / 3.0 / std::sqrt(static_cast<double>(x.size()))};
  }
  return {};
}

Status measure_constraints(CompiledModel& model, const CompileOptions& options, const Context& context) {
  if (model.constraints.empty()) return {};
  auto free = draw_pilot(model, options.pilot_rows, false, context);
  if (!free) return tl::unexpected<Error>(free.error());
  const auto share = satisfied_share(model, free->people);
  if (!share) return tl::unexpected<Error>(share.error());
  if (*share < options.least_acceptance)
    return fail(
        Errc::infeasible,
        fmt::format("the constraints hold for {:.3g} % of the people drawn, fewer than the {:.3g} % asked for; they "
                    "contradict the distributions",
                    100 * *share, 100 * options.least_acceptance),
        "/constraints");
  auto bound = draw_pilot(model, options.pilot_rows, true, context);
  if (!bound) return tl::unexpected<Error>(bound.error());
  model.report.acceptance = bound->acceptance;

  // Both pilots share everybody who was accepted at once: only the rejected share is noise.
  const double rejected = std::max(1e-12, 1 - bound->acceptance);
  for (std::size_t a = 0; a < model.attributes.size(); ++a) {
    const ColumnType type = model.attributes[a].field.type;
    if (type == ColumnType::list || type == ColumnType::text) continue;
    const auto before = sorted_known(pilot_numbers(model, free->people, a));
    auto after = sorted_known(pilot_numbers(model, bound->people, a));
    if (before.empty() || after.empty()) continue;
    const bool labels = type == ColumnType::category || type == ColumnType::boolean;
    const double distance = labels ? total_variation(before, after) : kolmogorov_distance(before, after);
    const double noise = 1.36 * std::sqrt(2 * rejected / static_cast<double>(after.size()));
    if (distance <= std::max(noise, least_drift)) continue;
    model.report.drifts.push_back({model.attributes[a].field.name, distance, noise});
    model.pilot.push_back({a, std::move(after)});
  }
  return {};
}

}  // namespace persona
