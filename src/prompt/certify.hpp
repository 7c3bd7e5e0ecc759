//! Is the winner better than the baseline, on examples nobody had selected by?
#pragma once

#include <persona/prompt/report.hpp>

#include <vector>

namespace persona::prompt {

struct Certified {
  Certificate certificate = {};
  std::vector<SegmentScore> before = {}, after = {};
};

//! Runs both (two objects, else there is nothing to prove) on the holdout in an order of its own, a few examples at a
//! time, and looks after each. A stop, a deadline or an empty purse leave the baseline where it is.
Result<Certified> certify(const Program& baseline, const Program& winner, const Dataset& holdout, const Task& task,
                          Session& session, double alpha, const Context& context);

}  // namespace persona::prompt
