//! How good an answer is.
#pragma once

#include <persona/core/context.hpp>
#include <persona/llm/provider.hpp>
#include <persona/prompt/dataset.hpp>
#include <persona/prompt/program.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace persona::prompt {

struct Score {
  double value = 0;           //!< 0 .. 1
  std::string feedback = {};  //!< what was wrong, for optimizers that reflect
};

//! How a metric asks its models: within a session, its budget and its ledger come between.
struct Judging {
  Context context = {};
  Lend counted = {};

  llm::Provider through(const llm::Provider& model, std::string_view model_name) const {
    return counted ? counted(model, model_name) : model;
  }
};

//! Judges answers. Called from many threads; the same answer always gets the same score.
class Metric {
 public:
  virtual ~Metric() = default;
  virtual std::string name() const = 0;
  //! @errors invalid_argument: the example lacks what it is judged by; the message names the field
  [[nodiscard]] virtual Result<Score> score(const Example& example, const Prediction& prediction,
                                            const Judging& judging = {}) const = 0;
  //! None for a metric that asks no model.
  virtual std::vector<ModelLoad> load() const { return {}; }

 protected:
  Metric() = default;
};

using MetricPtr = std::shared_ptr<const Metric>;

// `references` is a field of the example with a list of all that is right, "ideals" of OpenAI evals say; the best of
// them counts. Examples without it are judged by `field`.

//! Equal but for case (ASCII), white space and a full stop at the end; numbers by value: "1,000" is 1000.
//! Zero, false and "" are expected values like any other. JSON values compare by content.
PERSONA_EXPORT MetricPtr exact_match(std::string field = "answer", std::string references = {});
//! Words in common. @source{Rajpurkar et al. 2016, SQuAD}
PERSONA_EXPORT MetricPtr token_f1(std::string field = "answer", std::string references = {});
PERSONA_EXPORT MetricPtr contains(std::string field = "answer", std::string references = {});
//! The expected value is a regular expression, matched anywhere in linear time. @errors of `score`: it is none
PERSONA_EXPORT MetricPtr matches_pattern(std::string field = "answer", std::string references = {});
//! 1 - edit distance / length. @source{Levenshtein 1966}
PERSONA_EXPORT MetricPtr edit_similarity(std::string field = "answer", std::string references = {});
//! Within `absolute` or `relative`, whichever is wider; units and separators around the number are ignored.
PERSONA_EXPORT MetricPtr near(std::string field = "answer", double absolute = 0, double relative = 1e-6,
                              std::string references = {});
//! @source{Lin 2004}
PERSONA_EXPORT MetricPtr rouge_l(std::string field = "answer", std::string references = {});
//! Of one sentence, smoothed; of several references with clipped counts of all, and the length nearest to the
//! answer's. @source{Papineni et al. 2002; Chen and Cherry 2014, method 1}
PERSONA_EXPORT MetricPtr bleu(std::string field = "answer", std::string references = {});
//! @source{Popovic 2015}
PERSONA_EXPORT MetricPtr chrf(std::string field = "answer", std::string references = {});
//! @errors invalid_argument: not a schema
[[nodiscard]] PERSONA_EXPORT Result<MetricPtr> fits_schema(std::string_view schema, std::string field = "answer");
//! Cosine of embeddings, negative ones 0.
PERSONA_EXPORT MetricPtr embedding_similarity(llm::Provider embedder, std::string model, std::string field = "answer",
                                              std::string references = {});

struct Judge {
  llm::Provider model = {};
  std::string model_name = {};
  std::string rubric = {};  //!< what makes an answer good
};
//! A model gives marks 0 .. 10 by a rubric, and says why.
PERSONA_EXPORT MetricPtr judged(Judge judge, std::string field = "answer");
//! A model compares with the expected answer, both ways round: 1 better, 0.5 as good, 0 worse.
PERSONA_EXPORT MetricPtr preferred(Judge judge, std::string field = "answer");

//! Weighted mean. @errors invalid_argument: no parts, a weight below 0
[[nodiscard]] PERSONA_EXPORT Result<MetricPtr> weighted(std::vector<std::pair<MetricPtr, double>> parts);
//! By the name of its function: "exact_match", "rouge_l", ... of those that need nothing but a field.
//! @errors not_found: the message lists them
[[nodiscard]] PERSONA_EXPORT Result<MetricPtr> metric_named(std::string_view name, std::string field = "answer",
                                                            std::string references = {});
//! Your own.
PERSONA_EXPORT MetricPtr metric(std::string name,
                                std::function<Result<Score>(const Example&, const Prediction&)> score);

}  // namespace persona::prompt
