//! Measures of multi-select attributes: one share per option.
#include "fidelity_chart.hpp"
#include "fidelity_measure.hpp"
#include "fidelity_tests.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace persona {

namespace {

class ListMeasure final : public FidelityMeasure {
 public:
  ListMeasure(const Compiled& model, std::size_t attribute)
      : model_(model), attribute_(attribute), options_(bar_labels(compiled().field)) {
    laws_.resize(compiled().laws.size());
    for (LawTally& law : laws_) law.counts.resize(options_.size());
  }

  FidelityMeasurePtr clone() const override { return std::make_unique<ListMeasure>(*this); }

  void add_lists(const Population& batch) override {
    const Column* column = batch.find(compiled().field.name);
    const auto rows = static_cast<std::size_t>(batch.size());
    for (std::size_t first = 0; first < rows; first += fidelity_block_rows) {
      const std::size_t count = std::min(fidelity_block_rows, rows - first);
      const auto laws = laws_of(batch, first, count);
      for (std::size_t i = 0; i < count; ++i) add_person(*column, static_cast<std::int64_t>(first + i), laws[i]);
    }
  }

  void report(FidelityReport& report) const override {
    LawTally all;
    all.counts.resize(options_.size());
    std::vector<double> expected(options_.size()), variance(options_.size());
    for (std::size_t law = 0; law < laws_.size(); ++law) {
      all.people += laws_[law].people;
      for (std::size_t k = 0; k < options_.size(); ++k) {
        const double p = probability(law, k), n = static_cast<double>(laws_[law].people);
        all.counts[k] += laws_[law].counts[k];
        expected[k] += n * p;
        variance[k] += n * p * (1 - p);
      }
    }
    for (std::size_t k = 0; k < options_.size(); ++k)
      report.lines.push_back(judged(attribute_line(model_, attribute_), k, all, expected[k], variance[k]));
    for (std::size_t law = 0; laws_.size() > 1 && law < laws_.size(); ++law)
      for (std::size_t k = 0; k < options_.size(); ++k) {
        const double p = probability(law, k), n = static_cast<double>(laws_[law].people);
        report.lines.push_back(judged(law_line(model_, attribute_, law), k, laws_[law], n * p, n * p * (1 - p)));
      }
    missing_.report(model_, attribute_, report);
    report.charts.push_back(chart(all, expected));
  }

 private:
  struct LawTally {
    std::vector<std::int64_t> counts;
    std::int64_t people = 0;
  };

  const CompiledAttribute& compiled() const { return model_.attributes[attribute_]; }

  double probability(std::size_t law, std::size_t option) const {
    const Distribution& distribution = compiled().laws[law].distribution;
    if (const auto* constant = std::get_if<Constant>(&distribution)) {
      const auto& chosen = std::get<std::vector<std::string>>(constant->value);
      return std::count(chosen.begin(), chosen.end(), options_[option]) > 0 ? 1 : 0;
    }
    const auto* list = std::get_if<MultiSelect>(&distribution);
    for (std::size_t k = 0; list != nullptr && k < list->categories.size(); ++k)
      if (list->categories[k] == options_[option]) return list->probabilities[k];
    return 0;
  }

  std::vector<std::uint16_t> laws_of(const Population& batch, std::size_t first, std::size_t count) const {
    std::vector<std::vector<double>> inputs;
    FidelityBlock block{0, count, std::vector<const double*>(model_.attributes.size(), nullptr)};
    for (const auto& given : compiled().cases.given) {
      const Column* column = batch.find(model_.attributes[given.attribute].field.name);
      column->numbers(static_cast<std::int64_t>(first), inputs.emplace_back(count));
      block.columns[given.attribute] = inputs.back().data();
    }
    return laws_of_rows(compiled(), block);
  }

  void add_person(const Column& column, std::int64_t row, std::uint16_t law) {
    const bool missing = !column.is_valid(row);
    all_missing_ += missing ? 1 : 0;
    if (law == no_law) return;
    missing_.add(missing);
    if (missing) return;
    ++laws_[law].people;
    for (const std::int32_t code : column.list(row)) ++laws_[law].counts[static_cast<std::size_t>(code)];
  }

  FidelityLine judged(FidelityLine line, std::size_t option, const LawTally& tally, double expected,
                      double variance) const {
    const double n = static_cast<double>(std::max<std::int64_t>(tally.people, 1));
    const double counted = static_cast<double>(tally.counts[option]);
    line.name += ": " + options_[option];
    line.measure = "share";
    line.rows = tally.people;
    line.asked = line.target = expected / n;
    line.achieved = counted / n;
    line.band = 1.96 * std::sqrt(variance) / n;
    const bool one_law = laws_.size() == 1 || line.kind == FidelityKind::conditional;
    line.p_value = one_law        ? binomial_p_value(tally.counts[option], tally.people, line.asked)
                   : variance > 0 ? normal_p_value((counted - expected) / std::sqrt(variance))
                                  : 1;
    if (tally.people == 0) line.note = "nobody to judge";
    return line;
  }

  MarginalChart chart(const LawTally& all, const std::vector<double>& expected) const {
    MarginalChart chart;
    chart.field = compiled().field;
    chart.labels = options_;
    const double n = static_cast<double>(std::max<std::int64_t>(all.people, 1));
    for (std::size_t k = 0; k < options_.size(); ++k) {
      chart.achieved.push_back(static_cast<double>(all.counts[k]) / n);
      chart.expected.push_back(expected[k] / n);
    }
    chart.mean = chart.sd = std::numeric_limits<double>::quiet_NaN();
    chart.missing = static_cast<double>(all_missing_) / (static_cast<double>(all_missing_) + n);
    return chart;
  }

  const Compiled& model_;
  std::size_t attribute_;
  std::vector<std::string> options_;
  std::vector<LawTally> laws_;
  MissingCount missing_;
  std::int64_t all_missing_ = 0;
};

}  // namespace

FidelityMeasurePtr measure_list(const Compiled& model, std::size_t attribute) {
  return std::make_unique<ListMeasure>(model, attribute);
}

}  // namespace persona
