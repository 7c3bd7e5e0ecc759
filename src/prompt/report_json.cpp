//! Reports as JSON. What a resumed run cannot repeat (wall time, what came from the ledger) is left out.
#include <persona/prompt/report.hpp>

#include "predictor_json.hpp"

#include <cmath>
#include <utility>

namespace persona::prompt {
namespace {

Json json_of(const Interval& interval) {
  return {{"value", json_number(interval.value)},
          {"lower", json_number(interval.lower)},
          {"upper", json_number(interval.upper)},
          {"confidence", json_number(interval.confidence)}};
}

Json json_of(const std::vector<SegmentScore>& segments) {
  Json list = Json::array();
  for (const SegmentScore& segment : segments) {
    list.push_back({{"segment", segment.segment},
                    {"examples", segment.examples},
                    {"score", json_of(segment.score)},
                    {"pooled", json_of(segment.pooled)}});
  }
  return list;
}

Json json_of(const Candidate& candidate) {
  Json predictors = Json::array();
  for (const Predictor& predictor : candidate.program.predictors()) predictors.push_back(prompt::json_of(predictor));
  Json scores = Json::array();
  for (const double score : candidate.scores) scores.push_back(std::isnan(score) ? Json(nullptr) : json_number(score));
  return {{"id", candidate.id},
          {"parents", candidate.parents},
          {"origin", candidate.origin},
          {"score", json_of(candidate.score)},
          {"evaluations", candidate.evaluations},
          {"cost_per_run", json_of(candidate.cost_per_run)},
          {"latency_ms", json_of(candidate.latency_ms)},
          {"predictors", std::move(predictors)},
          {"scores", std::move(scores)}};
}

Json json_of(const Certificate& certificate) {
  const Comparison& comparison = certificate.comparison;
  return {{"is_better", certificate.is_better},
          {"alpha", json_number(certificate.alpha)},
          {"p_value", json_number(certificate.p_value)},
          {"difference", json_of(comparison.difference)},
          {"paired_p_value", json_number(comparison.p_value)},
          {"wins", comparison.wins},
          {"losses", comparison.losses},
          {"ties", comparison.ties},
          {"examples", certificate.examples},
          {"broken_segments", certificate.broken_segments},
          {"verdict", certificate.verdict}};
}

Json json_of(const Budget& budget) {
  Json json = Json::object();
  if (budget.money) json["picodollars"] = budget.money->picodollars;
  if (budget.tokens) json["tokens"] = *budget.tokens;
  if (budget.calls) json["calls"] = *budget.calls;
  if (budget.time) json["milliseconds"] = budget.time->count();
  return json;
}

// Reads what `to_json` wrote; what is missing keeps its default, what is of another kind is an error.
class ReportReader {
 public:
  ReportReader(const Json& json, JsonPath path) : json_(json), path_(std::move(path)) {}

  template <class T>
  void read(std::string_view name, T& value) {
    const auto found = json_.find(name);
    if (found == json_.end() || found->is_null() || error_) return;
    try {
      value = found->get<T>();
    } catch (const Json::exception&) {
      error_ = Error{Errc::invalid_argument, "'" + std::string(name) + "' is of the wrong kind", (path_ / name).text()};
    }
  }
  void read(std::string_view name, std::optional<std::int64_t>& value) {
    std::int64_t number = 0;
    read(name, number);
    if (!error_ && json_.contains(name)) value = number;
  }
  void read(std::string_view name, Interval& interval) {
    auto inside = child(name);
    if (!inside) return;
    inside->read("value", interval.value);
    inside->read("lower", interval.lower);
    inside->read("upper", interval.upper);
    inside->read("confidence", interval.confidence);
    take(*inside);
  }
  std::optional<ReportReader> child(std::string_view name) {
    const auto found = json_.find(name);
    if (found == json_.end() || error_) return {};
    if (!found->is_object()) {
      error_ = Error{Errc::invalid_argument, "'" + std::string(name) + "' must be an object", (path_ / name).text()};
      return {};
    }
    return ReportReader(*found, path_ / name);
  }
  template <class F>
  void each(std::string_view name, F read_item) {
    const auto found = json_.find(name);
    if (found == json_.end() || error_) return;
    for (std::size_t i = 0; i < found->size() && !error_; ++i) {
      ReportReader item((*found)[i], path_ / name / i);
      read_item(item);
      take(item);
    }
  }
  void take(const ReportReader& other) {
    if (!error_ && other.error_) error_ = other.error_;
  }
  const Json& json() const { return json_; }
  const JsonPath& path() const { return path_; }
  std::optional<Error> error() const { return error_; }
  void fail_with(Error error) { error_ = std::move(error); }

