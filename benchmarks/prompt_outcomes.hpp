//! Recorded outcomes of prompts on examples, as selectors and gates meet them.
#pragma once

#include <persona/prompt/selection.hpp>

#include "prompt/random_order.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <zlib.h>
#include <nlohmann/json.hpp>

namespace persona::bench {

//! Right or wrong, prompt by example.
struct Outcomes {
  std::string name = {};
  std::size_t prompts = 0, examples = 0;
  std::vector<std::uint8_t> right = {};  //!< prompts x examples
  std::vector<double> means = {};

  bool at(std::size_t prompt, std::size_t example) const { return right[prompt * examples + example] != 0; }
  double best() const { return *std::max_element(means.begin(), means.end()); }
  void find_means() {
    means.assign(prompts, 0);
    for (std::size_t i = 0; i < prompts; ++i)
      for (std::size_t j = 0; j < examples; ++j) means[i] += at(i, j) / static_cast<double>(examples);
  }
};

//! How often each prompt was right; which examples, nobody recorded.
struct Counts {
  std::string name = {};
  std::vector<std::size_t> right = {};
  std::size_t examples = 0;
};

inline std::string outcomes_folder() {
  const char* chosen = std::getenv("PERSONA_PROMPT_OUTCOMES");
  return chosen != nullptr ? chosen : "/work/shared/data/prompt_outcomes";
}

inline std::vector<Outcomes> read_agnews() {
  std::vector<Outcomes> all;
  std::ifstream file(outcomes_folder() + "/capo_agnews.jsonl");
  for (std::string line; std::getline(file, line);) {
    const auto json = nlohmann::json::parse(line);
    Outcomes one{json.at("key").get<std::string>(), 0, json.at("examples").get<std::size_t>()};
    for (const auto& row : json.at("rows")) {
      for (const char c : row.get<std::string>()) one.right.push_back(c == '1');
      ++one.prompts;
    }
    one.find_means();
    all.push_back(std::move(one));
  }
  return all;
}

inline std::vector<Counts> read_bbh() {
  std::map<std::string, Counts> instances;
  gzFile file = gzopen((outcomes_folder() + "/slab_bbh.csv.gz").c_str(), "rb");
  if (file == nullptr) return {};
  char line[512];
  gzgets(file, line, sizeof line);  // the header
  while (gzgets(file, line, sizeof line) != nullptr) {
    char task[200], model[200];
    std::size_t prompt = 0, right = 0, examples = 0;
    if (std::sscanf(line, "%199[^,],%199[^,],%zu,%zu,%zu", task, model, &prompt, &right, &examples) != 5) continue;
    Counts& one = instances[std::string(task) + " / " + model];
    one.name = std::string(task) + " / " + model;
    one.right.push_back(right);
    one.examples = examples;
  }
  gzclose(file);
  std::vector<Counts> all;
  for (auto& [name, one] : instances) all.push_back(std::move(one));
  return all;
}

//! The same prompts on the examples in another order.
inline Outcomes permuted(const Outcomes& outcomes, std::uint64_t seed) {
  const auto places = prompt::random_ranks(outcomes.examples, seed, outcomes.name);
  Outcomes other = outcomes;
  for (std::size_t i = 0; i < outcomes.prompts; ++i)
    for (std::size_t j = 0; j < outcomes.examples; ++j)
      other.right[i * outcomes.examples + places[j]] = outcomes.at(i, j);
  return other;
}

//! Each prompt's right answers on examples of its own, in a random order: an urn without replacement.
inline Outcomes drawn(const Counts& counts, std::uint64_t seed) {
  Outcomes outcomes{counts.name, counts.right.size(), counts.examples};
  for (std::size_t i = 0; i < counts.right.size(); ++i)
    for (const std::size_t rank : prompt::random_ranks(counts.examples, seed, counts.name + std::to_string(i)))
      outcomes.right.push_back(rank < counts.right[i]);
  outcomes.find_means();
  return outcomes;
}

//! Mean and standard error of what was added.
struct Average {
  double sum = 0, squares = 0, count = 0;
  void add(double x) { sum += x, squares += x * x, ++count; }
  double mean() const { return sum / count; }
  double error() const {
    return std::sqrt(std::max(0.0, squares / count - mean() * mean()) / std::max(1.0, count - 1));
  }
};

}  // namespace persona::bench
