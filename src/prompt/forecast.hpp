//! What a search will take, told before it.
#pragma once

#include <persona/prompt/report.hpp>

#include <cstddef>

namespace persona::prompt {

//! @param holdout  examples that may be needed to certify, run by two programs
Result<Forecast> forecast_of(const Task& task, std::size_t holdout, const Optimizer& optimizer, const Session& session);

}  // namespace persona::prompt
