//! Means, quantiles and frequent labels of columns.
#include <persona/population/summary.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

namespace persona {
namespace {

constexpr std::array<double, 5> summary_probabilities = {0.05, 0.25, 0.5, 0.75, 0.95};
constexpr std::size_t most_labels = 10;
constexpr double summary_none = std::numeric_limits<double>::quiet_NaN();

// The known values of a column with their weights; without weights `weights` is empty.
struct SummarySample {
  std::vector<double> values, weights;
};

SummarySample known_values(const Column& column, std::span<const double> weights) {
  const auto rows = static_cast<std::size_t>(column.size());
  std::vector<double> all(rows);
  column.numbers(0, all);
  SummarySample sample;
  sample.values.reserve(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    if (std::isnan(all[row]) || (!weights.empty() && weights[row] == 0)) continue;
    sample.values.push_back(all[row]);
    if (!weights.empty()) sample.weights.push_back(weights[row]);
  }
  return sample;
}

// Sums blocks first: the error does not grow with the rows.
template <class Term>
double summary_sum(std::size_t count, Term term) {
  constexpr std::size_t block = 1024;
  double total = 0;
  for (std::size_t first = 0; first < count; first += block) {
    double part = 0;
    for (std::size_t i = first; i < std::min(first + block, count); ++i) part += term(i);
    total += part;
  }
  return total;
}

void summarize_moments(const SummarySample& sample, ColumnSummary& summary) {
  const auto& [x, w] = sample;
  if (x.empty()) return;
  const auto weight = [&w = w](std::size_t i) { return w.empty() ? 1.0 : w[i]; };
  const double total = summary_sum(x.size(), weight);
  const double squares = summary_sum(x.size(), [&](std::size_t i) { return weight(i) * weight(i); });
  const double mean = summary_sum(x.size(), [&, &x = x](std::size_t i) { return weight(i) * x[i]; }) / total;
  const double spread =
      summary_sum(x.size(), [&, &x = x](std::size_t i) { return weight(i) * (x[i] - mean) * (x[i] - mean); });
  summary.mean = mean;
  summary.sd = x.size() > 1 ? std::sqrt(spread / (total - squares / total)) : summary_none;
  const auto [least, most] = std::ranges::minmax_element(x);
  summary.min = *least;
  summary.max = *most;
}

// numpy's, to the last bit.
double summary_between(double low, double high, double share) {
  const double step = high - low;
  return share < 0.5 ? low + step * share : high - step * (1 - share);
}

// Sorts no more than it must: probabilities rise, so each search begins where the last ended.
std::vector<std::pair<double, double>> plain_quantiles(std::vector<double> x) {
  std::vector<std::pair<double, double>> quantiles;
  auto sorted_to = x.begin();
  for (const double probability : summary_probabilities) {
    const double position = static_cast<double>(x.size() - 1) * probability;
    const double below = std::floor(position);
    const auto at = x.begin() + static_cast<std::ptrdiff_t>(below);
    std::nth_element(sorted_to, at, x.end());
    sorted_to = at;
    const double next = at + 1 == x.end() ? *at : *std::min_element(at + 1, x.end());
    quantiles.emplace_back(probability, summary_between(*at, next, position - below));
  }
  return quantiles;
}

std::vector<std::pair<double, double>> weighted_quantiles(const SummarySample& sample) {
  const auto& [x, w] = sample;
  std::vector<std::size_t> order(x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&x = x](std::size_t i) { return x[i]; });
  std::vector<double> centre;  // weight below each value, and half its own
  double below = 0;
  for (const std::size_t i : order) {
    centre.push_back(below + w[i] / 2);
    below += w[i];
  }
  std::vector<std::pair<double, double>> quantiles;
  for (const double probability : summary_probabilities) {
    const double wanted = centre.front() + probability * (centre.back() - centre.front());
    const auto above = static_cast<std::size_t>(std::ranges::upper_bound(centre, wanted) - centre.begin());
    if (above == centre.size()) {
      quantiles.emplace_back(probability, x[order.back()]);
      continue;
    }
    const double share = (wanted - centre[above - 1]) / (centre[above] - centre[above - 1]);
    quantiles.emplace_back(probability, summary_between(x[order[above - 1]], x[order[above]], share));
  }
  return quantiles;
}

using LabelShares = std::vector<std::pair<std::string, double>>;

// Keeps those that occur, most frequent first; equally frequent ones stay in the order they came.
LabelShares most_frequent(LabelShares shares, double total) {
  std::erase_if(shares, [](const auto& entry) { return entry.second <= 0; });
  std::ranges::stable_sort(shares, std::greater<>(), [](const auto& entry) { return entry.second; });
  if (shares.size() > most_labels) shares.resize(most_labels);
  for (auto& [label, share] : shares) share /= total;
  return shares;
}

LabelShares count_texts(const Column& column, std::span<const double> weights) {
  std::unordered_map<std::string_view, double> counts;
  for (std::int64_t row = 0; row < column.size(); ++row)
    if (column.is_valid(row)) counts[column.text(row)] += weights.empty() ? 1 : weights[static_cast<std::size_t>(row)];
  LabelShares shares(counts.begin(), counts.end());
  std::ranges::sort(shares);
  return shares;
}

LabelShares count_labels(const Column& column, std::span<const double> weights) {
  LabelShares shares;
  if (column.type() == ColumnType::boolean) {
    shares = {{"true", 0}, {"false", 0}};
  } else {
    for (const std::string& label : *column.field().labels) shares.emplace_back(label, 0);
  }
  for (std::int64_t row = 0; row < column.size(); ++row) {
    if (!column.is_valid(row)) continue;
    const double weight = weights.empty() ? 1 : weights[static_cast<std::size_t>(row)];
    const auto count = [&](std::int64_t code) { shares[static_cast<std::size_t>(code)].second += weight; };
    if (column.type() == ColumnType::category) count(column.code(row));
    if (column.type() == ColumnType::boolean) count(column.number(row) != 0 ? 0 : 1);
    for (const std::int32_t code : column.list(row)) count(code);
  }
  return shares;
}

double known_weight(const Column& column, std::span<const double> weights) {
  if (weights.empty()) return static_cast<double>(column.size() - column.null_count());
  return summary_sum(weights.size(), [&](std::size_t row) {
    return column.is_valid(static_cast<std::int64_t>(row)) ? weights[row] : 0;
  });
}

ColumnSummary summarize_column(const Column& column, std::span<const double> weights) {
  ColumnSummary summary{.field = column.field()};
  summary.missing = column.null_count();
  summary.count = column.size() - summary.missing;
  summary.mean = summary.sd = summary.min = summary.max = summary_none;
  const ColumnType type = column.type();
  const bool labelled = type == ColumnType::category || type == ColumnType::list || type == ColumnType::boolean;
  const bool scored =
      type != ColumnType::text && type != ColumnType::list && (type != ColumnType::category || column.field().ordered);
  if (scored) {
    const SummarySample sample = known_values(column, weights);
    summarize_moments(sample, summary);
    if (!labelled && !sample.values.empty())
      summary.quantiles = weights.empty() ? plain_quantiles(sample.values) : weighted_quantiles(sample);
  }
  if (labelled) summary.top = most_frequent(count_labels(column, weights), known_weight(column, weights));
  if (type == ColumnType::text)
    summary.top = most_frequent(count_texts(column, weights), known_weight(column, weights));
  return summary;
}

Result<std::vector<double>> read_weights(const Population& population, std::string_view name) {
  const Result<Column> column = population.column(name);
  if (!column) return tl::unexpected(column.error());
  if (column->type() != ColumnType::float64 && column->type() != ColumnType::int32 &&
      column->type() != ColumnType::int64)
    return fail(Errc::invalid_argument,
                fmt::format("column '{}' of type {} cannot be a weight", name, to_string(column->type())));
  std::vector<double> weights(static_cast<std::size_t>(column->size()));
  column->numbers(0, weights);
  for (std::size_t row = 0; row < weights.size(); ++row)
    if (!(weights[row] >= 0) || std::isinf(weights[row]))
      return fail(Errc::invalid_argument,
                  fmt::format("weight '{}' of row {} is {}; weights are 0 or more", name, row, weights[row]));
  if (!weights.empty() && std::ranges::all_of(weights, [](double weight) { return weight == 0; }))
    return fail(Errc::invalid_argument, fmt::format("all weights '{}' are zero", name));
  return weights;
}

}  // namespace

Result<Summary> summarize(const Population& population, std::string_view weights) {
  Summary summary{.rows = population.size(), .weight = static_cast<double>(population.size())};
  std::vector<double> row_weights;
  if (!weights.empty()) {
    Result<std::vector<double>> read = read_weights(population, weights);
    if (!read) return tl::unexpected(std::move(read.error()));
    row_weights = *std::move(read);
    summary.weight = summary_sum(row_weights.size(), [&](std::size_t row) { return row_weights[row]; });
  }
  for (const Column& column : population.columns()) summary.columns.push_back(summarize_column(column, row_weights));
  return summary;
}

}  // namespace persona