 private:
  const Json& json_;
  JsonPath path_;
  std::optional<Error> error_;
};

void read_segments(ReportReader& reader, std::string_view name, std::vector<SegmentScore>& segments) {
  reader.each(name, [&](ReportReader& item) {
    SegmentScore segment;
    item.read("segment", segment.segment);
    item.read("examples", segment.examples);
    item.read("score", segment.score);
    item.read("pooled", segment.pooled);
    segments.push_back(std::move(segment));
  });
}

void read_certificate(ReportReader& reader, Certificate& certificate) {
  auto inside = reader.child("certificate");
  if (!inside) return;
  inside->read("is_better", certificate.is_better);
  inside->read("alpha", certificate.alpha);
  inside->read("p_value", certificate.p_value);
  inside->read("difference", certificate.comparison.difference);
  inside->read("paired_p_value", certificate.comparison.p_value);
  inside->read("wins", certificate.comparison.wins);
  inside->read("losses", certificate.comparison.losses);
  inside->read("ties", certificate.comparison.ties);
  inside->read("examples", certificate.examples);
  inside->read("broken_segments", certificate.broken_segments);
  inside->read("verdict", certificate.verdict);
  reader.take(*inside);
}

void read_candidates(ReportReader& reader, std::vector<Candidate>& candidates) {
  reader.each("candidates", [&](ReportReader& item) {
    std::vector<Predictor> predictors;
    item.each("predictors", [&](ReportReader& each) {
      auto predictor = predictor_from(each.json(), each.path());
      if (predictor) {
        predictors.push_back(*std::move(predictor));
      } else {
        each.fail_with(predictor.error());
      }
    });
    auto program = Program::make(std::move(predictors));
    if (!program) return item.fail_with(program.error());
    Candidate candidate{.program = *std::move(program)};
    item.read("id", candidate.id);
    item.read("parents", candidate.parents);
    item.read("origin", candidate.origin);
    item.read("score", candidate.score);
    item.read("evaluations", candidate.evaluations);
    item.read("cost_per_run", candidate.cost_per_run);
    item.read("latency_ms", candidate.latency_ms);
    item.each("scores", [&](ReportReader& score) {
      candidate.scores.push_back(score.json().is_number() ? score.json().get<double>() : std::nan(""));
    });
    candidates.push_back(std::move(candidate));
  });
}

}  // namespace

std::string to_json(const OptimizationReport& report) {
  Json candidates = Json::array();
  for (const Candidate& candidate : report.candidates) candidates.push_back(json_of(candidate));
  Json front = Json::array();
  for (const FrontPoint& point : report.front) {
    front.push_back({{"candidate", point.candidate},
                     {"score", json_of(point.score)},
                     {"dollars_a_thousand_runs", json_of(point.dollars_a_thousand_runs)},
                     {"latency_ms", json_of(point.latency_ms)}});
  }
  const Json json = {{"persona_optimization", 1},
                     {"optimizer", report.optimizer},
                     {"run", report.run},
                     {"seed", report.seed},
                     {"winner", report.winner},
                     {"returned", report.returned},
                     {"certificate", json_of(report.certificate)},
                     {"selected_score", json_of(report.selected_score)},
                     {"corrected_score", json_of(report.corrected_score)},
                     {"budget", json_of(report.budget)},
                     {"spent",
                      {{"picodollars", report.spent.money.picodollars},
                       {"tokens", report.spent.tokens},
                       {"calls", report.spent.calls}}},
                     {"stopped_early", report.stopped_early},
                     {"forecast",
                      {{"dollars", json_of(report.forecast.dollars)},
                       {"tokens", json_of(report.forecast.tokens)},
                       {"calls", json_of(report.forecast.calls)},
                       {"price_known", report.forecast.price_known},
                       {"fits_budget", report.forecast.fits_budget}}},
                     {"candidates", std::move(candidates)},
                     {"front", std::move(front)},
                     {"segments_before", json_of(report.segments_before)},
                     {"segments_after", json_of(report.segments_after)},
                     {"notes", report.notes}};
  return print_json_document(json);
}

Result<OptimizationReport> parse_report(std::string_view text) {
  const auto json = parse_json_document(text);
  if (!json) return tl::unexpected(json.error());
  if (!json->is_object() || !json->contains("persona_optimization")) {
    return fail(Errc::invalid_argument, "not the report of an optimization");
  }
  if ((*json)["persona_optimization"] != 1) {
    return fail(Errc::unsupported, "this report was written by a later version of persona", "/persona_optimization");
  }
  OptimizationReport report;
  ReportReader reader(*json, {});
  reader.read("optimizer", report.optimizer);
  reader.read("run", report.run);
  reader.read("seed", report.seed);
  reader.read("winner", report.winner);
  reader.read("returned", report.returned);
  reader.read("selected_score", report.selected_score);
  reader.read("corrected_score", report.corrected_score);
  reader.read("stopped_early", report.stopped_early);
  reader.read("notes", report.notes);
  read_certificate(reader, report.certificate);
  if (auto budget = reader.child("budget")) {
    std::int64_t picodollars = -1, milliseconds = -1;
    budget->read("picodollars", picodollars);
    budget->read("milliseconds", milliseconds);
    budget->read("tokens", report.budget.tokens);
    budget->read("calls", report.budget.calls);
    if (picodollars >= 0) report.budget.money = Money{picodollars};
    if (milliseconds >= 0) report.budget.time = std::chrono::milliseconds(milliseconds);
    reader.take(*budget);
  }
  if (auto spent = reader.child("spent")) {
    spent->read("picodollars", report.spent.money.picodollars);
    spent->read("tokens", report.spent.tokens);
    spent->read("calls", report.spent.calls);
    reader.take(*spent);
  }
  if (auto forecast = reader.child("forecast")) {
    forecast->read("dollars", report.forecast.dollars);
    forecast->read("tokens", report.forecast.tokens);
    forecast->read("calls", report.forecast.calls);
    forecast->read("price_known", report.forecast.price_known);
    forecast->read("fits_budget", report.forecast.fits_budget);
    reader.take(*forecast);
  }
  reader.each("front", [&](ReportReader& item) {
    FrontPoint point;
    item.read("candidate", point.candidate);
    item.read("score", point.score);
    item.read("dollars_a_thousand_runs", point.dollars_a_thousand_runs);
    item.read("latency_ms", point.latency_ms);
    report.front.push_back(std::move(point));
  });
  read_segments(reader, "segments_before", report.segments_before);
  read_segments(reader, "segments_after", report.segments_after);
  read_candidates(reader, report.candidates);
  if (reader.error()) return tl::unexpected(*reader.error());
  return report;
}

}  // namespace persona::prompt
