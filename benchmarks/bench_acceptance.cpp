//! Decisions about prompts on recorded outcomes: gates, certificates, corrected scores, the whole loop.
//!
//! usage: bench_acceptance [gates|nulls|scores|search|loop]
#include "prompt_outcomes.hpp"
#include "report.hpp"

#include <persona/prompt/gate.hpp>

#include <array>
#include <random>

using namespace persona;
using namespace persona::bench;

namespace {

using Random = std::mt19937_64;

std::vector<std::size_t> shuffled(std::size_t count, Random& random) {
  return prompt::random_ranks(count, random(), "acceptance");
}

double below(double count, Random& random) {
  return static_cast<double>(random() >> 11) * 0x1p-53 * count;
}

// ---- gates

struct Pair {
  const Outcomes* outcomes;
  std::size_t worse, better, gap;  // class of the gap
};

struct Rates {
  std::array<double, 3> rejected_better{}, accepted_worse{};
  double spent = 0;  // runs a decision, of the parent and the child

  void print(const std::string& name, double pairs_a_class) const {
    std::printf("  %-46s %5.1f runs ", name.c_str(), spent / (6 * pairs_a_class));
    for (std::size_t k = 0; k < 3; ++k)
      std::printf("  %.3f / %.3f", rejected_better[k] / pairs_a_class, accepted_worse[k] / pairs_a_class);
    std::printf("\n");
  }
};

std::vector<Pair> pairs_of(const std::vector<Outcomes>& all, std::size_t a_class, Random& random) {
  std::array<std::vector<Pair>, 3> classes;
  for (const Outcomes& one : all)
    for (std::size_t a = 0; a < one.prompts; ++a)
      for (std::size_t b = 0; b < one.prompts; ++b) {
        const double gap = one.means[b] - one.means[a] + 1e-9;
        if (gap < 0.02 || gap >= 0.2) continue;
        const std::size_t k = gap < 0.05 ? 0 : gap < 0.1 ? 1 : 2;
        classes[k].push_back({&one, a, b, k});
      }
  std::vector<Pair> pairs;
  for (const auto& one : classes)
    for (std::size_t i = 0; i < a_class; ++i)
      pairs.push_back(one[static_cast<std::size_t>(below(static_cast<double>(one.size()), random))]);
  return pairs;
}

// `parent`, then `child`, over examples in the given order.
bool is_kept(const Outcomes& outcomes, std::size_t parent, std::size_t child, prompt::Gate gate,
             const std::vector<std::size_t>& order, std::size_t& examples) {
  for (const std::size_t j : order)
    if (gate.add(outcomes.at(parent, j), outcomes.at(child, j)) != prompt::Gate::Verdict::undecided) break;
  examples = gate.count();
  return gate.verdict() == prompt::Gate::Verdict::kept;
}

std::vector<std::size_t> order_for(const Pair& pair, std::size_t history, Random& random) {
  const Outcomes& outcomes = *pair.outcomes;
  prompt::ScoreTable table(outcomes.prompts, outcomes.examples);
  std::vector<std::size_t> earlier;
  for (const std::size_t i : shuffled(outcomes.prompts, random)) {
    if (i == pair.worse || i == pair.better || earlier.size() == history) continue;
    earlier.push_back(i);
    for (std::size_t j = 0; j < outcomes.examples; ++j) table.set(i, j, outcomes.at(i, j));
  }
  return prompt::contested_first(table, earlier, random());
}

Rates strict_improvement(const std::vector<Pair>& pairs, std::size_t examples, Random& random) {
  Rates rates;
  for (const Pair& pair : pairs) {
    const auto order = shuffled(pair.outcomes->examples, random);
    int lead = 0;
    for (std::size_t k = 0; k < examples; ++k)
      lead += pair.outcomes->at(pair.better, order[k]) - pair.outcomes->at(pair.worse, order[k]);
    rates.rejected_better[pair.gap] += lead <= 0;
    rates.accepted_worse[pair.gap] += lead < 0;
    rates.spent += 4 * static_cast<double>(examples);
  }
  return rates;
}

Rates gate(const std::vector<Pair>& pairs, std::size_t examples, std::size_t history, double runs, Random& random) {
  Rates rates;
  for (const Pair& pair : pairs) {
    const auto order = order_for(pair, history, random);
    std::size_t up = 0, down = 0;
    rates.rejected_better[pair.gap] +=
        !is_kept(*pair.outcomes, pair.worse, pair.better, prompt::Gate(examples), order, up);
    rates.accepted_worse[pair.gap] +=
        is_kept(*pair.outcomes, pair.better, pair.worse, prompt::Gate(examples), order, down);
    rates.spent += runs * static_cast<double>(up + down);
  }
  return rates;
}

bool report_rates(std::size_t examples, const char* what, const std::array<double, 3>& ours,
                  const std::array<double, 3>& theirs, double pairs) {
  std::size_t worst = 0;  // the class of gaps where the ratio is the least
  for (std::size_t k = 1; k < 3; ++k)
    if (theirs[k] * (ours[worst] + 1e-9) < theirs[worst] * (ours[k] + 1e-9)) worst = k;
  return report({"gate_" + std::to_string(examples) + "_" + what, 1e3 * std::max(ours[worst] / pairs, 1e-4), "1e-3",
                 "GEPA's strict improvement", 1e3 * theirs[worst] / pairs, 1});
}

bool measure_gates(const std::vector<Outcomes>& all) {
  constexpr std::size_t a_class = 4000;
  constexpr auto pairs_a_class = static_cast<double>(a_class);
  Random random(1);
  const auto pairs = pairs_of(all, a_class, random);
  std::printf("gates: reject a better child / accept a worse one, gaps of 2-5, 5-10, 10-20 points, %zu pairs each\n",
              a_class);
  bool passed = true;
  for (const std::size_t examples : {3, 10, 35}) {
    const std::string m = std::to_string(examples);
    const Rates theirs = strict_improvement(pairs, examples, random);
    theirs.print("strictly better on " + m + " (GEPA)", pairs_a_class);
    const Rates ours = gate(pairs, 2 * examples, 8, 1, random);
    ours.print("persona, parent's scores known, 8 before", pairs_a_class);
    gate(pairs, 2 * examples, 3, 1, random).print("persona, parent's scores known, 3 before", pairs_a_class);
    gate(pairs, 2 * examples, 0, 1, random).print("persona, parent's scores known, none before", pairs_a_class);
    gate(pairs, examples, 8, 2, random).print("persona, parent run as well, 8 before", pairs_a_class);
    passed &= report_rates(examples, "rejects_better", ours.rejected_better, theirs.rejected_better, pairs_a_class);
    passed &= report_rates(examples, "accepts_worse", ours.accepted_worse, theirs.accepted_worse, pairs_a_class);
    passed &= report({"gate_" + m + "_runs", ours.spent / (6 * pairs_a_class), "runs", "GEPA's strict improvement",
                      static_cast<double>(2 * examples), 1});
  }
  return passed;
}

// ---- certificates

// Two prompts' scores on examples drawn with replacement: the null is exact where their means are equal.
bool is_certified(const Outcomes& one, std::size_t first, std::size_t second, bool swap, Random& random, double alpha) {
  prompt::Race race(alpha);
  for (int draw = 0; draw < 1000 && !race.is_won(); ++draw) {
    const auto j = static_cast<std::size_t>(below(static_cast<double>(one.examples), random));
    const bool turned = swap && random() % 2 == 0;
    race.add(one.at(turned ? second : first, j), one.at(turned ? first : second, j));
  }
  return race.is_won();
}

bool measure_nulls(const std::vector<Outcomes>& all) {
  Random random(2);
  Average identical, equal, swapped;
  for (int trial = 0; trial < 6000; ++trial) {
    const Outcomes& one = all[static_cast<std::size_t>(trial) % all.size()];
    const auto order = shuffled(one.prompts, random);
    identical.add(is_certified(one, order[0], order[0], false, random, 0.05));
    swapped.add(is_certified(one, order[0], order[1], true, random, 0.05));
    for (std::size_t k = 1; k < order.size(); ++k)
      if (std::abs(one.means[order[k]] - one.means[order[0]]) < 1e-9) {
        equal.add(is_certified(one, order[0], order[k], false, random, 0.05));
        break;
      }
  }
  std::printf(
      "false certificates at alpha .05, up to 1000 looks: identical prompts %.4f; equal means %.4f +- %.4f (%g pairs); "
      "two prompts swapped by coin %.4f +- %.4f\n",
      identical.mean(), equal.mean(), equal.error(), equal.count, swapped.mean(), swapped.error());
  return report({"false_certificates", 100 * std::max({equal.mean(), swapped.mean(), 1e-6}), "%", "alpha, 5 %", 5, 1});
}

// ---- corrected scores

struct Optimism {
  Average raw, corrected, covered, width;
  void add(const prompt::ScoreTable& table, std::size_t winner, double raw_score, double truth) {
    const prompt::Interval interval = prompt::without_winners_curse(table, winner);
    raw.add(raw_score - truth);
    corrected.add(interval.value - truth);
    covered.add(interval.lower <= truth && truth <= interval.upper);
    width.add(interval.upper - interval.lower);
  }
  bool print(const std::string& name) const {
    std::printf("  %-58s raw %+.4f, corrected %+.4f +- %.4f, coverage %.3f +- %.3f, width %.3f\n", name.c_str(),
                raw.mean(), corrected.mean(), corrected.error(), covered.mean(), covered.error(), width.mean());
    return std::abs(corrected.mean()) <= 0.02 && covered.mean() >= 0.93;
  }
};

// The best of some candidates by their mean on a few examples, all the same ones.
void best_of_few(const Outcomes& outcomes, std::size_t candidates, std::size_t examples, Random& random,
                 Optimism& into) {
  const auto prompts = shuffled(outcomes.prompts, random), order = shuffled(outcomes.examples, random);
  prompt::ScoreTable table(candidates, examples);
  std::vector<double> scores(candidates, 0);
  for (std::size_t i = 0; i < candidates; ++i)
    for (std::size_t j = 0; j < examples; ++j) {
      table.set(i, j, outcomes.at(prompts[i], order[j]));
      scores[i] += outcomes.at(prompts[i], order[j]) / static_cast<double>(examples);
    }
  const auto winner = static_cast<std::size_t>(std::max_element(scores.begin(), scores.end()) - scores.begin());
  into.add(table, winner, scores[winner], outcomes.means[prompts[winner]]);
}

// The best of candidates that do not differ: all right 60 % of the time.
void best_of_equals(std::size_t candidates, std::size_t examples, Random& random, Optimism& into) {
  prompt::ScoreTable table(candidates, examples);
  std::vector<double> scores(candidates, 0);
  for (std::size_t i = 0; i < candidates; ++i)
    for (std::size_t j = 0; j < examples; ++j) {
      table.set(i, j, below(10, random) < 6);
      scores[i] += table.at(i, j) / static_cast<double>(examples);
    }
  const auto winner = static_cast<std::size_t>(std::max_element(scores.begin(), scores.end()) - scores.begin());
  into.add(table, winner, scores[winner], 0.6);
}

// What select_best reports of its own winner.
void best_of_search(const Outcomes& outcomes, std::size_t budget, std::uint64_t seed, Optimism& into) {
  prompt::ScoreTable table(outcomes.prompts, outcomes.examples);
  const auto evaluate = [&](std::span<const prompt::Cell> cells, prompt::ScoreTable& t) -> Result<std::size_t> {
    for (const auto& [i, j] : cells) t.set(i, j, outcomes.at(i, j));
    return cells.size();
  };
  const auto winner = prompt::select_best(table, evaluate, {.evaluations = budget, .seed = seed})->ranking[0];
  double sum = 0, count = 0;
  for (std::size_t j = 0; j < outcomes.examples; ++j)
    if (table.has(winner, j)) sum += table.at(winner, j), ++count;
  into.add(table, winner, sum / std::max(1.0, count), outcomes.means[winner]);
}

bool report_scores(const std::string& name, const std::vector<std::pair<std::string, Optimism>>& all) {
  std::printf("optimism of a winner's score: mean of score - truth\n");
  double worst_optimism = 0, worst_coverage = 1;
  bool passed = true;
  for (const auto& [what, one] : all) {
    passed &= one.print(what);
    worst_optimism = std::max(worst_optimism, std::abs(one.corrected.mean()));
    worst_coverage = std::min(worst_coverage, one.covered.mean());
  }
  passed &= report({name + "_optimism", 100 * worst_optimism, "points", "2 points allowed", 2, 1});
  passed &= report({name + "_missed", 100 * std::max(1 - worst_coverage, 1e-6), "%", "7 % allowed", 7, 1});
  return passed;
}

bool measure_scores(const std::vector<Outcomes>& agnews, const std::vector<Counts>& bbh) {
  Random random(3);
  std::vector<std::pair<std::string, Optimism>> all;
  for (const std::size_t examples : {20, 50, 100}) {
    Optimism few;
    for (int trial = 0; trial < 1200; ++trial)
      best_of_few(agnews[static_cast<std::size_t>(trial) % agnews.size()], 16, examples, random, few);
    all.emplace_back("AG News, best of 16 on " + std::to_string(examples) + " examples", few);
  }
  Optimism urns;
  for (std::size_t trial = 0; trial < 10 * bbh.size(); ++trial)
    best_of_few(drawn(bbh[trial % bbh.size()], random()), 16, 20, random, urns);
  all.emplace_back("BBH, best of 16 on 20 examples each", urns);
  Optimism equals;
  for (int trial = 0; trial < 1200; ++trial) best_of_equals(16, 20, random, equals);
  all.emplace_back("equal candidates, best of 16 on 20 examples", equals);
  return report_scores("best_of_16", all);
}

bool measure_search(const std::vector<Outcomes>& agnews) {
  std::vector<std::pair<std::string, Optimism>> all;
  for (const std::size_t budget : {10, 50}) {
    Optimism searched;
    for (std::uint64_t seed = 0; seed < 30; ++seed)
      for (const Outcomes& one : agnews) best_of_search(permuted(one, seed), budget * one.prompts, seed, searched);
    all.emplace_back("AG News, select_best, " + std::to_string(budget) + " evaluations a prompt", searched);
  }
  return report_scores("select_best", all);
}

// ---- the whole loop

bool measure_loop(const std::vector<Outcomes>& agnews) {
  Average worse, gain, certified, possible;
  for (std::uint64_t seed = 0; seed < 200; ++seed)
    for (const Outcomes& recorded : agnews) {
      Random random(seed);
      const Outcomes one = permuted(recorded, seed);
      const std::size_t held_out = one.examples * 3 / 10, shown = one.examples - held_out;
      const std::size_t baseline = seed % 2 == 0 ? 0 : shuffled(one.prompts, random)[0];
      prompt::ScoreTable table(one.prompts, shown);
      const auto evaluate = [&](std::span<const prompt::Cell> cells, prompt::ScoreTable& t) -> Result<std::size_t> {
        for (const auto& [i, j] : cells) t.set(i, j, one.at(i, j));
        return cells.size();
      };
      const auto selection = prompt::select_best(table, evaluate, {.evaluations = 10 * one.prompts, .seed = seed});
      const std::size_t winner = selection->ranking[0];
      prompt::Race race;
      for (std::size_t j = shown; j < one.examples && !race.is_won(); ++j)
        race.add(one.at(baseline, j), one.at(winner, j));
      const double change = race.is_won() ? one.means[winner] - one.means[baseline] : 0;
      worse.add(change < -1e-9);
      gain.add(change);
      certified.add(race.is_won());
      possible.add(one.best() - one.means[baseline]);
    }
  std::printf(
      "whole loop, %g runs: certified %.3f, mean gain %.4f of %.4f possible, worse than the baseline %.4f +- %.4f\n",
      worse.count, certified.mean(), gain.mean(), possible.mean(), worse.mean(), worse.error());
  return report({"loop_worse_than_baseline", 100 * std::max(worse.mean(), 1e-6), "%", "5 % allowed", 5, 1});
}

}  // namespace

int main(int count, char** arguments) {
  const std::string only = count > 1 ? arguments[1] : "";
  const auto agnews = read_agnews();
  const auto bbh = read_bbh();
  if (agnews.empty() || bbh.empty()) {
    std::printf("skipped: no recorded outcomes in %s (PERSONA_PROMPT_OUTCOMES)\n", outcomes_folder().c_str());
    return 0;
  }
  bool passed = true;
  if (only.empty() || only == "gates") passed &= measure_gates(agnews);
  if (only.empty() || only == "nulls") passed &= measure_nulls(agnews);
  if (only.empty() || only == "scores") passed &= measure_scores(agnews, bbh);
  if (only.empty() || only == "search") passed &= measure_search(agnews);
  if (only.empty() || only == "loop") passed &= measure_loop(agnews);
  return passed ? 0 : 1;
}
