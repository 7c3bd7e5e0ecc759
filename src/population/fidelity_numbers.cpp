//! Measures of numeric attributes: distributions against their laws, whole and case by case.
#include "fidelity_chart.hpp"
#include "fidelity_tally.hpp"
#include "fidelity_transform.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace persona {

namespace {

constexpr std::size_t uniform_bins = 1024;
constexpr std::size_t expected_stride = 128;  //!< people per person whose own law is drawn into the chart

std::vector<double> uniform_edges() {
  std::vector<double> edges;
  for (std::size_t i = 1; i < uniform_bins; ++i) edges.push_back(static_cast<double>(i) / uniform_bins);
  return edges;
}

//! Where the parameters of a law differ from person to person, each person's place in their own law
//! (jumps filled at random) is uniform. @source{Dunn and Smyth 1996}
class NumberMeasure final : public FidelityMeasure {
 public:
  NumberMeasure(const Compiled& model, std::size_t attribute, bool exact)
      : model_(model), attribute_(attribute), pilot_(pilot_values(model, attribute)), laws_(compiled().laws.size()) {
    const bool whole = compiled().field.type != ColumnType::float64;
    step_ = compiled().round > 0 ? compiled().round : whole ? 1 : 0;
    std::vector<double> all_edges;
    const std::size_t bins = laws_.size() <= 8 ? 1024 : 256;
    for (std::size_t i = 0; i < laws_.size(); ++i) {
      const Law& law = compiled().laws[i];
      if (is_derived(law)) continue;
      const bool varies = law.transform != Transform::none;
      varies_ = varies_ || varies;
      const auto edges = varies ? uniform_edges() : law_edges(*law.marginal, bins);
      laws_[i].tally = NumberTally(edges, exact);
      all_edges.insert(all_edges.end(), edges.begin(), edges.end());
    }
    if (pilot_ != nullptr)
      all_ = NumberTally(sample_edges(*pilot_, uniform_bins), exact);
    else if (varies_)
      all_ = NumberTally(uniform_edges(), exact);
    else if (laws_.size() > 1)
      all_ = NumberTally(std::move(all_edges), exact);
  }

  FidelityMeasurePtr clone() const override { return std::make_unique<NumberMeasure>(*this); }

  void calibrate(const FidelityBlock& block) override {
    const double* column = block.columns[attribute_];
    histogram_.calibrate({column, column + block.rows}, step_);
    for (LawTally& law : laws_) law.expected.assign(histogram_.bins() + 1, 0);
  }

  void add(const FidelityBlock& block) override {
    const auto laws = laws_of_rows(compiled(), block);
    const double* column = block.columns[attribute_];
    for (std::size_t i = 0; i < block.rows; ++i) {
      const double x = column[i];
      const bool missing = std::isnan(x);
      missing ? histogram_.add_missing() : histogram_.add(x);
      if (pilot_ != nullptr && !missing) all_.add(x);
      if (laws[i] == no_law) continue;
      if (compiled().laws[laws[i]].transform == Transform::none) add_plain(laws_[laws[i]], laws[i], x, block.first + i);
    }
    for (std::size_t law = 0; law < laws_.size(); ++law)
      if (compiled().laws[law].transform != Transform::none) add_varying(block, laws, law);
  }

  void report(FidelityReport& report) const override {
    report_whole(report);
    for (std::size_t law = 0; pilot_ == nullptr && laws_.size() > 1 && law < laws_.size(); ++law)
      if (!is_derived(compiled().laws[law])) report.lines.push_back(judged(law_line(model_, attribute_, law), law));
    missing_.report(model_, attribute_, report);
    MarginalChart chart = histogram_.chart(compiled().field);
    if (pilot_ != nullptr)
      chart.expected = bars_of(pilot_below());
    else if (histogram_.known() > 0 && !any_derived(compiled()))
      chart.expected = bars_of(expected_below());
    report.charts.push_back(std::move(chart));
  }

