//! The histogram of one attribute for its chart; derived attributes have nothing else.
#include "fidelity_chart.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace persona {

namespace {

constexpr std::size_t chart_bins = 48;
constexpr double chart_nan = std::numeric_limits<double>::quiet_NaN();

}  // namespace

void NumberHistogram::calibrate(std::vector<double> sample, double step) {
  std::erase_if(sample, [](double x) { return !std::isfinite(x); });
  counts_.assign(chart_bins, 0);
  if (sample.empty()) sample.push_back(0);
  std::sort(sample.begin(), sample.end());
  center_ = sample[sample.size() / 2];
  scale_ = std::max((sample.back() - sample.front()) / 4, 1e-300 + 1e-12 * std::fabs(center_));
  const std::size_t cut = sample.size() / 200;
  const double low = sample[cut], high = sample[sample.size() - 1 - cut];
  double width = high > low ? (high - low) / chart_bins : std::max(1.0, std::fabs(low)) / chart_bins;
  if (step > 0) {  // whole steps, or the bars would show the lattice
    width = step * std::max(1.0, std::ceil((high - low + step) / step / chart_bins));
    counts_.resize(static_cast<std::size_t>(std::clamp((high - low + step) / width + 0.5, 1.0, 48.0)));
  }
  low_ = step > 0 ? low - step / 2 : low;
  per_unit_ = 1 / width;
}

MarginalChart NumberHistogram::chart(const Field& field) const {
  MarginalChart chart;
  chart.field = field;
  const double n = static_cast<double>(std::max<std::int64_t>(known_, 1));
  for (std::size_t i = 0; i <= counts_.size(); ++i) chart.edges.push_back(edge(i));
  for (const std::int64_t count : counts_) chart.achieved.push_back(static_cast<double>(count) / n);
  chart.mean = known_ > 0 ? center_ + scale_ * sum_ / n : chart_nan;
  chart.sd = known_ > 0 ? scale_ * std::sqrt(std::max(0.0, squares_ / n - sum_ / n * (sum_ / n))) : chart_nan;
  chart.missing = static_cast<double>(missing_) / static_cast<double>(std::max<std::int64_t>(known_ + missing_, 1));
  return chart;
}

MarginalChart label_chart(const Field& field, std::span<const std::int64_t> counts, std::int64_t missing) {
  MarginalChart chart;
  chart.field = field;
  chart.labels = bar_labels(field);
  const auto known = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
  for (const std::int64_t count : counts)
    chart.achieved.push_back(static_cast<double>(count) / static_cast<double>(std::max<std::int64_t>(known, 1)));
  chart.mean = chart.sd = chart_nan;
  chart.missing = static_cast<double>(missing) / static_cast<double>(std::max<std::int64_t>(known + missing, 1));
  return chart;
}

namespace {

class DerivedMeasure final : public FidelityMeasure {
 public:
  DerivedMeasure(const Compiled& model, std::size_t attribute)
      : field_(model.attributes[attribute].field), attribute_(attribute), step_(model.attributes[attribute].round) {
    if (step_ <= 0 && field_.type != ColumnType::float64) step_ = 1;
    counts_.resize(bar_labels(field_).size());
  }

  FidelityMeasurePtr clone() const override { return std::make_unique<DerivedMeasure>(*this); }

  void calibrate(const FidelityBlock& block) override {
    const double* column = block.columns[attribute_];
    if (counts_.empty()) histogram_.calibrate({column, column + block.rows}, step_);
  }

  void add(const FidelityBlock& block) override {
    const double* column = block.columns[attribute_];
    for (std::size_t i = 0; i < block.rows; ++i) {
      if (std::isnan(column[i])) {
        ++missing_;
        histogram_.add_missing();
      } else if (counts_.empty()) {
        histogram_.add(column[i]);
      } else {
        ++counts_[std::min(static_cast<std::size_t>(column[i]), counts_.size() - 1)];
      }
    }
  }

  void report(FidelityReport& report) const override {
    report.charts.push_back(counts_.empty() ? histogram_.chart(field_) : label_chart(field_, counts_, missing_));
  }

 private:
  Field field_;
  std::size_t attribute_;
  double step_;
  NumberHistogram histogram_;
  std::vector<std::int64_t> counts_;
  std::int64_t missing_ = 0;
};

}  // namespace

FidelityMeasurePtr measure_derived(const Compiled& model, std::size_t attribute) {
  return std::make_unique<DerivedMeasure>(model, attribute);
}

}  // namespace persona
