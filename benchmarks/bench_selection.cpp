//! How much worse than the best is the prompt that a budget of evaluations chooses: persona against its peers.
//!
//! usage: bench_selection [agnews|bbh [budget [first seed [seeds]]]]; budget 0 is all, seeds from 1000 on are
//! for developing
#include "report.hpp"
#include "selection_peers.hpp"

#include <cstring>
#include <functional>

using namespace persona;
using namespace persona::bench;

namespace {

struct Selector {
  const char* name;
  std::function<std::size_t(Desk&, std::uint64_t seed)> choose;
};

std::size_t ours(Desk& desk, std::uint64_t seed) {
  prompt::ScoreTable table(desk.prompts(), desk.examples());
  const auto evaluate = [&](std::span<const prompt::Cell> cells, prompt::ScoreTable& into) -> Result<std::size_t> {
    for (const auto& [candidate, example] : cells) into.set(candidate, example, desk.ask(candidate, example));
    return cells.size();
  };
  return prompt::select_best(table, evaluate, {.evaluations = desk.budget(), .seed = seed})->ranking[0];
}

std::vector<Selector> selectors(bool paired) {
  return {
      {"full evaluation of a random subset", [](Desk& desk, std::uint64_t) { return random_subset(desk); }},
      {"MIPROv2's schedule", [](Desk& desk, std::uint64_t) { return mipro_schedule(desk); }},
      {"uniform, common examples", [](Desk& desk, std::uint64_t) { return uniform_common(desk); }},
      {"successive halving, independent", [](Desk& desk, std::uint64_t) { return halving(desk, false); }},
      {"successive halving",
       [paired](Desk& desk, std::uint64_t) { return paired ? halving(desk, true) : halving_singly(desk); }},
      {"persona", ours},
  };
}

struct Setting {
  std::string name;  // of the data
  bool paired;
  std::uint64_t first_seed, seeds;
};

// Instances are the rows of averages: a seed's matrices together on AG News, an instance's seeds on BBH.
bool measure(const Setting& setting, double budget, const std::function<Outcomes(std::size_t, std::uint64_t)>& outcomes,
             std::size_t instances) {
  const auto all = selectors(setting.paired);
  const std::size_t rows = setting.paired ? setting.seeds : instances;
  std::vector<std::vector<double>> regrets(all.size(), std::vector<double>(rows, 0));
  const double cells = static_cast<double>(setting.seeds * instances);
  double time = 0;
  for (std::uint64_t seed = 0; seed < setting.seeds; ++seed)
    for (std::size_t z = 0; z < instances; ++z) {
      const Outcomes drawn = outcomes(z, setting.first_seed + seed);
      const double evaluations = setting.paired ? budget * static_cast<double>(drawn.prompts) : budget;
      for (std::size_t s = 0; s < all.size(); ++s) {
        const std::uint64_t own = 1'000'003 * z + setting.first_seed + seed;
        Desk desk(drawn, static_cast<std::size_t>(evaluations), own);
        std::size_t chosen = 0;
        const double took = cpu_ms([&] { chosen = all[s].choose(desk, own); });
        regrets[s][setting.paired ? seed : z] +=
            (drawn.best() - drawn.means[chosen]) * static_cast<double>(rows) / cells;
        if (s + 1 == all.size()) time += took / cells;
      }
    }
  std::vector<Average> averages(all.size());
  Average gain;
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t s = 0; s < all.size(); ++s) averages[s].add(regrets[s][row]);
    gain.add(regrets[all.size() - 2][row] - regrets.back()[row]);
  }
  std::printf("%s, %g evaluations%s (persona's own time %.0f ms)\n", setting.name.c_str(), budget,
              setting.paired ? " a prompt" : "", time);
  for (std::size_t s = 0; s < all.size(); ++s)
    std::printf("  %-36s %.4f +- %.4f\n", all[s].name, averages[s].mean(), averages[s].error());
  std::printf("  halving - persona                    %.4f +- %.4f\n", gain.mean(), gain.error());
  std::fflush(stdout);
  return report({"regret_" + setting.name + "_" + std::to_string(static_cast<int>(budget)),
                 1e4 * std::max(averages.back().mean(), 1e-6), "1e-4", "successive halving",
                 1e4 * averages[all.size() - 2].mean(), 1});
}

}  // namespace

int main(int count, char** arguments) {
  const std::string only = count > 1 ? arguments[1] : "";
  const double budget_only = count > 2 ? std::strtod(arguments[2], nullptr) : 0;
  const std::uint64_t first = count > 3 ? std::strtoull(arguments[3], nullptr, 10) : 0;
  const std::uint64_t seeds = count > 4 ? std::strtoull(arguments[4], nullptr, 10) : 0;
  const auto agnews = read_agnews();
  const auto bbh = read_bbh();
  if (agnews.empty() || bbh.empty()) {
    std::printf("skipped: no recorded outcomes in %s (PERSONA_PROMPT_OUTCOMES)\n", outcomes_folder().c_str());
    return 0;
  }
  bool passed = true;
  if (only.empty() || only == "agnews")
    for (const double budget : {5, 10, 20, 50, 100})
      passed &= (budget_only > 0 && budget != budget_only) ||
                measure(
                    {"agnews", true, first, seeds > 0 ? seeds : 100}, budget,
                    [&](std::size_t z, std::uint64_t seed) { return permuted(agnews[z], seed); }, agnews.size());
  if (only.empty() || only == "bbh")
    for (const double budget : {200, 400, 800, 1600})
      passed &= (budget_only > 0 && budget != budget_only) ||
                measure(
                    {"bbh", false, first, seeds > 0 ? seeds : 10}, budget,
                    [&](std::size_t z, std::uint64_t seed) { return drawn(bbh[z], seed); }, bbh.size());
  return passed ? 0 : 1;
}
