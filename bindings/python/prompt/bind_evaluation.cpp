//! Programs, run on data and judged.
#include "bind_prompt.hpp"
#include "fields_caster.hpp"
#include "llm/bind_fields.hpp"
#include "llm/call.hpp"
#include "llm/provider_caster.hpp"

#include <persona/prompt/objective.hpp>
#include <persona/prompt/session.hpp>

namespace persona::python {
namespace py = pybind11;
using namespace prompt;
namespace {

py::object failure_of(const Outcome& outcome) {
  return outcome.error ? to_exception(*outcome.error) : py::none();
}

void bind_outcomes(py::module_& m) {
  py::class_<Outcome> outcome(
      m, "Outcome",
      "One example's result. score: 0 where the program failed; latency: seconds; cost: None where a\n"
      "price is not known.");
  def_fields(outcome, "Outcome", field("example", &Outcome::example), field("score", &Outcome::score),
             field("feedback", &Outcome::feedback), field("outputs", &Outcome::outputs),
             field("trace", &Outcome::trace), field("cost", &Outcome::cost), field("calls", &Outcome::calls),
             field("tokens", &Outcome::tokens), field("latency", &Outcome::latency));
  outcome.def_property_readonly("error", &failure_of, "An exception, not raised; None where there is an answer.");
  py::class_<SegmentScore> segment(m, "SegmentScore",
                                   "score: by its own examples alone; pooled: drawn towards the other segments.");
  def_fields(segment, "SegmentScore", field("segment", &SegmentScore::segment),
             field("examples", &SegmentScore::examples), field("score", &SegmentScore::score),
             field("pooled", &SegmentScore::pooled));
}

}  // namespace

void bind_evaluation(py::module_& module) {
  bind_outcomes(module);
  py::class_<Evaluation> evaluation(module, "Evaluation",
                                    "Outcomes are in the order of the data; latencies are seconds.");
  def_fields(evaluation, "Evaluation", field("score", &Evaluation::score), field("outcomes", &Evaluation::outcomes),
             field("segments", &Evaluation::segments), field("failures", &Evaluation::failures),
             field("cost", &Evaluation::cost), field("calls", &Evaluation::calls), field("tokens", &Evaluation::tokens),
             field("latency_p50", &Evaluation::latency_p50), field("latency_p95", &Evaluation::latency_p95));
  evaluation.def_property_readonly("scores", &Evaluation::scores);
  module.def(
      "evaluate",
      [](const Program& program, const Dataset& data, const std::shared_ptr<Metric>& metric, Session& session,
         int sample, const CallContext* context) {
        return call([&](const Context& c) { return evaluate(program, data, *metric, session, sample, c); }, context);
      },
      py::arg("program"), py::arg("data"), py::arg("metric"), py::arg("session"), py::arg("sample") = 0,
      py::arg("context") = py::none(),
      "Runs and judges every example, in parallel; the result does not depend on the number of threads.\n\n"
      "Raises InvalidArgument: no examples, or the metric cannot judge one; QuotaExceeded: the budget does not cover\n"
      "them all.");
  module.def(
      "compare",
      [](const Evaluation& first, const Evaluation& second, double confidence) {
        return compare(first, second, confidence);
      },
      py::arg("first"), py::arg("second"), py::arg("confidence") = 0.95,
      "Paired, example by example. Raises InvalidArgument: other examples.");
  bind_fields<Objective>(
      module, "Objective",
      "What better means. aim: 'mean' or 'worst_segment'; segment_tolerance: no segment may be worse than today by\n"
      "more than this, negative is no such rule; per_dollar, per_second: points given up for a dollar a thousand "
      "runs,\n"
      "and for a second.",
      field("aim", &Objective::aim), field("segment_tolerance", &Objective::segment_tolerance),
      field("per_dollar", &Objective::per_dollar), field("per_second", &Objective::per_second));
}

}  // namespace persona::python
