//! The parts of the page of an optimization report.
#pragma once

#include <persona/prompt/report.hpp>

#include "core/page.hpp"

#include <string>
#include <string_view>

namespace persona::prompt {

std::string report_style();

std::string score_chart(const OptimizationReport& report);    //!< scores over what was spent
std::string lineage_chart(const OptimizationReport& report);  //!< who was made of whom; "" for one candidate
std::string prompt_diffs(const OptimizationReport& report);   //!< what the winner says that the baseline does not
std::string significance_table(const OptimizationReport& report);
std::string segment_table(const OptimizationReport& report);  //!< "" where there are no segments
std::string front_table(const OptimizationReport& report);
std::string candidate_table(const OptimizationReport& report);
std::string spending_table(const OptimizationReport& report);

//! Words of two texts, taken out and put in.
std::string diff_html(std::string_view before, std::string_view after);

}  // namespace persona::prompt
