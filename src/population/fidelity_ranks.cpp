//! Rank correlations from a table of 512 x 512 bins of equal share; labels and few values exactly.
#include "fidelity_bins.hpp"
#include "fidelity_pairs.hpp"
#include "sample_correlation.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace persona {

namespace {

constexpr std::size_t rank_bins = 512;

//! One side of the table.
struct RankAxis {
  Bins bins;
  bool ties = false;     //!< a bin is one value: people in it are tied
  double tie_share = 0;  //!< of pairs, where a bin is many values

  void calibrate(std::vector<double> sample) {
    std::sort(sample.begin(), sample.end());
    bins = Bins(sample_edges(sample, rank_bins));
    std::vector<double> distinct;
    std::unique_copy(sample.begin(), sample.end(), std::back_inserter(distinct));
    ties = distinct.size() <= rank_bins;
    double tied = 0;
    for (const double x : distinct) {
      const auto [first, last] = std::equal_range(sample.begin(), sample.end(), x);
      const double k = static_cast<double>(last - first);
      tied += k * (k - 1);
    }
    const double n = static_cast<double>(sample.size());
    tie_share = n > 1 ? tied / (n * (n - 1)) : 0;
  }
};

struct RankResult {
  double value = 0, standard_error = 0;
};

//! Shares of a two-way table, its margins, and mid-ranks in (0, 1).
struct RankTable {
  std::size_t rows, columns;
  double n;
  std::vector<double> p, row, column, row_rank, column_rank;

  RankTable(const std::vector<std::int64_t>& counts, std::size_t rows, std::size_t columns)
      : rows(rows), columns(columns), p(counts.size()), row(rows), column(columns) {
    n = static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}));
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t j = 0; j < columns; ++j) {
        const double share = p[i * columns + j] = static_cast<double>(counts[i * columns + j]) / n;
        row[i] += share;
        column[j] += share;
      }
    row_rank = mid_ranks(row);
    column_rank = mid_ranks(column);
  }

  static std::vector<double> mid_ranks(const std::vector<double>& shares) {
    std::vector<double> ranks;
    double below = 0;
    for (const double share : shares) {
      ranks.push_back(below + share / 2);
      below += share;
    }
    return ranks;
  }
};

double power_sum(const std::vector<double>& shares, double power) {
  double sum = 0;
  for (const double p : shares) sum += std::pow(p, power);
  return sum;
}

//! What raising one row does to the covariance through the ranks of the others.
std::vector<double> rank_pull(const RankTable& t, bool of_rows) {
  const std::size_t size = of_rows ? t.rows : t.columns, other = of_rows ? t.columns : t.rows;
  std::vector<double> carried(size, 0), pull(size);
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t j = 0; j < other; ++j)
      carried[i] += of_rows ? t.p[i * t.columns + j] * t.column_rank[j] : t.p[j * t.columns + i] * t.row_rank[j];
  double above = std::accumulate(carried.begin(), carried.end(), 0.0);
  for (std::size_t i = 0; i < size; ++i) {
    above -= carried[i];
    pull[i] = above + carried[i] / 2;
  }
  return pull;
}

//! The error is the spread of each cell's influence: the derivative of the value by its share.
RankResult spearman_of(const RankTable& t) {
  double product = 0;
  for (std::size_t i = 0; i < t.rows; ++i)
    for (std::size_t j = 0; j < t.columns; ++j) product += t.p[i * t.columns + j] * t.row_rank[i] * t.column_rank[j];
  const double cubes_a = power_sum(t.row, 3), cubes_b = power_sum(t.column, 3);
  const double va = (1 - cubes_a) / 12, vb = (1 - cubes_b) / 12, sd = std::sqrt(va * vb);
  const double value = (product - 0.25) / sd;
  const auto pull_a = rank_pull(t, true), pull_b = rank_pull(t, false);
  double variance = 0;
  for (std::size_t i = 0; i < t.rows; ++i)
    for (std::size_t j = 0; j < t.columns; ++j) {
      const double covariance = t.row_rank[i] * t.column_rank[j] + pull_a[i] + pull_b[j] - 3 * product;
      const double spread_a = -(t.row[i] * t.row[i] - cubes_a) / 4,
                   spread_b = -(t.column[j] * t.column[j] - cubes_b) / 4;
      const double influence = covariance / sd - value / 2 * (spread_a / va + spread_b / vb);
      variance += t.p[i * t.columns + j] * influence * influence;
    }
  return {value, std::sqrt(variance / t.n)};
}

