//! The knowledge gradient over runs of evaluations.
#include "prompt/knowledge_gradient.hpp"

#include "population/portable_math.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <numeric>
#include <queue>
#include <tuple>
#include <utility>

namespace persona::prompt {
namespace {

// A run to one candidate may take this share of what is left.
constexpr std::size_t longest_run_share = 8;

// E[max(0, lead + spread Z)]
double expected_gain(double lead, double spread) {
  if (spread < 1e-12) return std::max(lead, 0.0);
  const double z = lead / spread;
  return spread * (0.3989422804014327 * portable_exp(-0.5 * z * z) + z * portable_normal_cdf(z));
}

// One candidate's cells not seen, the most informative first, and how far knowing the first n of them
// moves its posterior mean.
class Prospect {
 public:
  Prospect(const ScoreTable& table, const ItemResponse& model, std::size_t candidate,
           const std::vector<std::size_t>& example_ranks)
      : posterior_(model.posterior(candidate)) {
    const auto outlooks = model.outlooks(candidate);
    std::vector<std::pair<std::uint64_t, std::size_t>> order;
    order.reserve(table.examples());
    for (std::size_t j = 0; j < table.examples(); ++j) {
      if (table.has(candidate, j)) continue;
      const auto [chance, information] = outlooks[j];
      // the most informative first, then by rank: bits of positive floats are in the floats' order
      const std::uint64_t bits = std::bit_cast<std::uint32_t>(static_cast<float>(information));
      order.emplace_back((0xffffffffU - bits) << 32 | example_ranks[j], j);
      luck_ += table.weights()[j] * table.weights()[j] * chance * (1 - chance);
    }
    std::sort(order.begin(), order.end());
    information_.push_back(0);
    for (const auto& [key, example] : order) {
      examples_.push_back(example);
      information_.push_back(information_.back() + outlooks[example].information);
    }
  }

  bool is_empty() const { return taken_ == examples_.size(); }
  std::size_t take() { return examples_[taken_++]; }

  //! The most that any run of at most `longest` more evaluations gains over the rival, an evaluation.
  double value(double lead, std::size_t longest) const {
    const std::size_t most = std::min(std::max<std::size_t>(longest, 1), examples_.size() - taken_);
    const double known = settled(taken_);
    double best = 0;
    for (std::size_t run = 1;; run = std::min(2 * run, most)) {
      const double spread = std::sqrt(std::max(0.0, settled(taken_ + run) - known));
      best = std::max(best, expected_gain(lead, spread) / static_cast<double>(run));
      if (run >= most) return best;
    }
  }

 private:
  // Variance that the first n cells take away: of the ability, and of the cells' own luck.
  double settled(std::size_t n) const {
    const double evidence = posterior_.ability_variance * information_[n];
    return posterior_.variance * evidence / (1 + evidence) +
           luck_ * static_cast<double>(n) / static_cast<double>(std::max<std::size_t>(1, examples_.size()));
  }

  ItemResponse::Posterior posterior_;
  std::vector<std::size_t> examples_;
  std::vector<double> information_;  // of the first n
  double luck_ = 0;
  std::size_t taken_ = 0;
};

// How far each candidate is from changing sides, as a negative number or 0: those among the `keep` best
// from the best of the others, the others from the worst of those.
std::vector<double> leads_of(const ItemResponse& model, std::size_t keep, const std::vector<std::size_t>& ranks) {
  std::vector<std::size_t> order(ranks.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const double x = model.posterior(a).mean, y = model.posterior(b).mean;
    return x != y ? x > y : ranks[a] < ranks[b];
  });
  const std::size_t inside = std::clamp<std::size_t>(keep, 1, order.size());
  const double last_in = model.posterior(order[inside - 1]).mean;
  const double first_out = model.posterior(order[std::min(inside, order.size() - 1)]).mean;
  std::vector<double> leads(order.size());
  for (std::size_t place = 0; place < order.size(); ++place) {
    const double mean = model.posterior(order[place]).mean;
    leads[order[place]] = place < inside ? first_out - mean : mean - last_in;
  }
  return leads;
}

}  // namespace

std::vector<Cell> most_valuable_cells(const ScoreTable& table, const ItemResponse& model, std::size_t count,
                                      std::size_t left, std::size_t keep,
                                      const std::vector<std::size_t>& candidate_ranks,
                                      const std::vector<std::size_t>& example_ranks) {
  const std::vector<double> leads = leads_of(model, keep, candidate_ranks);
  const std::size_t longest = left / longest_run_share;
  std::vector<Prospect> prospects;
  using Entry = std::tuple<double, std::size_t, std::size_t>;  // least is first: -value, rank, candidate
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue;
  const auto offer = [&](std::size_t i) {
    if (!prospects[i].is_empty()) queue.emplace(-prospects[i].value(leads[i], longest), candidate_ranks[i], i);
  };
  for (std::size_t i = 0; i < table.candidates(); ++i) {
    prospects.emplace_back(table, model, i, example_ranks);
    offer(i);
  }
  std::vector<Cell> cells;
  while (cells.size() < count && !queue.empty()) {
    const std::size_t candidate = std::get<2>(queue.top());
    queue.pop();
    cells.push_back({candidate, prospects[candidate].take()});
    offer(candidate);
  }
  return cells;
}

}  // namespace persona::prompt
