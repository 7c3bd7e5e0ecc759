//! How others spend a budget of evaluations on choosing a prompt.
#pragma once

#include "prompt_outcomes.hpp"

#include <random>

namespace persona::bench {

//! Pays for evaluations; the peers' own arithmetic decides how many they ask for.
class Desk {
 public:
  Desk(const Outcomes& outcomes, std::size_t budget, std::uint64_t seed)
      : outcomes_(outcomes), budget_(budget), random_(seed) {}

  std::size_t prompts() const { return outcomes_.prompts; }
  std::size_t examples() const { return outcomes_.examples; }
  std::size_t budget() const { return budget_; }
  bool ask(std::size_t prompt, std::size_t example) const { return outcomes_.at(prompt, example); }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_() % n); }
  double tie() { return 1e-9 * static_cast<double>(random_() >> 11) * 0x1p-53; }
  std::vector<std::size_t> shuffled(std::size_t n) { return prompt::random_ranks(n, random_(), "peer"); }

  //! Places of the highest values, the best first, ties at random.
  std::vector<std::size_t> ranked(const std::vector<double>& values) {
    std::vector<std::pair<double, std::size_t>> order;
    for (std::size_t i = 0; i < values.size(); ++i) order.emplace_back(-values[i] - tie(), i);
    std::sort(order.begin(), order.end());
    std::vector<std::size_t> places;
    for (const auto& [value, i] : order) places.push_back(i);
    return places;
  }

 private:
  const Outcomes& outcomes_;
  std::size_t budget_;
  std::mt19937_64 random_;
};

//! DSPy's random search and COPRO: as many candidates as the budget can evaluate in full.
inline std::size_t random_subset(Desk& desk) {
  const auto order = desk.shuffled(desk.prompts());
  const std::size_t count = std::clamp<std::size_t>(desk.budget() / desk.examples(), 1, desk.prompts());
  std::vector<double> scores(desk.prompts(), -1);
  for (std::size_t k = 0; k < count; ++k) {
    scores[order[k]] = 0;
    for (std::size_t j = 0; j < desk.examples(); ++j) scores[order[k]] += desk.ask(order[k], j);
  }
  return desk.ranked(scores)[0];
}

//! MIPROv2's schedule without its surrogate: minibatches of 35, after every five a full evaluation of the
//! best mean that has none; the best full score is returned.
inline std::size_t mipro_schedule(Desk& desk) {
  const std::size_t n = desk.examples();
  std::vector<double> full(desk.prompts(), -1), sums(desk.prompts(), 0), counts(desk.prompts(), 0);
  std::size_t used = 0;
  const auto evaluate = [&](std::size_t i) {
    full[i] = 0;
    for (std::size_t j = 0; j < n; ++j) full[i] += desk.ask(i, j);
    used += n;
  };
  evaluate(desk.below(desk.prompts()));
  for (int trial = 1; used < desk.budget(); ++trial) {
    const std::size_t i = desk.below(desk.prompts()), batch = std::min({std::size_t{35}, n, desk.budget() - used});
    const auto order = desk.shuffled(n);
    double sum = 0;
    for (std::size_t k = 0; k < batch; ++k) sum += desk.ask(i, order[k]);
    used += batch, sums[i] += sum / static_cast<double>(batch), ++counts[i];
    if (trial % 5 != 0 || used + n > desk.budget()) continue;
    std::vector<double> means(desk.prompts(), -1);
    for (std::size_t k = 0; k < means.size(); ++k)
      if (counts[k] > 0 && full[k] < 0) means[k] = sums[k] / counts[k];
    const std::size_t best = desk.ranked(means)[0];
    if (means[best] >= 0) evaluate(best);
  }
  return desk.ranked(full)[0];
}

//! Every candidate on the same examples.
inline std::size_t uniform_common(Desk& desk) {
  const std::size_t count = std::clamp<std::size_t>(desk.budget() / desk.prompts(), 1, desk.examples());
  std::vector<double> sums(desk.prompts(), 0);
  for (std::size_t i = 0; i < sums.size(); ++i)
    for (std::size_t j = 0; j < count; ++j) sums[i] += desk.ask(i, j);
  return desk.ranked(sums)[0];
}

//! Successive halving; each candidate goes on in the common order of examples, or in its own.
inline std::size_t halving(Desk& desk, bool common) {
  const auto phases = static_cast<std::size_t>(std::ceil(std::log2(static_cast<double>(desk.prompts()))));
  std::vector<std::vector<std::size_t>> orders(desk.prompts(), desk.shuffled(desk.examples()));
  if (!common)
    for (auto& order : orders) order = desk.shuffled(desk.examples());
  std::vector<std::size_t> active(desk.prompts()), counts(desk.prompts(), 0);
  std::vector<double> sums(desk.prompts(), 0);
  for (std::size_t i = 0; i < active.size(); ++i) active[i] = i;
  for (std::size_t phase = 0; phase < phases && active.size() > 1; ++phase) {
    const std::size_t more = std::max<std::size_t>(1, desk.budget() / phases / active.size());
    std::vector<double> means(desk.prompts(), -1);
    for (const std::size_t i : active) {
      const std::size_t upto = std::min(desk.examples(), counts[i] + more);
      for (; counts[i] < upto; ++counts[i]) sums[i] += desk.ask(i, orders[i][counts[i]]);
      means[i] = sums[i] / static_cast<double>(counts[i]);
    }
    const std::size_t kept = std::max<std::size_t>(1, active.size() / 2);
    active = desk.ranked(means);
    active.resize(kept);
  }
  return active[0];
}

//! Successive halving one evaluation at a time, for budgets near or below one a candidate: always the
//! active candidate with the fewest, means drawn towards the common one by one evaluation.
inline std::size_t halving_singly(Desk& desk) {
  const auto phases = static_cast<std::size_t>(std::ceil(std::log2(static_cast<double>(desk.prompts()))));
  std::vector<std::size_t> active(desk.prompts());
  std::vector<double> sums(desk.prompts(), 0), counts(desk.prompts(), 0);
  for (std::size_t i = 0; i < active.size(); ++i) active[i] = i;
  double right = 0, asked = 0;
  for (std::size_t phase = 0; phase < phases; ++phase) {
    const std::size_t turns = desk.budget() / phases + (phase == 0 ? desk.budget() % phases : 0);
    for (std::size_t turn = 0; turn < turns; ++turn) {
      std::vector<double> fewest(desk.prompts(), -1e9);
      for (const std::size_t i : active) fewest[i] = -counts[i];
      const std::size_t i = desk.ranked(fewest)[0];
      if (counts[i] >= static_cast<double>(desk.examples())) break;
      const bool success = desk.ask(i, static_cast<std::size_t>(counts[i]++));
      sums[i] += success, right += success, ++asked;
    }
    const double common = (right + 0.5) / (asked + 1);
    std::vector<double> means(desk.prompts(), -1);
    for (const std::size_t i : active) means[i] = (sums[i] + common) / (counts[i] + 1);
    const std::size_t kept = active.size() / 2;
    if (kept == 0) break;
    active = desk.ranked(means);
    active.resize(kept);
  }
  std::vector<double> means(desk.prompts(), -1);
  for (const std::size_t i : active) means[i] = counts[i] > 0 ? sums[i] / counts[i] : 0;
  return desk.ranked(means)[0];
}

}  // namespace persona::bench