//! Of each cell: share of people above or below in both, less those above in one and below in the other.
std::vector<double> concordance(const RankTable& t) {
  const std::size_t width = t.columns + 1;
  std::vector<double> before((t.rows + 1) * width, 0);
  for (std::size_t i = 0; i < t.rows; ++i)
    for (std::size_t j = 0; j < t.columns; ++j)
      before[(i + 1) * width + j + 1] =
          t.p[i * t.columns + j] + before[i * width + j + 1] + before[(i + 1) * width + j] - before[i * width + j];
  const auto S = [&](std::size_t i, std::size_t j) { return before[i * width + j]; };
  std::vector<double> result(t.p.size());
  for (std::size_t i = 0; i < t.rows; ++i)
    for (std::size_t j = 0; j < t.columns; ++j) {
      const double both_below = S(i, j), both_above = 1 - S(i + 1, t.columns) - S(t.rows, j + 1) + S(i + 1, j + 1);
      const double crossed = S(i, t.columns) - S(i, j + 1) + S(t.rows, j) - S(i + 1, j);
      result[i * t.columns + j] = both_below + both_above - crossed;
    }
  return result;
}

RankResult kendall_of(const RankTable& t, const RankAxis& a, const RankAxis& b) {
  const auto score = concordance(t);
  double sum = 0;
  for (std::size_t k = 0; k < score.size(); ++k) sum += t.p[k] * score[k];
  // Pairs within a bin of many values are not tied; near each other, they agree as often as not.
  const double untied = (t.n - 1) / t.n, squares_a = power_sum(t.row, 2), squares_b = power_sum(t.column, 2);
  const double da = a.ties ? 1 - squares_a : (1 - a.tie_share) * untied;
  const double db = b.ties ? 1 - squares_b : (1 - b.tie_share) * untied;
  const double value = sum / std::sqrt(da * db);
  double variance = 0;
  for (std::size_t i = 0; i < t.rows; ++i)
    for (std::size_t j = 0; j < t.columns; ++j) {
      const std::size_t k = i * t.columns + j;
      const double tie_a = a.ties ? -2 * (t.row[i] - squares_a) / da : 0;
      const double tie_b = b.ties ? -2 * (t.column[j] - squares_b) / db : 0;
      const double influence = 2 * (score[k] - sum) / std::sqrt(da * db) - value / 2 * (tie_a + tie_b);
      variance += t.p[k] * influence * influence;
    }
  return {value, std::sqrt(variance / t.n)};
}

class RankMeasure final : public FidelityMeasure {
 public:
  RankMeasure(const Compiled& model, const CorrelationFinding& finding, bool exact)
      : finding_(finding), reader_(model, finding), exact_(exact) {}

  FidelityMeasurePtr clone() const override { return std::make_unique<RankMeasure>(*this); }

  void calibrate(const FidelityBlock& block) override {
    std::vector<double> a, b;
    reader_.read(block, a, b);
    axis_a_.calibrate(std::move(a));
    axis_b_.calibrate(std::move(b));
    counts_.assign(axis_a_.bins.size() * axis_b_.bins.size(), 0);
  }

  void add(const FidelityBlock& block) override {
    std::vector<double> a, b;
    reader_.read(block, a, b);
    for (std::size_t i = 0; i < a.size(); ++i) ++counts_[axis_a_.bins(a[i]) * axis_b_.bins.size() + axis_b_.bins(b[i])];
    if (!exact_) return;
    values_a_.insert(values_a_.end(), a.begin(), a.end());
    values_b_.insert(values_b_.end(), b.begin(), b.end());
  }

  void report(FidelityReport& report) const override {
    const RankTable table(counts_, axis_a_.bins.size(), axis_b_.bins.size());
    const bool spearman = finding_.asked.kind == CorrelationKind::spearman;
    RankResult result = spearman ? spearman_of(table) : kendall_of(table, axis_a_, axis_b_);
    if (exact_ && std::isfinite(result.value))  // it is not where one of the two does not vary
      result.value = spearman ? sample_spearman(values_a_, values_b_) : sample_kendall(values_a_, values_b_);
    const auto people = static_cast<std::int64_t>(std::isfinite(table.n) ? table.n : 0);
    report.lines.push_back(correlation_line(finding_, result.value, result.standard_error, people));
  }

 private:
  CorrelationFinding finding_;
  PairReader reader_;
  bool exact_;
  RankAxis axis_a_, axis_b_;
  std::vector<std::int64_t> counts_;
  std::vector<double> values_a_, values_b_;
};

}  // namespace

FidelityMeasurePtr measure_ranks(const Compiled& model, const CorrelationFinding& finding, bool exact) {
  return std::make_unique<RankMeasure>(model, finding, exact);
}

}  // namespace persona
