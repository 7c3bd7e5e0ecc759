//! Measures of labels and yes-or-no attributes: counts against shares.
#include "fidelity_chart.hpp"
#include "fidelity_tests.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace persona {

namespace {

//! Of each label. Labels are in the order of the law's values; a constant yes or no lists one value only.
std::vector<double> label_shares(const Marginal& law, std::size_t labels) {
  const auto probabilities = law.probabilities();
  if (probabilities.size() == labels) return {probabilities.begin(), probabilities.end()};
  std::vector<double> shares(labels, 0);
  for (std::size_t i = 0; i < probabilities.size(); ++i)
    shares[std::min(static_cast<std::size_t>(law.values()[i]), labels - 1)] += probabilities[i];
  return shares;
}

class LabelMeasure final : public FidelityMeasure {
 public:
  LabelMeasure(const Compiled& model, std::size_t attribute)
      : model_(model), attribute_(attribute), labels_(bar_labels(compiled().field)) {
    all_counts_.resize(labels_.size());
    for (const Law& law : compiled().laws) {
      LawTally tally;
      tally.counts.resize(labels_.size());
      tally.expected.resize(labels_.size());
      tally.varies = law.transform != Transform::none;
      tally.shares.resize(labels_.size());
      if (law.marginal && !tally.varies) tally.shares = label_shares(*law.marginal, labels_.size());
      laws_.push_back(std::move(tally));
    }
    if (const auto* pilot = pilot_values(model, attribute)) {
      pilot_.resize(labels_.size());
      for (const double code : *pilot) ++pilot_[code_of(code)];
    }
  }

  FidelityMeasurePtr clone() const override { return std::make_unique<LabelMeasure>(*this); }

  void add(const FidelityBlock& block) override {
    const auto laws = laws_of_rows(compiled(), block);
    const double* column = block.columns[attribute_];
    for (std::size_t i = 0; i < block.rows; ++i) {
      const bool missing = std::isnan(column[i]);
      missing ? ++all_missing_ : ++all_counts_[code_of(column[i])];
      if (laws[i] == no_law) continue;
      LawTally& tally = laws_[laws[i]];
      if (!tally.varies) missing_.add(missing);
      if (!missing && !tally.varies) ++tally.counts[code_of(column[i])];
    }
    for (std::size_t law = 0; law < laws_.size(); ++law)
      if (laws_[law].varies) add_varying(block, laws, law);
  }

  void report(FidelityReport& report) const override {
    LawTally all = sum_of_laws();
    FidelityLine line = attribute_line(model_, attribute_);
    if (!pilot_.empty()) {
      line.measure = "TVD";
      set(line, two_sample_test(all_counts_, pilot_), people_in(all_counts_));
      report.lines.push_back(std::move(line));
    } else {
      report.lines.push_back(judged(std::move(line), all));
      for (std::size_t law = 0; laws_.size() > 1 && law < laws_.size(); ++law)
        if (!is_derived(compiled().laws[law]))
          report.lines.push_back(judged(law_line(model_, attribute_, law), laws_[law]));
    }
    missing_.report(model_, attribute_, report);
    MarginalChart chart = label_chart(compiled().field, all_counts_, all_missing_);
    if (!pilot_.empty())
      chart.expected = label_chart(compiled().field, pilot_, 0).achieved;
    else if (all.people() > 0 && !any_derived(compiled()))
      chart.expected = all.shares;
    report.charts.push_back(std::move(chart));
  }

 private:
  static std::int64_t people_in(const std::vector<std::int64_t>& counts) {
    return std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
  }

  struct LawTally {
    std::vector<std::int64_t> counts;
    std::vector<double> shares;    //!< asked, where they are the same for all
    std::vector<double> expected;  //!< people, where they vary from one to the next
    double variance = 0;           //!< of the number who say yes
    bool varies = false;
    std::int64_t people() const { return people_in(counts); }
  };

  const CompiledAttribute& compiled() const { return model_.attributes[attribute_]; }
  std::size_t code_of(double number) const {
    return std::min(static_cast<std::size_t>(std::max(number, 0.0)), labels_.size() - 1);
  }

  //! A probability of its own for each person.
  void add_varying(const FidelityBlock& block, const std::vector<std::uint16_t>& laws, std::size_t law) {
    std::vector<std::uint32_t> rows;
    for (std::size_t i = 0; i < block.rows; ++i)
      if (laws[i] == law) rows.push_back(static_cast<std::uint32_t>(i));
    const auto probabilities = operand_values(model_, compiled().laws[law].location, block, rows);
    LawTally& tally = laws_[law];
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const double p = std::clamp(probabilities[i], 0.0, 1.0), x = block.columns[attribute_][rows[i]];
      if (std::isnan(probabilities[i])) continue;
      missing_.add(std::isnan(x));
      if (std::isnan(x)) continue;
      ++tally.counts[code_of(x)];
      tally.expected.front() += 1 - p;
      tally.expected.back() += p;
      tally.variance += p * (1 - p);
    }
  }

  //! Everybody: what was expected of each, given the law that holds for them.
  LawTally sum_of_laws() const {
    if (laws_.size() == 1 && !laws_[0].varies) return laws_[0];
    LawTally all;
    all.counts.resize(labels_.size());
    all.expected.resize(labels_.size());
    all.varies = true;
    for (const LawTally& law : laws_) {
      const double people = static_cast<double>(law.people());
      for (std::size_t k = 0; k < labels_.size(); ++k) {
        all.counts[k] += law.counts[k];
        all.expected[k] += law.varies ? law.expected[k] : people * law.shares[k];
      }
      all.variance += law.varies ? law.variance : people * law.shares.front() * law.shares.back();
    }
    const double people = static_cast<double>(std::max<std::int64_t>(all.people(), 1));
    for (const double expected : all.expected) all.shares.push_back(expected / people);
    return all;
  }

  static void set(FidelityLine& line, const TableTest& test, std::int64_t people) {
    line.achieved = test.distance;
    line.band = test.band;
    line.p_value = test.p_value;
    line.rows = people;
  }

  FidelityLine judged(FidelityLine line, const LawTally& tally) const {
    const std::int64_t people = tally.people();
    const bool yes_or_no = compiled().field.type == ColumnType::boolean;
    line.measure = yes_or_no ? "share" : "TVD";
    line.rows = people;
    if (people == 0) {
      line.note = "nobody to judge";
    } else if (!yes_or_no) {
      set(line, multinomial_test(tally.counts, tally.shares), people);
    } else {
      const double n = static_cast<double>(people);
      const double yes = static_cast<double>(tally.counts[1]);
      line.asked = line.target = tally.varies ? tally.expected[1] / n : tally.shares[1];
      line.achieved = yes / n;
      const double sd = std::sqrt(tally.varies ? tally.variance : n * line.asked * (1 - line.asked));
      line.band = 1.96 * sd / n;
      line.p_value = !tally.varies ? binomial_p_value(tally.counts[1], people, line.asked)
                     : sd > 0      ? normal_p_value((yes - tally.expected[1]) / sd)
                                   : (std::fabs(yes - tally.expected[1]) < 1e-6 * n ? 1.0 : 0.0);
    }
    return line;
  }

  const Compiled& model_;
  std::size_t attribute_;
  std::vector<std::string> labels_;
  std::vector<LawTally> laws_;
  std::vector<std::int64_t> pilot_, all_counts_;
  MissingCount missing_;
  std::int64_t all_missing_ = 0;
};

}  // namespace

FidelityMeasurePtr measure_labels(const Compiled& model, std::size_t attribute) {
  return std::make_unique<LabelMeasure>(model, attribute);
}

}  // namespace persona
