//! How numbers and names of an optimization report read.
#include "report_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace persona::prompt {

std::string percent_text(double share) {
  return fmt::format("{:.1f} %", 100 * share);
}

std::string points_text(double difference) {
  return fmt::format("{:+.1f}", 100 * difference);
}

std::string interval_text(const Interval& interval) {
  return fmt::format("{:.1f} % [{:.1f}, {:.1f}]", 100 * interval.value, 100 * interval.lower, 100 * interval.upper);
}

std::string dollars_text(double amount) {
  if (amount == 0) return "$0";
  if (amount >= 100) return fmt::format("${:.0f}", amount);
  const int digits = std::clamp(2 - static_cast<int>(std::floor(std::log10(std::abs(amount)))), 2, 9);
  return fmt::format("${:.{}f}", amount, digits);
}

std::string count_text(std::int64_t count) {
  std::string digits = std::to_string(count);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > (count < 0 ? 1 : 0); at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

std::string_view origin_of(const Candidate& candidate) {
  return candidate.parents.empty() && candidate.origin.empty() ? std::string_view("baseline") : candidate.origin;
}

const Candidate* find_candidate(const OptimizationReport& report, std::string_view id) {
  for (const Candidate& candidate : report.candidates)
    if (candidate.id == id) return &candidate;
  return nullptr;
}

const Candidate& shown_candidate(const OptimizationReport& report) {
  const Candidate* winner = find_candidate(report, report.winner);
  return winner != nullptr ? *winner : report.candidates.front();
}

SpentScale spent_scale(const OptimizationReport& report) {
  SpentScale scale;
  scale.in_dollars = !report.candidates.empty() &&
                     std::all_of(report.candidates.begin(), report.candidates.end(), [](const Candidate& candidate) {
                       return candidate.evaluations == 0 || candidate.cost_per_run.value > 0;
                     });
  double sum = 0;
  for (const Candidate& candidate : report.candidates) {
    sum += static_cast<double>(candidate.evaluations) * (scale.in_dollars ? candidate.cost_per_run.value : 1);
    scale.up_to.push_back(sum);
  }
  return scale;
}

}  // namespace persona::prompt
