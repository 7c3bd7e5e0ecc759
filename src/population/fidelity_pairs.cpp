//! Pearson correlations: power sums of pairs, and the standard error from their fourth moments.
#include "fidelity_pairs.hpp"

#include "fidelity_tests.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace persona {

namespace {

constexpr std::int64_t least_pair_rows = 10;

//! Sums of a^i b^j for i + j <= 4, of numbers brought near 0 and 1 by a fixed shift and scale.
class PowerSums {
 public:
  void calibrate(const std::vector<double>& a, const std::vector<double>& b) {
    std::tie(center_a_, scale_a_) = mean_and_sd(a);
    std::tie(center_b_, scale_b_) = mean_and_sd(b);
  }

  void add(const std::vector<double>& a, const std::vector<double>& b) {
    for (std::size_t i = 0; i < a.size(); ++i) {
      const double x = (a[i] - center_a_) / scale_a_, y = (b[i] - center_b_) / scale_b_;
      const double xx = x * x, xy = x * y, yy = y * y;
      s_[1][0] += x, s_[0][1] += y;
      s_[2][0] += xx, s_[1][1] += xy, s_[0][2] += yy;
      s_[3][0] += xx * x, s_[2][1] += xx * y, s_[1][2] += x * yy, s_[0][3] += y * yy;
      s_[4][0] += xx * xx, s_[3][1] += xx * xy, s_[2][2] += xx * yy, s_[1][3] += xy * yy, s_[0][4] += yy * yy;
    }
    s_[0][0] += static_cast<double>(a.size());
  }

  double count() const { return s_[0][0]; }

  //! E (a - mean)^i (b - mean)^j
  double central(int i, int j) const {
    static constexpr double choose[5][5] = {{1}, {1, 1}, {1, 2, 1}, {1, 3, 3, 1}, {1, 4, 6, 4, 1}};
    double sum = 0;
    for (int k = 0; k <= i; ++k)
      for (int l = 0; l <= j; ++l)
        sum += choose[i][k] * choose[j][l] * std::pow(-mean(1, 0), i - k) * std::pow(-mean(0, 1), j - l) * mean(k, l);
    return sum;
  }

 private:
  double mean(int i, int j) const { return s_[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)] / count(); }

  static std::pair<double, double> mean_and_sd(const std::vector<double>& x) {
    double sum = 0, squares = 0;
    for (const double v : x) sum += v;
    const double mean = x.empty() ? 0 : sum / static_cast<double>(x.size());
    for (const double v : x) squares += (v - mean) * (v - mean);
    const double sd = x.empty() ? 0 : std::sqrt(squares / static_cast<double>(x.size()));
    return {mean, sd > 0 ? sd : 1};
  }

  double center_a_ = 0, scale_a_ = 1, center_b_ = 0, scale_b_ = 1;
  std::array<std::array<double, 5>, 5> s_{};
};

//! The influence of one pair on r is xy - r (xx + yy) / 2 in standard units; its spread is the error's.
class PearsonMeasure final : public FidelityMeasure {
 public:
  PearsonMeasure(const Compiled& model, const CorrelationFinding& finding)
      : finding_(finding), reader_(model, finding) {}

  FidelityMeasurePtr clone() const override { return std::make_unique<PearsonMeasure>(*this); }

  void calibrate(const FidelityBlock& block) override {
    std::vector<double> a, b;
    reader_.read(block, a, b);
    sums_.calibrate(a, b);
  }

  void add(const FidelityBlock& block) override {
    std::vector<double> a, b;
    reader_.read(block, a, b);
    sums_.add(a, b);
  }

  void report(FidelityReport& report) const override {
    const double n = sums_.count(), va = sums_.central(2, 0), vb = sums_.central(0, 2), sd = std::sqrt(va * vb);
    const double r = sums_.central(1, 1) / sd;
    const double m22 = sums_.central(2, 2) / (va * vb);
    const double m31 = sums_.central(3, 1) / (va * sd), m13 = sums_.central(1, 3) / (vb * sd);
    const double m40 = sums_.central(4, 0) / (va * va), m04 = sums_.central(0, 4) / (vb * vb);
    const double variance = m22 - r * (m31 + m13) + r * r / 4 * (m40 + 2 * m22 + m04);
    const double error = std::sqrt(std::max(variance, 0.0) / std::max(n - 3, 1.0));
    report.lines.push_back(correlation_line(finding_, r, error, static_cast<std::int64_t>(n)));
  }

 private:
  CorrelationFinding finding_;
  PairReader reader_;
  PowerSums sums_;
};

}  // namespace

PairReader::PairReader(const Compiled& model, const CorrelationFinding& finding)
    : a_(attribute_index(model, finding.asked.a)), b_(attribute_index(model, finding.asked.b)) {
  scores_a_ = ordinal_scores(model.attributes[a_]);
  scores_b_ = ordinal_scores(model.attributes[b_]);
}

void PairReader::read(const FidelityBlock& block, std::vector<double>& a, std::vector<double>& b) const {
  a.clear(), b.clear();
  a.reserve(block.rows), b.reserve(block.rows);
  const double *x = block.columns[a_], *y = block.columns[b_];
  const auto scored = [](const std::vector<double>& scores, double code) {
    return scores.empty() ? code : scores[std::min(static_cast<std::size_t>(code), scores.size() - 1)];
  };
  for (std::size_t i = 0; i < block.rows; ++i)
    if (!std::isnan(x[i]) && !std::isnan(y[i])) {
      a.push_back(scored(scores_a_, x[i]));
      b.push_back(scored(scores_b_, y[i]));
    }
}

// Compared after Fisher's transformation, where the error is nearly normal even for few people.
FidelityLine correlation_line(const CorrelationFinding& finding, double achieved, double standard_error,
                              std::int64_t rows) {
  static constexpr const char* measures[] = {"pearson", "spearman", "kendall"};
  FidelityLine line;
  line.kind = FidelityKind::correlation;
  line.name = finding.asked.a + " ~ " + finding.asked.b;
  line.measure = measures[static_cast<int>(finding.asked.kind)];
  line.asked = finding.asked.value;
  line.target = finding.used;
  line.achieved = achieved;
  line.rows = rows;
  if (finding.moved) {
    line.verdict = Verdict::moved;
    line.note = finding.reason;
  }
  if (rows < least_pair_rows || !std::isfinite(achieved)) {
    line.note = rows < least_pair_rows ? "too few people to judge" : "one of the two does not vary";
    line.achieved = std::isfinite(achieved) ? achieved : 0;
    if (rows >= least_pair_rows) line.p_value = 0;
    return line;
  }
  const double error = std::hypot(standard_error, finding.pilot_error);
  line.band = 1.96 * error;
  const double deviation = achieved - finding.used;
  if (std::fabs(deviation) < 1e-9) return line;
  const bool fisher = std::fabs(achieved) < 1 && std::fabs(finding.used) < 1;
  line.p_value =
      !fisher ? normal_p_value(deviation / error)
              : normal_p_value((std::atanh(achieved) - std::atanh(finding.used)) * (1 - achieved * achieved) / error);
  return line;
}

FidelityMeasurePtr measure_pearson(const Compiled& model, const CorrelationFinding& finding) {
  return std::make_unique<PearsonMeasure>(model, finding);
}

}  // namespace persona
