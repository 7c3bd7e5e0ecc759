//! Demos chosen for each question.
#include <persona/llm/offline.hpp>
#include <persona/prompt/program.hpp>

#include "run_within.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <mutex>
#include <numeric>
#include <utility>

namespace persona::prompt {
namespace {

std::string words_of_inputs(const Signature& signature, const Fields& fields) {
  std::string words;
  for (const Field& input : signature.inputs) {
    if (const auto value = fields.find(input.name); value != fields.end()) words += to_text(value->second) + "\n";
  }
  return words;
}

float inner_product(const std::vector<float>& a, const std::vector<float>& b) {
  return std::inner_product(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(std::min(a.size(), b.size())), b.begin(),
                            0.0F);
}

void make_unit(std::vector<float>& vector) {
  const float length = std::sqrt(inner_product(vector, vector));
  if (length <= 0) return;
  for (float& x : vector) x /= length;
}

// What the k longest take in a prompt, with the heads of their fields.
std::size_t bytes_of_longest(const Dataset& examples, int k) {
  std::vector<std::size_t> sizes;
  for (const Example& example : examples) {
    std::size_t bytes = 64;
    for (const auto& [name, value] : example.fields) bytes += to_text(value).size() + name.size() + 32;
    sizes.push_back(bytes);
  }
  std::sort(sizes.rbegin(), sizes.rend());
  sizes.resize(std::min(sizes.size(), static_cast<std::size_t>(std::max(k, 0))));
  return std::accumulate(sizes.begin(), sizes.end(), std::size_t{0});
}

constexpr std::size_t texts_a_call = 64;

// The examples and their vectors.
class NearestIndex {
 public:
  NearestIndex(Dataset examples, Signature signature, llm::Provider embedder, std::string model)
      : is_local_(embedder == nullptr),
        embedder_(is_local_ ? llm::offline() : std::move(embedder)),
        model_(std::move(model)),
        signature_(std::move(signature)),
        examples_(std::move(examples)) {
    for (const Example& example : examples_) words_.push_back(words_of_inputs(signature_, example.fields));
  }

  bool is_local() const { return is_local_; }  // words and 3-grams, counted here: nobody is asked
  bool is_done() const {
    const std::lock_guard lock(mutex_);
    return vectors_.size() == words_.size();
  }

  // Of one question, which is a text of the inputs.
  ModelLoad load_of_question() const { return {.model = embedder_, .model_name = model_}; }

  ModelLoad load_of_examples() const {
    std::size_t most = 0;
    for (std::size_t first = 0; first < words_.size(); first += texts_a_call) {
      std::size_t bytes = 0;
      for (const std::string& words : batch(first)) bytes += words.size();
      most = std::max(most, bytes);
    }
    const auto calls = static_cast<int>((words_.size() + texts_a_call - 1) / texts_a_call);
    return {.model = embedder_, .model_name = model_, .calls = calls, .bytes = most};
  }

  Status prepare(const Lend& lend, const Context& context) {
    const std::lock_guard lock(mutex_);
    const llm::Provider asked = lend ? lend(embedder_, model_) : embedder_;
    std::vector<std::vector<float>> vectors;
    for (std::size_t first = 0; vectors_.size() != words_.size() && first < words_.size(); first += texts_a_call) {
      auto embedded = embed(*asked, batch(first), context);
      if (!embedded) return tl::unexpected(embedded.error());
      for (auto& vector : *embedded) vectors.push_back(std::move(vector));
    }
    if (vectors.size() == words_.size()) vectors_ = std::move(vectors);
    return {};
  }

