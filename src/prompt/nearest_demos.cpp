//! Demos chosen for each question.
#include <persona/llm/offline.hpp>
#include <persona/prompt/program.hpp>

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

// The examples' vectors, embedded when they are first asked for.
struct NearestIndex {
  Dataset examples;
  Signature signature;
  llm::Provider embedder;
  std::string model;
  std::mutex mutex;
  std::vector<std::vector<float>> vectors;

  Status prepare(const Context& context) {
    const std::lock_guard lock(mutex);
    if (!vectors.empty() || examples.empty()) return {};
    llm::EmbedRequest request{.model = model};
    for (const Example& example : examples) request.inputs.push_back(words_of_inputs(signature, example.fields));
    auto embedded = embedder->embed(request, context);
    if (!embedded) return tl::unexpected(embedded.error());
    for (auto& vector : embedded->vectors) make_unit(vector);
    vectors = std::move(embedded->vectors);
    return {};
  }

  Result<std::vector<Demo>> nearest(const Fields& inputs, int k, const Context& context) {
    if (const auto ready = prepare(context); !ready) return tl::unexpected(ready.error());
    const std::string words = words_of_inputs(signature, inputs);
    auto asked = embedder->embed({.model = model, .inputs = {words}}, context);
    if (!asked) return tl::unexpected(asked.error());
    make_unit(asked->vectors.front());
    std::vector<std::pair<float, std::size_t>> order;
    for (std::size_t i = 0; i < vectors.size(); ++i) {
      if (words_of_inputs(signature, examples[i].fields) == words) continue;  // the question itself is no example
      order.emplace_back(-inner_product(vectors[i], asked->vectors.front()), i);
    }
    std::sort(order.begin(), order.end());
    order.resize(std::min(order.size(), static_cast<std::size_t>(std::max(k, 0))));
    std::vector<Demo> demos;
    for (auto i = order.rbegin(); i != order.rend(); ++i)
      demos.push_back({examples[i->second].fields});  // nearest last
    return demos;
  }
};

}  // namespace

Program with_nearest_demos(Program program, Dataset examples, int k, llm::Provider embedder,
                           std::string embedding_model) {
  auto index = std::make_shared<NearestIndex>();
  index->examples = std::move(examples);
  index->signature = program.predictors().front().signature;
  index->embedder = embedder != nullptr ? std::move(embedder) : llm::offline();
  index->model = std::move(embedding_model);
  const std::size_t longest_demos = bytes_of_longest(index->examples, k);
  // The demos go to the first predictor, whose inputs they are chosen by.
  struct DemoRun final : Run {
    DemoRun(Run& w, std::string_view n, std::vector<Demo> d) : whole(w), name(n), demos(std::move(d)) {}
    Result<Fields> predict(std::string_view predictor, const Fields& inputs, const Aside& aside) override {
      if (predictor != name || aside.demos) return whole.predict(predictor, inputs, aside);
      return whole.predict(predictor, inputs, {demos, aside.note});
    }
    void set_sample(int sample) override { whole.set_sample(sample); }
    const Context& context() const override { return whole.context(); }
    Run& whole;
    std::string_view name;
    std::vector<Demo> demos;
  };
  Flow flow = [index, k, inner = flow_of(program), name = program.predictors().front().name](
                  Run& run, const Fields& inputs) -> Result<Fields> {
    auto demos = index->nearest(inputs, k, run.context());
    if (!demos) return tl::unexpected(demos.error());
    DemoRun with_demos(run, name, *std::move(demos));
    return inner(with_demos, inputs);
  };
  return *Program::make(program.predictors(), std::move(flow), program.most_calls(),
                        program.most_added_bytes() + longest_demos);
}

}  // namespace persona::prompt
