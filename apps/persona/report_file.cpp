//! Fidelity reports as files.
#include "report_file.hpp"

#include "terminal.hpp"
#include "text_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace persona::cli {
namespace fs = std::filesystem;
namespace {

std::string rendered(const FidelityReport& report, const std::string& path) {
  const auto extension = fs::path(path).extension();
  if (extension == ".html") return to_html(report);
  if (extension == ".json") return to_json(report) + "\n";
  return to_text(report);
}

}  // namespace

CLI::Validator report_path(std::vector<std::string> extensions) {
  return CLI::Validator(
      [extensions = std::move(extensions)](std::string& path) -> std::string {
        const auto extension = fs::path(path).extension().string();
        if (std::find(extensions.begin(), extensions.end(), extension) == extensions.end())
          return fmt::format("'{}' does not end in {}", path, fmt::join(extensions, " or "));
        const auto folder = fs::path(path).parent_path();
        std::error_code ignored;
        if (!folder.empty() && !fs::is_directory(folder, ignored))
          return fmt::format("'{}': there is no folder '{}'", path, folder.string());
        return {};
      },
      "");
}

Status write_report(const FidelityReport& report, const std::string& path) {
  return write_text_file(path, rendered(report, path));
}

std::string verdict_line(const FidelityReport& report) {
  const auto count = [&](Verdict verdict) {
    return static_cast<std::uint64_t>(std::count_if(report.lines.begin(), report.lines.end(),
                                                    [&](const auto& line) { return line.verdict == verdict; }));
  };
  std::string text =
      fmt::format("{}: {} of {} hold", report.passed() ? "pass" : "fail",
                  with_commas(report.lines.size() - count(Verdict::fail)), counted(report.lines.size(), "line"));
  if (const auto moved = count(Verdict::moved); moved > 0)
    text += fmt::format(", {} of them after being moved to what can be had", with_commas(moved));
  return text;
}

}  // namespace persona::cli