 private:
  struct LawTally {
    NumberTally tally;             //!< of the numbers, or of people's places in laws of their own
    std::vector<double> expected;  //!< sum of P(X <= edge) over the people drawn into the chart
    std::int64_t drawn = 0, people = 0, outside = 0;
  };

  const CompiledAttribute& compiled() const { return model_.attributes[attribute_]; }

  static bool is_outside(double x, double low, double high) {
    const double slack = 1e-9 * std::max(1.0, std::fabs(x));
    return x < low - slack || x > high + slack;
  }

  void add_plain(LawTally& law, std::size_t index, double x, std::uint64_t person) {
    missing_.add(std::isnan(x));
    if (std::isnan(x)) return;
    const Marginal& marginal = *compiled().laws[index].marginal;
    ++law.people;
    law.outside += is_outside(x, marginal.lower(), marginal.upper()) ? 1 : 0;
    if (pilot_ != nullptr) return;
    law.tally.add(x);
    if (varies_) return all_.add(place(drawn_below(marginal, x), drawn_at_most(marginal, x), person));
    if (laws_.size() > 1) all_.add(x);
  }

  double place(double below, double at_most, std::uint64_t person) const {
    return below + (at_most - below) * fidelity_uniform(compiled().stream, person);
  }

  void add_varying(const FidelityBlock& block, const std::vector<std::uint16_t>& laws, std::size_t index) {
    std::vector<std::uint32_t> rows;
    for (std::size_t i = 0; i < block.rows; ++i)
      if (laws[i] == index) rows.push_back(static_cast<std::uint32_t>(i));
    const Law& law = compiled().laws[index];
    const auto locations = operand_values(model_, law.location, block, rows);
    const auto scales = operand_values(model_, law.scale, block, rows);
    const bool has_scale = law.transform == Transform::affine || law.transform == Transform::exponential;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const double x = block.columns[attribute_][rows[i]];
      if (std::isnan(locations[i]) || std::isnan(scales[i])) continue;
      if (has_scale && !(scales[i] > 0)) continue;  // no such law: nobody can have a value
      missing_.add(std::isnan(x));
      if (std::isnan(x) || pilot_ != nullptr) continue;
      add_person(PersonLaw(compiled(), law, locations[i], scales[i]), laws_[index], x, block.first + rows[i]);
    }
  }

  void add_person(const PersonLaw& law, LawTally& sum, double x, std::uint64_t person) {
    const double below = law.below(x), at_most = law.at_most(x), u = place(below, at_most, person);
    sum.outside += law.is_truncated() && (at_most <= 0 || below >= 1) ? 1 : 0;
    sum.tally.add(u);
    all_.add(u);
    if (sum.people++ % expected_stride != 0) return;
    ++sum.drawn;
    for (std::size_t k = 0; k < sum.expected.size(); ++k)
      sum.expected[k] += law.below(histogram_.edge(k) + step_ / 2);  // of a rounded law: below the edge before rounding
  }

  void report_whole(FidelityReport& report) const {
    FidelityLine line = attribute_line(model_, attribute_);
    if (pilot_ != nullptr || varies_ || laws_.size() > 1)
      line = judged_whole(std::move(line));
    else
      line = judged(std::move(line), 0);
    report.lines.push_back(std::move(line));
  }

  FidelityLine judged(FidelityLine line, std::size_t index) const {
    const LawTally& law = laws_[index];
    line.measure = "KS";
    line.rows = law.people;
    if (law.people == 0)
      line.note = "nobody to judge";
    else if (compiled().laws[index].transform == Transform::none)
      judge_law(law.tally, *compiled().laws[index].marginal, line);
    else
      set_kolmogorov(line, uniform_distance(law.tally), law.people);
    note_outside(line, law.outside);
    return line;
  }

