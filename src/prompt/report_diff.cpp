//! What the winner says that the baseline does not.
#include "report_format.hpp"
#include "report_html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace persona::prompt {
namespace {

constexpr std::size_t most_cells = 4'000'000;  // of the table of common words

// Words, each with the white space after it, so that they join to the text.
std::vector<std::string_view> pieces_of(std::string_view text) {
  std::vector<std::string_view> pieces;
  const auto is_space = [](char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; };
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && !is_space(text[end])) ++end;
    while (end < text.size() && is_space(text[end])) ++end;
    pieces.push_back(text.substr(at, end - at));
    at = end;
  }
  return pieces;
}

std::string tagged(std::string_view tag, std::string_view text) {
  if (text.empty()) return "";
  // html_escaped turns line ends into blanks; here they are kept.
  std::string html;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    html += html_escaped(text.substr(at, end - at));
    if (end < text.size()) html += '\n';
    at = end + 1;
  }
  return tag.empty() ? html : fmt::format("<{0}>{1}</{0}>", tag, html);
}

using Pieces = std::vector<std::string_view>;

// common[i][j]: length of the longest common subsequence of what follows i and j.
std::vector<std::vector<std::uint32_t>> common_lengths(const Pieces& a, const Pieces& b) {
  std::vector<std::vector<std::uint32_t>> common(a.size() + 1, std::vector<std::uint32_t>(b.size() + 1, 0));
  for (std::size_t i = a.size(); i-- > 0;)
    for (std::size_t j = b.size(); j-- > 0;)
      common[i][j] = a[i] == b[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
  return common;
}

std::string joined(const Pieces& pieces, std::size_t first, std::size_t last) {
  std::string text;
  for (std::size_t i = first; i < last; ++i) text += pieces[i];
  return text;
}

std::string demos_table(const Predictor& predictor) {
  if (predictor.demos.empty()) return "";
  constexpr std::size_t most_demos = 24;
  std::string rows;
  for (std::size_t i = 0; i < std::min(predictor.demos.size(), most_demos); ++i) {
    const Demo& demo = predictor.demos[i];
    std::string text;
    for (const auto& [name, value] : demo.fields) text += name + ": " + to_text(value) + "\n";
    rows += fmt::format("<tr><th>{}{}</th><td class=\"text\">{}</td></tr>\n", i + 1,
                        demo.augmented ? "<small>written by a run</small>" : "", tagged("", text));
  }
  return fmt::format(
      "<details><summary>{} demos</summary><div class=\"card\"><table><tbody>\n{}</tbody></table></div>"
      "</details>\n",
      predictor.demos.size(), rows);
}

}  // namespace

std::string diff_html(std::string_view before, std::string_view after) {
  const auto a = pieces_of(before), b = pieces_of(after);
  if (a.size() * b.size() > most_cells) return tagged("del", before) + "\n" + tagged("ins", after);
  const auto common = common_lengths(a, b);
  std::string html;
  std::size_t i = 0, j = 0;
  while (i < a.size() || j < b.size()) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      html += tagged("", a[i]);
      ++i, ++j;
      continue;
    }
    const std::size_t from_i = i, from_j = j;
    while ((i < a.size() || j < b.size()) && !(i < a.size() && j < b.size() && a[i] == b[j])) {
      const bool take_out = j >= b.size() || (i < a.size() && common[i + 1][j] >= common[i][j + 1]);
      ++(take_out ? i : j);
    }
    html += tagged("del", joined(a, from_i, i)) + tagged("ins", joined(b, from_j, j));
  }
  return html;
}

std::string prompt_diffs(const OptimizationReport& report) {
  const auto& before = report.candidates.front().program.predictors();
  const auto& after = shown_candidate(report).program.predictors();
  std::string html;
  for (std::size_t i = 0; i < std::min(before.size(), after.size()); ++i) {
    const std::string& old_words = before[i].signature.instructions;
    const std::string& new_words = after[i].signature.instructions;
    html += fmt::format("<h3>{}</h3>\n", html_escaped(after[i].name));
    if (old_words.empty() && new_words.empty())
      html += "<p class=\"how\">No instructions of its own, before or after.</p>\n";
    else
      html += "<div class=\"diff\">" + diff_html(old_words, new_words) + "</div>\n";
    if (before[i].demos != after[i].demos)
      html += fmt::format("<p class=\"how\">{} demos before, {} after.</p>\n", before[i].demos.size(),
                          after[i].demos.size());
    html += demos_table(after[i]);
  }
  return html;
}

}  // namespace persona::prompt
