//! Who is best for the money, and for the time.
#pragma once

#include <persona/prompt/report.hpp>

#include <vector>

namespace persona::prompt {

//! Candidates that no other beats in score, cost and latency at once; best score first.
std::vector<FrontPoint> front_of(const std::vector<Candidate>& candidates);

}  // namespace persona::prompt
