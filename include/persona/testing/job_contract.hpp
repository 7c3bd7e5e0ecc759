//! What every job queue promises, as a test that any queue can be put to.
#pragma once

#include <persona/core/clock.hpp>
#include <persona/storage/jobs.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace persona::testing {

//! Opens a queue on the same place at every call of one part, a new and empty one at the first.
//! @param part  names the place
using MakeJobQueue = std::function<std::unique_ptr<JobQueue>(const std::string& part, std::shared_ptr<Clock> clock)>;

//! Tries a queue out; needs no test framework.
//! @return one sentence for each promise that is broken; empty when all are kept
PERSONA_EXPORT std::vector<std::string> job_contract(const MakeJobQueue& make);

}  // namespace persona::testing
