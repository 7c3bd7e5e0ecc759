//! What stands around a provider, each piece alone.
#include "bind_fields.hpp"
#include "bind_llm.hpp"
#include "provider_caster.hpp"

#include <persona/llm/breaker.hpp>
#include <persona/llm/fallback.hpp>
#include <persona/llm/hedge.hpp>
#include <persona/llm/limits.hpp>
#include <persona/llm/retry.hpp>
#include <persona/llm/structured.hpp>

namespace persona::python {
namespace py = pybind11;
namespace {

using namespace llm;

void bind_retry(py::module_& m) {
  bind_fields<RetryBudget>(m, "RetryBudget",
                           "How many retries a provider bears: a share of its calls, and some a second.",
                           field("share", &RetryBudget::share), field("per_second", &RetryBudget::per_second),
                           field("burst", &RetryBudget::burst));
  bind_fields<RetryOptions>(
      m, "RetryOptions",
      "attempts: the first one too; base, most: seconds of the random wait; longest_hint: seconds, a\n"
      "longer Retry-After fails at once; seed: of the jitter, 0 takes one.",
      field("attempts", &RetryOptions::attempts), field("base", &RetryOptions::base),
      field("most", &RetryOptions::most), field("longest_hint", &RetryOptions::longest_hint),
      field("budget", &RetryOptions::budget), field("seed", &RetryOptions::seed), field("clock", &RetryOptions::clock));
  m.def("retry", &llm::retry, py::arg("provider"), py::arg("options") = RetryOptions{},
        "Repeats what failed with `service.retryable` and nothing shown yet; waits what the server asks.");
  bind_fields<BreakerOptions>(
      m, "BreakerOptions", "window, open, open_most: seconds; probes: successes that close it again.",
      field("failure_share", &BreakerOptions::failure_share), field("least_calls", &BreakerOptions::least_calls),
      field("window", &BreakerOptions::window), field("open", &BreakerOptions::open),
      field("open_most", &BreakerOptions::open_most), field("probes", &BreakerOptions::probes),
      field("seed", &BreakerOptions::seed), field("clock", &BreakerOptions::clock));
  m.def("breaker", &llm::breaker, py::arg("provider"), py::arg("options") = BreakerOptions{},
        "For each model: refuses calls (Unavailable, with retry_after) once too many failed.");
}

void bind_limits(py::module_& m) {
  bind_fields<RateLimits>(m, "RateLimits", "For each model; None is no limit.",
                          field("requests_per_minute", &RateLimits::requests_per_minute),
                          field("input_tokens_per_minute", &RateLimits::input_tokens_per_minute),
                          field("output_tokens_per_minute", &RateLimits::output_tokens_per_minute),
                          field("clock", &RateLimits::clock));
  m.def("rate_limited", &llm::rate_limited, py::arg("provider"), py::arg("limits"),
        "A call waits its turn; calls raise RateLimited: it could not go before the deadline, or never fits.");
  bind_fields<ConcurrencyLimits>(m, "ConcurrencyLimits", "Calls at once. decrease: factor on 429, 529 and time-outs.",
                                 field("start", &ConcurrencyLimits::start), field("least", &ConcurrencyLimits::least),
                                 field("most", &ConcurrencyLimits::most),
                                 field("decrease", &ConcurrencyLimits::decrease),
                                 field("clock", &ConcurrencyLimits::clock));
  m.def("concurrency_limited", &llm::concurrency_limited, py::arg("provider"), py::arg("limits") = ConcurrencyLimits{},
        "Finds how many calls at once a provider bears, for each model; the others wait, by priority.");
}

void bind_others(py::module_& m) {
  bind_fields<Target>(m, "Target", "Who can answer. model: empty is the request's.",
                      field("provider", &Target::provider), field("model", &Target::model));
  bind_fields<FallbackOptions>(m, "FallbackOptions", "rest: seconds in which a target that failed is asked last.",
                               field("rest", &FallbackOptions::rest), field("clock", &FallbackOptions::clock));
  m.def("fallback", &llm::fallback, py::arg("targets"), py::arg("options") = FallbackOptions{},
        "Asks the targets in order, healthy ones first, until one answers. The error is the last one and names what\n"
        "each said.");
  bind_fields<HedgeOptions>(
      m, "HedgeOptions",
      "quantile: of the time to the first token; share: of calls, at most; delay: seconds, instead\n"
      "of the quantile; other: who is asked the second time, None the same.",
      field("quantile", &HedgeOptions::quantile), field("share", &HedgeOptions::share),
      field("delay", &HedgeOptions::delay), field("other", &HedgeOptions::other), field("clock", &HedgeOptions::clock));
  m.def("hedged", &llm::hedged, py::arg("provider"), py::arg("options") = HedgeOptions{},
        "Sends a second request when the first is late, takes the answer that begins first and cancels the other.\n"
        "Both are paid for.");
  bind_fields<StructuredOptions>(m, "StructuredOptions", "attempts: the first one too.",
                                 field("attempts", &StructuredOptions::attempts));
  m.def("structured", &llm::structured, py::arg("provider"), py::arg("options") = StructuredOptions{},
        "Where a request asks for JSON: the answer is validated, and asked for again with the issues where it is not\n"
        "right.\n\nCalls raise InvalidOutput: still wrong after the last attempt; Truncated; Refused.");
}

}  // namespace

void bind_policies(py::module_& module) {
  bind_retry(module);
  bind_limits(module);
  bind_others(module);
}

}  // namespace persona::python
