//! From a prompt program and labelled data to a better program, with proof.
#pragma once

#include <persona/prompt/optimizer.hpp>
#include <persona/prompt/optimizers/halving.hpp>
#include <persona/prompt/report.hpp>
#include <persona/prompt/session.hpp>

#include <cstdint>
#include <functional>
#include <utility>

namespace persona {

struct OptimizeOptions {
  prompt::OptimizerPtr optimizer = prompt::halving();
  std::uint64_t seed = 0;
  double alpha = 0.05;         //!< chance of returning a program that is not better
  double holdout_share = 0.3;  //!< of the validation data, kept for the certificate
  double search_share = 0.8;   //!< of the budget, at most; the rest certifies
  std::function<void(const prompt::Candidate&)> on_candidate = {};  //!< once the search is over, in order
};

//! What came out.
struct Optimized {
  prompt::Program program;  //!< the baseline, unless another is proven better
  prompt::OptimizationReport report = {};
};

//! The front door: forecast, search, correct, certify.
//!
//!     PromptOptimizer optimizer(task, session_options);
//!     auto forecast = optimizer.forecast();
//!     auto better = optimizer.optimize();
class PromptOptimizer {
 public:
  PromptOptimizer(prompt::Task task, prompt::SessionOptions session, OptimizeOptions options = {})
      : task_(std::move(task)), session_(std::move(session)), options_(std::move(options)) {}

  //! What it would take; nothing is spent. @errors invalid_argument: no data, no metric
  [[nodiscard]] PERSONA_EXPORT Result<prompt::Forecast> forecast() const;

  //! The same arguments give the same result, byte for byte, whatever the number of threads, and
  //! whether or not the run was killed and resumed from its ledger.
  //! After a stop or deadline, the best so far.
  //! @errors invalid_argument: no data, no metric, a budget too small for one call; conflict: the
  //!         ledger holds another run of that name (other program, data, metric, objective, models, seed or
  //!         optimizer; not its options); otherwise what every call of the model fails with
  [[nodiscard]] PERSONA_EXPORT Result<Optimized> optimize(const Context& context = {}) const;

 private:
  prompt::Task task_;
  prompt::SessionOptions session_;
  OptimizeOptions options_;
};

}  // namespace persona
