//! Who is best for the money, and for the time.
#pragma once

#include <persona/prompt/report.hpp>

#include <vector>

namespace persona::prompt {

//! Whether it ran on at least half as many examples as any other: few runs make lucky scores.
bool is_well_known(const Candidate& candidate, const std::vector<Candidate>& candidates);

//! Well-known candidates that no other of them beats in score, cost and latency at once; best score first.
std::vector<FrontPoint> front_of(const std::vector<Candidate>& candidates);

}  // namespace persona::prompt
