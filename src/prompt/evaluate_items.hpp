//! Many (program, example) pairs run at once: what every search is made of.
#pragma once

#include <persona/prompt/evaluation.hpp>
#include <persona/prompt/session.hpp>

#include <vector>

namespace persona::prompt {

struct EvaluationItem {
  const Program* program = nullptr;
  const Example* example = nullptr;
  int sample = 0;
};

//! Outcomes of the first items, as many as the budget bears. What failed for a passing reason is
//! tried again; when it still fails, so does the call: an outage is no score.
//! @errors unavailable, cancelled, deadline_exceeded, io; invalid_argument: the metric cannot judge an example
Result<std::vector<Outcome>> evaluate_items(const std::vector<EvaluationItem>& items, const Metric& metric,
                                            Session& session, const Context& context);

//! A stop, a deadline, an outage or an empty purse: a search ends with what it has.
bool ends_search_early(const Error& error);

//! Scores, segments and sums. @pre one outcome for each example
Evaluation summary_of(const Dataset& data, std::vector<Outcome> outcomes);

}  // namespace persona::prompt
