//! Reports as text and as a page.
#include <persona/prompt/report.hpp>

#include "prompt/report_html.hpp"

#include <doctest/doctest.h>

using namespace persona;
using namespace persona::prompt;

namespace {

Candidate candidate(std::string id, std::vector<std::string> parents, const std::string& instructions, double score) {
  return {.program = *predict("question -> answer", instructions),
          .id = std::move(id),
          .parents = std::move(parents),
          .origin = "instruction",
          .score = {score, score - 0.1, score + 0.1},
          .evaluations = 50};
}

OptimizationReport sample_report() {
  OptimizationReport report;
  report.optimizer = "halving";
  report.run = "<script>alert(1)</script>";
  report.candidates = {candidate("c0", {}, "Answer the question.", 0.5),
                       candidate("c1", {"c0"}, "Answer the question & be <b>brief</b>.", 0.8),
                       candidate("c2", {"c0", "c1"}, "Answer.", 0.6)};
  report.candidates[0].origin = "";
  report.winner = report.returned = "c1";
  report.certificate = {.is_better = true, .p_value = 0.01, .examples = 40, .verdict = "c1 is better"};
  report.corrected_score = {0.78, 0.7, 0.85};
  report.segments_before = {{.segment = "old \"people\"", .examples = 9, .pooled = {0.4, 0.3, 0.5}}};
  report.segments_after = {{.segment = "old \"people\"", .examples = 9, .pooled = {0.7, 0.6, 0.8}}};
  report.front = {{"c1", {0.8, 0.7, 0.9}, {0.1, 0.05, 0.2}, {12, 10, 14}}};
  report.notes = {"a note"};
  return report;
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

}  // namespace

TEST_CASE("the page holds everything, and nothing in it is markup of others") {
  const std::string page = to_html(sample_report());
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("http") == std::string::npos);
  CHECK(page.find("&lt;script&gt;") != std::string::npos);
  CHECK(page.find("old &quot;people&quot;") != std::string::npos);
  CHECK(page.find("a note") != std::string::npos);
  CHECK(page.find("c1 is better") != std::string::npos);
  for (const char* tag : {"section", "table", "svg", "figure", "div", "details", "tr", "g"}) {
    CAPTURE(tag);
    const std::string open = std::string("<") + tag;
    CHECK(count_of(page, open + " ") + count_of(page, open + ">") == count_of(page, std::string("</") + tag + ">"));
  }
  CHECK(count_of(page, "<circle class=\"dot") == 3);
  CHECK(count_of(page, "<path class=\"edge") == 3);
}

TEST_CASE("a report without candidates, or of one that was never run, has a page too") {
  CHECK(to_html(OptimizationReport()).find("</html>") != std::string::npos);
  OptimizationReport report;
  report.candidates = {candidate("c0", {}, "", 0)};
  report.candidates[0].evaluations = 0;
  report.winner = report.returned = "c0";
  CHECK(to_html(report).find("not run") != std::string::npos);
  CHECK(to_text(report).find("not run") != std::string::npos);
}

TEST_CASE("what changed is marked word by word") {
  CHECK(diff_html("a b c", "a x c") == "a <del>b </del><ins>x </ins>c");
  CHECK(diff_html("same", "same") == "same");
  CHECK(diff_html("", "new words") == "<ins>new words</ins>");
  CHECK(diff_html("old", "") == "<del>old</del>");
  CHECK(diff_html("a\nb", "a\nb c") == "a\n<del>b</del><ins>b c</ins>");
  CHECK(diff_html("<i>", "<i> &").find("<i>") == std::string::npos);
}

TEST_CASE("the text fits a terminal and moves no cursor") {
  auto report = sample_report();
  report.run = "red\x1b[31m\nrun";
  const std::string plain = to_text(report, 80);
  CHECK(plain.find('\x1b') == std::string::npos);
  CHECK(plain.find("> c1") != std::string::npos);
  CHECK(plain.find("40.0 % [30.0, 50.0] before, 70.0 % [60.0, 80.0] after") != std::string::npos);
  CHECK(to_text(report, 80, true).find("\x1b[1;32m") != std::string::npos);
}
