//! How a program's predictors work together, and what that takes.
#pragma once

#include <persona/core/context.hpp>
#include <persona/llm/provider.hpp>
#include <persona/prompt/predictor.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace persona::prompt {

//! What one call has beside its inputs.
struct Aside {
  std::optional<std::vector<Demo>> demos = {};  //!< instead of the predictor's
  std::string note = {};                        //!< for the model, after the inputs
};

//! What a program's flow calls its predictors through. Lives as long as one run.
class Run {
 public:
  virtual ~Run() = default;
  //! Asks the model. @errors as of the provider; invalid_output; not_found: no such predictor
  [[nodiscard]] virtual Result<Fields> predict(std::string_view predictor, const Fields& inputs,
                                               const Aside& aside = {}) = 0;
  //! Another model, an embedder's say, on the account of this run. It lives as long as the run.
  virtual llm::Provider through(const llm::Provider& model, std::string_view model_name) = 0;
  //! Which of several samples the next calls are; 0 at first. Votes count up.
  virtual void set_sample(int sample) = 0;
  virtual const Context& context() const = 0;

 protected:
  Run() = default;
};

//! How predictors work together. Must be a pure function of its inputs and of what `Run` returns,
//! so that a run can be resumed and shared between threads.
using Flow = std::function<Result<Fields>(Run& run, const Fields& inputs)>;

//! What calls of another model take at most: of an embedder in a flow, of a judge in a metric.
struct ModelLoad {
  llm::Provider model = {};
  std::string model_name = {};
  int calls = 1;
  std::size_t bytes = 0;  //!< of each, beside the example, and beside the answer where that is judged
  std::int64_t output_tokens = 0;
};

//! Who answers in a model's place: within a session, its budget and its ledger come between.
using Lend = std::function<llm::Provider(const llm::Provider& model, std::string_view model_name)>;

//! What is asked once, before the first run. Called from one thread at a time.
struct Preparation {
  ModelLoad load = {};
  std::function<bool()> is_done = {};
  std::function<Status(const Lend& lend, const Context& context)> prepare = {};
};

//! What a flow takes. A session reserves for it; more is an error of the run.
struct FlowNeeds {
  int most_calls = 0;                //!< of the model in one run, which is held to it; 0 is one for each predictor
  std::size_t most_added_bytes = 0;  //!< that the flow adds to one call: demos of its own, notes
  std::vector<ModelLoad> load = {};  //!< of other models in one run, asked through `Run::through`
  std::vector<Preparation> preparations = {};
};

}  // namespace persona::prompt
