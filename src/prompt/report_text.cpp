//! An optimization report for a terminal.
#include "core/text.hpp"
#include "core/utf8.hpp"
#include "report_format.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace persona::prompt {
namespace {

std::string painted(bool color, std::string_view code, std::string_view text) {
  return color ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
}

// Nothing in a name moves the cursor.
std::string safe_text(std::string_view text, std::size_t most) {
  std::string safe = shortened(replace_invalid_utf8(text), most);
  for (char& c : safe)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  return safe;
}

std::string spent_text(const OptimizationReport& report) {
  std::string text =
      fmt::format("{} calls, {} tokens", count_text(report.spent.calls), count_text(report.spent.tokens));
  if (report.spent.money.picodollars > 0)
    text += ", " + dollars_text(static_cast<double>(report.spent.money.picodollars) * 1e-12);
  if (report.spent.replayed_calls > 0)
    text +=
        fmt::format(" ({} of the calls were paid for by an earlier process)", count_text(report.spent.replayed_calls));
  return text;
}

// The baseline, then those of whom most is sure; the returned one is always among them.
std::vector<const Candidate*> shown_lines(const OptimizationReport& report) {
  constexpr std::size_t most_lines = 12;
  std::vector<const Candidate*> lines;
  for (const Candidate& candidate : report.candidates) lines.push_back(&candidate);
  const auto rank = [&](const Candidate* candidate) {
    if (candidate == &report.candidates.front()) return 2.0;
    if (candidate->id == report.returned) return 1.5;
    return candidate->evaluations == 0 ? -1.0 : candidate->score.lower;
  };
  std::stable_sort(lines.begin(), lines.end(), [&](const auto* a, const auto* b) { return rank(a) > rank(b); });
  lines.resize(std::min(lines.size(), most_lines));
  return lines;
}

}  // namespace

std::string to_text(const OptimizationReport& report, int width, bool color) {
  const auto columns = static_cast<std::size_t>(std::max(width, 60));
  std::string out = painted(color, "1", safe_text(report.run, columns)) +
                    fmt::format("\noptimizer {}, seed {}\n\n", report.optimizer, report.seed);
  out += painted(color, "1", fmt::format("  {:<8}{:<24}{:<26}{:>8}", "", "made by", "score, 95 %", "runs")) + "\n";
  const auto shown = shown_lines(report);
  for (const Candidate* shown_one : shown) {
    const Candidate& candidate = *shown_one;
    const bool is_returned = candidate.id == report.returned;
    const std::string line =
        fmt::format("{} {:<8}{:<24}{:<26}{:>8}", is_returned ? ">" : " ", safe_text(candidate.id, 7),
                    safe_text(origin_of(candidate), 23),
                    candidate.evaluations == 0 ? "not run" : interval_text(candidate.score), candidate.evaluations);
    out += (is_returned ? painted(color, "32", line) : line) + "\n";
  }
  if (report.candidates.size() > shown.size())
    out += fmt::format("  and {} more\n", report.candidates.size() - shown.size());
  out += fmt::format("\n  corrected for having been picked: {}\n", interval_text(report.corrected_score));
  for (const SegmentScore& after : report.segments_after) {
    for (const SegmentScore& before : report.segments_before)
      if (before.segment == after.segment && !after.segment.empty())
        out += fmt::format("  {:<24} {} before, {} after\n", safe_text(after.segment, 24), interval_text(before.pooled),
                           interval_text(after.pooled));
  }
  out += "  " + spent_text(report) + "\n";
  for (const std::string& note : report.notes) out += "  " + safe_text(note, columns * 3) + "\n";
  out += "\n" + painted(color, report.certificate.is_better ? "1;32" : "1;33", report.certificate.verdict) + "\n";
  return out;
}

}  // namespace persona::prompt
