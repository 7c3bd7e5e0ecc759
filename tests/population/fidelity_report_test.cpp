//! A report as text, JSON and page.
#include "fidelity_example.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

using namespace persona;
using namespace persona::testing;

namespace {

//! Hostile names in every place where a name can stand.
FidelityReport hostile_report() {
  const std::string name = "<script>alert('x')</script>&\"\x01\xff\x1b[31m";
  FidelityReport report;
  report.title = report.spec_hash = name;
  report.rows = 1'234'567;
  for (const auto kind : {FidelityKind::marginal, FidelityKind::conditional, FidelityKind::correlation,
                          FidelityKind::missing, FidelityKind::constraint, FidelityKind::segment}) {
    FidelityLine line;
    line.kind = kind;
    line.name = name + " | " + name;
    if (kind == FidelityKind::correlation) line.name = name + " ~ " + name;
    line.measure = kind == FidelityKind::marginal ? "KS" : "share";
    line.note = name;
    report.lines.push_back(line);
  }
  MarginalChart chart;
  chart.field.name = chart.field.unit = name;
  chart.labels = {name, "b"};
  chart.achieved = chart.expected = {0.25, 0.75};
  report.charts.push_back(chart);
  report.numeric = {name, "b"};
  report.correlation = {1, 0.5, 0.5, 1};
  report.notes = {name};
  return report;
}

std::size_t widest(const std::string& text) {
  std::size_t width = 0, most = 0;
  for (const char c : text) {
    width = c == '\n' ? 0 : width + ((static_cast<unsigned char>(c) & 0xC0) != 0x80);
    most = std::max(most, width);
  }
  return most;
}

}  // namespace

TEST_CASE("text fits its width, ends with the verdict and is coloured only when asked") {
  const PopulationModel model = fidelity_model();
  FidelityReport report = report_of(model, people_of(model, 20'000, 1));
  const std::string text = to_text(report, 100);
  CHECK(widest(text) <= 100);
  CHECK(widest(to_text(report, 80)) <= 80);
  CHECK(text.ends_with("18 of 18 lines pass (family-wise error 1 %), 20,000 people\n"));
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(to_text(report, 100, true).find("\x1b[32mpass") != std::string::npos);
  report.lines[0].verdict = Verdict::fail;
  report.lines[1].verdict = Verdict::moved;
  CHECK(to_text(report).ends_with(
      "17 of 18 lines pass, 1 of them moved, 1 fails (family-wise error 1 %), 20,000 people\n"));
  CHECK(to_text(report).find("FAIL   height") != std::string::npos);
}

TEST_CASE("nothing in a name moves the cursor or leaves the page's text") {
  const FidelityReport report = hostile_report();
  CHECK(to_text(report).find('\x1b') == std::string::npos);
  CHECK(to_text(report).find('\x01') == std::string::npos);
  const std::string page = to_html(report);
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("alert('x')") == std::string::npos);
  CHECK(page.find('\xff') == std::string::npos);
  CHECK(page.find('\x1b') == std::string::npos);
}

TEST_CASE("the page loads nothing, is small, and says what it shows") {
  const PopulationModel model = fidelity_model();
  const std::string page = to_html(report_of(model, people_of(model, 20'000, 1)));
  CHECK(page.size() < 200'000);
  for (const char* link : {"http", "src=", "url(", "@import", "<link", "<script"})
    CHECK(page.find(link) == std::string::npos);
  for (const char* part : {"prefers-color-scheme:dark", "aria-label=\"Distribution of income", "<details",
                           "lang=\"en\"", "height ~ income (pearson): asked 0.3000"})
    CHECK_MESSAGE(page.find(part) != std::string::npos, part);
  CHECK(page.find("nan") == std::string::npos);
  CHECK(page.find("inf\"") == std::string::npos);
}

TEST_CASE("thousands of cases stay under a megabyte, and those that fail are all shown") {
  FidelityReport report;
  FidelityLine line;
  line.kind = FidelityKind::conditional;
  line.measure = "KS";
  for (int i = 0; i < 20'000; ++i) {
    line.name = "income | case " + std::to_string(i);
    line.verdict = i == 19'999 ? Verdict::fail : Verdict::pass;
    report.lines.push_back(line);
  }
  const std::string page = to_html(report);
  CHECK(page.size() < 1'000'000);
  CHECK(page.find("case 19999<") != std::string::npos);
  CHECK(page.find("18500 more") == std::string::npos);
  CHECK(page.find("18499 more that pass are in the JSON report") != std::string::npos);
}

TEST_CASE("JSON has stable keys and null where there is no number") {
  const PopulationModel model = fidelity_model();
  const auto json = nlohmann::ordered_json::parse(to_json(report_of(model, people_of(model, 20'000, 1))));
  std::vector<std::string> keys;
  for (const auto& [key, value] : json.items()) keys.push_back(key);
  CHECK(keys == std::vector<std::string>{"title", "spec_hash", "seed", "start", "rows", "exact", "level", "acceptance",
                                         "seconds", "passed", "lines", "charts", "numeric", "correlation", "findings",
                                         "notes"});
  CHECK(json.at("passed") == true);
  CHECK(json.at("lines").at(0).at("name") == "height");
  CHECK(json.at("lines").at(0).at("verdict") == "pass");
  CHECK(json.at("charts").at(3).at("labels") == std::vector<std::string>{"female", "male"});
  CHECK(json.at("charts").at(3).at("mean").is_null());
  CHECK_FALSE(nlohmann::json::parse(to_json(hostile_report()), nullptr, false).is_discarded());
}
