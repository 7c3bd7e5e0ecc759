//! Choosing among combinations.
#include "tpe.hpp"

#include <algorithm>

namespace persona::prompt {
namespace {

constexpr std::size_t trials_before_model = 5;
constexpr int draws_a_trial = 24;

// Each trial is a kernel: its own combination most of the time, any other with a small chance, all
// variables together; the uniform prior counts as one trial.
class ParzenDensity {
 public:
  ParzenDensity(const std::vector<const Trial*>& trials, const std::vector<std::size_t>& sizes)
      : trials_(trials), sizes_(sizes) {
    for (const Trial* trial : trials_) total_ += trial->weight;
  }

  double at(const std::vector<std::size_t>& choices) const {
    double density = prior();
    for (const Trial* trial : trials_) {
      double kernel = trial->weight;
      for (std::size_t v = 0; v < sizes_.size(); ++v) kernel *= chance(v, trial->choices[v] == choices[v]);
      density += kernel;
    }
    return density / total_;
  }

  std::vector<std::size_t> draw(Dice& dice) const {
    double place = dice.uniform() * total_ - 1;
    const Trial* from = nullptr;
    for (const Trial* trial : trials_) {
      if (place >= 0 && from == nullptr && place < trial->weight) from = trial;
      place -= trial->weight;
    }
    std::vector<std::size_t> choices(sizes_.size());
    for (std::size_t v = 0; v < sizes_.size(); ++v) {
      const bool keeps = from != nullptr && dice.uniform() < stay;
      choices[v] = keeps ? from->choices[v] : dice.below(sizes_[v]);
    }
    return choices;
  }

 private:
  static constexpr double stay = 0.7;

  double chance(std::size_t v, bool same) const {
    const double other = (1 - stay) / static_cast<double>(sizes_[v]);
    return same ? stay + other : other;
  }
  double prior() const {
    double density = 1;
    for (const std::size_t size : sizes_) density /= static_cast<double>(size);
    return density;
  }

  const std::vector<const Trial*>& trials_;
  const std::vector<std::size_t>& sizes_;
  double total_ = 1;
};

}  // namespace

std::vector<std::size_t> next_trial(const std::vector<Trial>& trials, const std::vector<std::size_t>& sizes,
                                    Dice& dice) {
  std::vector<std::size_t> choices(sizes.size());
  if (trials.size() < trials_before_model) {
    for (std::size_t v = 0; v < sizes.size(); ++v) choices[v] = dice.below(sizes[v]);
    return choices;
  }
  std::vector<const Trial*> order;
  for (const Trial& trial : trials) order.push_back(&trial);
  std::stable_sort(order.begin(), order.end(), [](const Trial* a, const Trial* b) { return a->score > b->score; });
  const auto good_count = static_cast<std::ptrdiff_t>(std::max<std::size_t>(1, (trials.size() + 3) / 4));
  const std::vector<const Trial*> good(order.begin(), order.begin() + good_count);
  const std::vector<const Trial*> rest(order.begin() + good_count, order.end());
  const ParzenDensity likes(good, sizes);
  const ParzenDensity dislikes(rest, sizes);
  double best = -1;
  for (int i = 0; i < draws_a_trial; ++i) {
    const auto drawn = likes.draw(dice);
    if (const double ratio = likes.at(drawn) / dislikes.at(drawn); ratio > best) {
      best = ratio;
      choices = drawn;
    }
  }
  return choices;
}

}  // namespace persona::prompt
