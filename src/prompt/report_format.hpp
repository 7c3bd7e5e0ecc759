//! How numbers and names of an optimization report read, in the terminal and on the page.
#pragma once

#include <persona/prompt/report.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace persona::prompt {

std::string percent_text(double share);               //!< "81.5 %"
std::string points_text(double difference);           //!< "+3.2"
std::string interval_text(const Interval& interval);  //!< "81.5 % [76.0, 86.1]"
std::string dollars_text(double amount);              //!< "$0.0032", three digits
std::string count_text(std::int64_t count);           //!< "12,345"

//! "baseline", or the candidate's origin.
std::string_view origin_of(const Candidate& candidate);

const Candidate* find_candidate(const OptimizationReport& report, std::string_view id);

//! What is shown as the outcome: the winner of the search, returned or not.
const Candidate& shown_candidate(const OptimizationReport& report);

//! Runs, or dollars where every candidate's price is known, that were spent up to each candidate.
struct SpentScale {
  bool in_dollars = false;
  std::vector<double> up_to = {};
};
SpentScale spent_scale(const OptimizationReport& report);

}  // namespace persona::prompt
