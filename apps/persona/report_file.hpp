//! Fidelity reports as files.
#pragma once

#include <persona/population/fidelity.hpp>

#include <CLI/CLI.hpp>
#include <string>

namespace persona::cli {

//! Refuses, before any work, a path that no report can be written to. @param extensions  ".html", ...
CLI::Validator report_path(std::vector<std::string> extensions);

//! As the extension says: .html, .json, or text. Replaces the file at once. @errors io
Status write_report(const FidelityReport& report, const std::string& path);

//! "pass: 132 of 132 lines hold"
std::string verdict_line(const FidelityReport& report);

}  // namespace persona::cli
