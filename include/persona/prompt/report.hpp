//! What a run found, what it proves, and what it cost.
#pragma once

#include <persona/core/result.hpp>
#include <persona/prompt/optimizer.hpp>
#include <persona/prompt/session.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace persona::prompt {

//! Whether the winner is better than what one came with, on examples nobody had selected by.
struct Certificate {
  bool is_better = false;  //!< else the baseline is returned
  double alpha = 0.05;
  double p_value = 1;  //!< anytime-valid
  Comparison comparison = {};
  std::size_t examples = 0;
  std::vector<std::string> broken_segments = {};
  std::string verdict = {};  //!< one sentence
};

//! What a run would take, told before anything is spent.
struct Forecast {
  Interval dollars = {};  //!< 90 %
  Interval tokens = {}, calls = {};
  bool price_known = true;
  bool fits_budget = true;
};

//! A point of the cost-quality-latency front.
struct FrontPoint {
  std::string candidate = {};
  Interval score = {}, dollars_a_thousand_runs = {}, latency_ms = {};
};

struct OptimizationReport {
  std::string optimizer = {}, run = {};
  std::uint64_t seed = 0;
  Forecast forecast = {};
  Spent spent = {};
  Budget budget = {};
  bool stopped_early = false;
  std::vector<Candidate> candidates = {};
  std::string winner = {};        //!< of the search
  std::string returned = {};      //!< the winner, or "c0"
  Interval selected_score = {};   //!< as the search saw it
  Interval corrected_score = {};  //!< without the winner's curse
  Certificate certificate = {};
  std::vector<FrontPoint> front = {};
  std::vector<SegmentScore> segments_before = {}, segments_after = {};
  std::vector<std::string> notes = {};
};

PERSONA_EXPORT std::string to_json(const OptimizationReport& report);
//! @errors invalid_argument
[[nodiscard]] PERSONA_EXPORT Result<OptimizationReport> parse_report(std::string_view json);
//! For a terminal: the verdict, the scores, what it cost, the candidates.
//! @param width  columns, at least 60
//! @param color  ANSI
PERSONA_EXPORT std::string to_text(const OptimizationReport& report, int width = 100, bool color = false);
//! One self-contained page: score over cost, lineage, differences of the prompts, segments, significance.
PERSONA_EXPORT std::string to_html(const OptimizationReport& report);

}  // namespace persona::prompt
