//! The parts of the page of a fidelity report.
#pragma once

#include <persona/population/fidelity.hpp>

#include "core/page.hpp"

#include <string>
#include <string_view>

namespace persona {

std::string marginal_figure(const MarginalChart& chart, const FidelityReport& report);
std::string correlation_figure(const FidelityReport& report);  //!< "" for fewer than two numbers
std::string line_tables(const FidelityReport& report);

}  // namespace persona
