//! The parts of the page of a fidelity report.
#pragma once

#include <persona/population/fidelity.hpp>

#include <string>
#include <string_view>

namespace persona {

//! Text that may stand anywhere in the page, in attributes too; broken UTF-8 and controls replaced.
std::string html_escaped(std::string_view text);

std::string fidelity_style();  //!< the style sheet

std::string marginal_figure(const MarginalChart& chart, const FidelityReport& report);
std::string correlation_figure(const FidelityReport& report);  //!< "" for fewer than two numbers
std::string line_tables(const FidelityReport& report);

}  // namespace persona
