//! A program, run on a data set and judged.
#pragma once

#include <persona/core/context.hpp>
#include <persona/prompt/dataset.hpp>
#include <persona/prompt/interval.hpp>
#include <persona/prompt/metric.hpp>
#include <persona/prompt/program.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace persona::prompt {

class Session;

//! One example's result.
struct Outcome {
  std::string example = {};
  double score = 0;  //!< 0 where the program failed
  std::string feedback = {};
  Fields outputs = {};
  std::vector<Step> trace = {};
  std::optional<Error> error = {};
  std::optional<Money> cost = Money{};
  std::int64_t calls = 0, tokens = 0;
  std::chrono::microseconds latency{0};
};

struct SegmentScore {
  std::string segment = {};
  std::size_t examples = 0;
  Interval score = {};   //!< by its own examples alone
  Interval pooled = {};  //!< drawn towards the other segments
};

struct Evaluation {
  Interval score = {};
  std::vector<Outcome> outcomes = {};  //!< in the order of the data
  std::vector<SegmentScore> segments = {};
  std::size_t failures = 0;
  std::optional<Money> cost = Money{};
  std::int64_t calls = 0, tokens = 0;
  std::chrono::microseconds latency_p50{0}, latency_p95{0};

  PERSONA_EXPORT std::vector<double> scores() const;
};

//! Runs and judges every example, in parallel; the result does not depend on the number of threads.
//! @errors invalid_argument: no examples; quota_exceeded: the budget does not cover them all; the message
//!         says how many it did; cancelled, deadline_exceeded. A program that fails on an example is an outcome.
[[nodiscard]] PERSONA_EXPORT Result<Evaluation> evaluate(const Program& program, const Dataset& data,
                                                         const Metric& metric, Session& session, int sample = 0,
                                                         const Context& context = {});

//! Paired, example by example. @errors invalid_argument: other examples
[[nodiscard]] PERSONA_EXPORT Result<Comparison> compare(const Evaluation& first, const Evaluation& second,
                                                        double confidence = 0.95);

}  // namespace persona::prompt