  FidelityLine judged_whole(FidelityLine line) const {
    const std::int64_t people = all_.people();
    line.measure = "KS";
    if (people == 0)
      line.note = "nobody to judge";
    else if (pilot_ != nullptr)
      judge_pilot(all_, *pilot_, line);
    else if (varies_)
      set_kolmogorov(line, uniform_distance(all_), people);
    else
      set_kolmogorov(line, mixture_distance(), people);
    std::int64_t outside = 0;
    for (const LawTally& law : laws_) outside += law.outside;
    note_outside(line, outside);
    return line;
  }

  static void note_outside(FidelityLine& line, std::int64_t outside) {
    if (outside == 0) return;
    line.p_value = 0;
    line.note =
        fmt::format("{} outside the possible range", outside == 1 ? "1 person" : fmt::format("{} people", outside));
  }

  static double uniform_distance(const NumberTally& places) {
    const auto uniform = [](double u) { return u; };
    return places.keeps() ? places.exact_distance(uniform, uniform) : places.distance(places.bins().edges());
  }

  //! The whole attribute against its laws in the proportions in which they were met.
  double mixture_distance() const {
    const double people = static_cast<double>(all_.people());
    const auto mixture = [&](auto share, double x) {
      double sum = 0;
      for (std::size_t i = 0; i < laws_.size(); ++i)
        if (laws_[i].people > 0) sum += static_cast<double>(laws_[i].people) * share(*compiled().laws[i].marginal, x);
      return sum / people;
    };
    if (all_.keeps())
      return all_.exact_distance([&](double x) { return mixture(drawn_below, x); },
                                 [&](double x) { return mixture(drawn_at_most, x); });
    std::vector<double> below;
    for (const double edge : all_.bins().edges()) below.push_back(mixture(law_below_edge, edge));
    return all_.distance(below);
  }

  //! P(X < edge): an atom on an edge belongs to the bar above it.
  static double chart_below(const Marginal& law, double edge) {
    return law.is_discrete() || law.rounding() > 0 ? law_below_edge(law, edge) : drawn_below(law, edge);
  }

  //! Shares expected below the edges of the chart.
  std::vector<double> expected_below() const {
    std::vector<double> below(histogram_.bins() + 1, 0);
    double people = 0;
    for (std::size_t i = 0; i < laws_.size(); ++i) {
      const LawTally& law = laws_[i];
      if (law.people == 0) continue;
      people += static_cast<double>(law.people);
      const bool varies = compiled().laws[i].transform != Transform::none;
      for (std::size_t k = 0; k < below.size(); ++k)
        below[k] += static_cast<double>(law.people) *
                    (varies ? law.expected[k] / static_cast<double>(std::max<std::int64_t>(law.drawn, 1))
                            : chart_below(*compiled().laws[i].marginal, histogram_.edge(k)));
    }
    for (double& share : below) share /= people;
    return below;
  }

  std::vector<double> pilot_below() const {
    std::vector<double> below;
    for (std::size_t k = 0; k <= histogram_.bins(); ++k) {
      const auto end = std::lower_bound(pilot_->begin(), pilot_->end(), histogram_.edge(k));
      below.push_back(static_cast<double>(end - pilot_->begin()) / static_cast<double>(pilot_->size()));
    }
    return below;
  }

  static std::vector<double> bars_of(const std::vector<double>& below) {
    std::vector<double> bars;
    for (std::size_t k = 1; k < below.size(); ++k) bars.push_back(below[k] - below[k - 1]);
    return bars;
  }

  const Compiled& model_;
  std::size_t attribute_;
  const std::vector<double>* pilot_;
  double step_ = 0;  //!< of the lattice of values; 0 is none
  bool varies_ = false;
  std::vector<LawTally> laws_;
  NumberTally all_;  //!< everybody, where laws are several: numbers, or places where any varies
  NumberHistogram histogram_;
  MissingCount missing_;
};

}  // namespace

FidelityMeasurePtr measure_numbers(const Compiled& model, std::size_t attribute, bool exact) {
  return std::make_unique<NumberMeasure>(model, attribute, exact);
}

}  // namespace persona