  Result<std::vector<Demo>> nearest(const Fields& inputs, int k, Run& run) {
    const Lend lend = [&](const llm::Provider& model, std::string_view name) {
      return is_local_ ? model : run.through(model, name);
    };
    if (!is_done()) {
      if (const auto ready = prepare(lend, run.context()); !ready) return tl::unexpected(ready.error());
    }
    const std::string words = words_of_inputs(signature_, inputs);
    const auto asked = embed(*lend(embedder_, model_), {words}, run.context());
    if (!asked) return tl::unexpected(asked.error());
    std::vector<std::pair<float, std::size_t>> order;
    for (std::size_t i = 0; i < vectors_.size(); ++i) {
      if (words_[i] == words) continue;  // the question itself is no example
      order.emplace_back(-inner_product(vectors_[i], asked->front()), i);
    }
    std::sort(order.begin(), order.end());
    order.resize(std::min(order.size(), static_cast<std::size_t>(std::max(k, 0))));
    std::vector<Demo> demos;
    for (auto i = order.rbegin(); i != order.rend(); ++i)
      demos.push_back({examples_[i->second].fields});  // nearest last
    return demos;
  }

 private:
  std::vector<std::string> batch(std::size_t first) const {
    const auto begin = words_.begin() + static_cast<std::ptrdiff_t>(first);
    return {begin, begin + static_cast<std::ptrdiff_t>(std::min(texts_a_call, words_.size() - first))};
  }

  // Vectors of length 1.
  Result<std::vector<std::vector<float>>> embed(llm::LLMProvider& embedder, std::vector<std::string> texts,
                                                const Context& context) const {
    const std::size_t asked = texts.size();
    auto embedded = embedder.embed({.model = model_, .inputs = std::move(texts)}, context);
    if (!embedded) return tl::unexpected(embedded.error());
    if (embedded->vectors.size() != asked) {
      return fail(Errc::invalid_output, "the embedder gave " + std::to_string(embedded->vectors.size()) +
                                            " vectors for " + std::to_string(asked) + " texts");
    }
    for (auto& vector : embedded->vectors) make_unit(vector);
    return std::move(embedded->vectors);
  }

  bool is_local_;
  llm::Provider embedder_;
  std::string model_;
  Signature signature_;
  Dataset examples_;
  std::vector<std::string> words_;
  mutable std::mutex mutex_;
  std::vector<std::vector<float>> vectors_;  // of all examples or of none
};

// The demos go to the first predictor, whose inputs they are chosen by.
class DemoRun final : public RunWithin {
 public:
  DemoRun(Run& whole, std::string_view name, std::vector<Demo> demos)
      : RunWithin(whole), name_(name), demos_(std::move(demos)) {}
  Result<Fields> predict(std::string_view predictor, const Fields& inputs, const Aside& aside) override {
    if (predictor != name_ || aside.demos) return whole_.predict(predictor, inputs, aside);
    return whole_.predict(predictor, inputs, {demos_, aside.note});
  }

 private:
  std::string_view name_;
  std::vector<Demo> demos_;
};

}  // namespace

Program with_nearest_demos(Program program, Dataset examples, int k, llm::Provider embedder,
                           std::string embedding_model) {
  FlowNeeds needs = program.needs();
  needs.most_added_bytes += bytes_of_longest(examples, k);
  const auto index = std::make_shared<NearestIndex>(std::move(examples), program.predictors().front().signature,
                                                    std::move(embedder), std::move(embedding_model));
  if (!index->is_local()) {
    needs.load.push_back(index->load_of_question());
    needs.preparations.push_back(
        {index->load_of_examples(), [index] { return index->is_done(); },
         [index](const Lend& lend, const Context& context) { return index->prepare(lend, context); }});
  }
  Flow flow = [index, k, inner = flow_of(program), name = program.predictors().front().name](
                  Run& run, const Fields& inputs) -> Result<Fields> {
    auto demos = index->nearest(inputs, k, run);
    if (!demos) return tl::unexpected(demos.error());
    DemoRun with_demos(run, name, *std::move(demos));
    return inner(with_demos, inputs);
  };
  return *Program::make(program.predictors(), std::move(flow), std::move(needs));
}

}  // namespace persona::prompt
