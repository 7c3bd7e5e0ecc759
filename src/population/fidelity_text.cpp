//! A fidelity report for a terminal.
#include "core/utf8.hpp"
#include "fidelity_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace persona {

namespace {

//! Characters shown, each taken to be one column wide.
std::size_t shown_width(std::string_view text) {
  std::size_t width = 0;
  for (const char c : text) width += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  return width;
}

std::string fitted(std::string_view text, std::size_t width, bool right = false) {
  std::string cut = replace_invalid_utf8(text);
  for (char& c : cut)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';  // nothing in a name moves the cursor
  if (shown_width(cut) > width) {
    while (shown_width(cut) >= width && !cut.empty()) {
      while (cut.size() > 1 && (static_cast<unsigned char>(cut.back()) & 0xC0) == 0x80) cut.pop_back();
      cut.pop_back();
    }
    if (width > 0) cut += "…";
  }
  const std::string padding(width - shown_width(cut), ' ');
  return right ? padding + cut : cut + padding;
}

//! Writes rows of the table, each `width` columns wide at most.
class FidelityTable {
 public:
  FidelityTable(std::size_t width, bool color) : color_(color), name_(width - fixed) {}

  static constexpr std::size_t verdict = 7, measure = 9, number = 10, asked = 16, p = 8;
  static constexpr std::size_t fixed = verdict + measure + asked + 2 * number + p + 5;

  void heading(std::string_view title) {
    const std::string header = fitted("", verdict) + fitted(title, name_) + " " + fitted("measure", measure) + " " +
                               fitted("asked", asked, true) + " " + fitted("achieved", number, true) + " " +
                               fitted("95 % band", number, true) + " " + fitted("p", p, true);
    out_ += fmt::format("\n{}\n", painted("1", header));
  }

  void line(const FidelityLine& line) {
    out_ += word(line.verdict) + fitted(line.name, name_) + " " + fitted(line.measure, measure) + " " +
            fitted(asked_text(line), asked, true) + " " + fitted(line_number(line, line.achieved), number, true) + " " +
            fitted(band_text(line), number, true) + " " + fitted(p_value_text(line.p_value), p, true) + "\n";
    if (!line.note.empty()) note(line.note);
  }

  void note(std::string_view text) {
    out_ += fitted("", verdict + 2) + painted("2", fitted(text, name_ + fixed - verdict - 2)) + "\n";
  }

  void plain(Verdict verdict, std::string_view text) {
    out_ += word(verdict) + fitted(text, name_ + fixed - FidelityTable::verdict) + "\n";
  }

  std::string painted(std::string_view code, std::string_view text) const {
    return color_ ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
  }

  std::string take() {
    std::string clean;
    for (std::size_t at = 0; at < out_.size();) {  // no blanks at the end of lines
      const std::size_t end = std::min(out_.find('\n', at), out_.size());
      const std::string_view row = std::string_view(out_).substr(at, end - at);
      clean += row.substr(0, row.find_last_not_of(' ') + 1);
      clean += '\n';
      at = end + 1;
    }
    return clean;
  }

  std::string& text() { return out_; }

 private:
  std::string word(Verdict verdict) const {
    static constexpr const char *words[] = {"pass", "moved", "FAIL"}, *colors[] = {"32", "33", "1;31"};
    const auto i = static_cast<std::size_t>(verdict);
    return painted(colors[i], fitted(words[i], FidelityTable::verdict));
  }

  bool color_;
  std::size_t name_;
  std::string out_;
};

//! Cases are many: those that fail by name, the others counted for each attribute.
void write_cases(const std::vector<const FidelityLine*>& lines, FidelityTable& table) {
  for (std::size_t first = 0; first < lines.size();) {
    const std::string_view attribute = attribute_of_case(*lines[first]);
    std::size_t last = first, failed = 0;
    double worst = 0;
    for (; last < lines.size() && attribute_of_case(*lines[last]) == attribute; ++last) {
      failed += lines[last]->verdict == Verdict::fail ? 1 : 0;
      worst = std::max(worst, std::fabs(in_bands(*lines[last])));
      if (lines[last]->verdict == Verdict::fail) table.line(*lines[last]);
    }
    if (failed < last - first)
      table.plain(Verdict::pass, fmt::format("{}: {}{} of {} cases, the farthest at {:.2f} of its band", attribute,
                                             failed == 0 ? "all " : "", last - first - failed, last - first, worst));
    first = last;
  }
}

}  // namespace

std::string to_text(const FidelityReport& report, int width, bool color) {
  FidelityTable table(static_cast<std::size_t>(std::max(width, 80)), color);
  table.text() =
      fmt::format("{}\nseed {}, people {} to {}, specification {}\n",
                  table.painted("1", fitted(report.title, shown_width(report.title))), report.seed, report.start,
                  report.start + static_cast<std::uint64_t>(report.rows) - 1, report.spec_hash.substr(0, 12));
  for (const FidelityKind kind : reading_order) {
    std::vector<const FidelityLine*> lines;
    for (const FidelityLine& line : report.lines)
      if (line.kind == kind) lines.push_back(&line);
    if (lines.empty()) continue;
    table.heading(group_title(kind));
    if (kind == FidelityKind::conditional) {
      write_cases(lines, table);
    } else {
      for (const FidelityLine* line : lines) table.line(*line);
    }
  }
  if (!report.notes.empty()) table.text() += "\n";
  for (const std::string& note : report.notes) table.note(note);
  table.text() += fmt::format("\n{}\n", table.painted(report.passed() ? "1;32" : "1;31", verdict_sentence(report)));
  return table.take();
}

}  // namespace persona
