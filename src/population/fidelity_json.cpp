//! A fidelity report as JSON; keys in a fixed order, numbers that do not exist as null.
#include <persona/population/fidelity.hpp>

#include <nlohmann/json.hpp>

namespace persona {

namespace {

using FidelityJson = nlohmann::ordered_json;

constexpr const char* finding_kinds[] = {"pearson", "spearman", "kendall"};

FidelityJson json_of(const FidelityLine& line) {
  return {{"kind", to_string(line.kind)},
          {"name", line.name},
          {"measure", line.measure},
          {"asked", line.asked},
          {"target", line.target},
          {"achieved", line.achieved},
          {"band", line.band},
          {"p_value", line.p_value},
          {"rows", line.rows},
          {"verdict", to_string(line.verdict)},
          {"note", line.note}};
}

FidelityJson json_of(const MarginalChart& chart) {
  FidelityJson json = {{"name", chart.field.name}, {"type", to_string(chart.field.type)}, {"unit", chart.field.unit}};
  if (chart.labels.empty())
    json["edges"] = chart.edges;
  else
    json["labels"] = chart.labels;
  json["expected"] = chart.expected;
  json["achieved"] = chart.achieved;
  json["mean"] = chart.mean;
  json["sd"] = chart.sd;
  json["missing"] = chart.missing;
  return json;
}

FidelityJson json_of(const CorrelationFinding& finding) {
  return {{"a", finding.asked.a},
          {"b", finding.asked.b},
          {"kind", finding_kinds[static_cast<int>(finding.asked.kind)]},
          {"asked", finding.asked.value},
          {"lowest", finding.lowest},
          {"highest", finding.highest},
          {"used", finding.used},
          {"latent", finding.latent},
          {"pilot_error", finding.pilot_error},
          {"moved", finding.moved},
          {"reason", finding.reason}};
}

template <class Items>
FidelityJson json_list(const Items& items) {
  FidelityJson list = FidelityJson::array();
  for (const auto& item : items) list.push_back(json_of(item));
  return list;
}

}  // namespace

std::string to_json(const FidelityReport& report) {
  const FidelityJson json = {{"title", report.title},
                             {"spec_hash", report.spec_hash},
                             {"seed", report.seed},
                             {"start", report.start},
                             {"rows", report.rows},
                             {"exact", report.exact},
                             {"level", report.level},
                             {"acceptance", report.acceptance},
                             {"seconds", report.seconds},
                             {"passed", report.passed()},
                             {"lines", json_list(report.lines)},
                             {"charts", json_list(report.charts)},
                             {"numeric", report.numeric},
                             {"correlation", report.correlation},
                             {"findings", json_list(report.findings)},
                             {"notes", report.notes}};
  return json.dump(2, ' ', false, FidelityJson::error_handler_t::replace) + "\n";
}

}  // namespace persona
