//! The front door: forecast, search, correct, certify.
#include "bind_prompt.hpp"
#include "fields_caster.hpp"
#include "llm/bind_fields.hpp"
#include "llm/call.hpp"
#include "llm/provider_caster.hpp"
#include "optimizer_caster.hpp"
#include "session_options.hpp"

#include <persona/prompt_optimizer.hpp>

namespace persona::python {
namespace py = pybind11;
using namespace prompt;
namespace {

void bind_findings(py::module_& m) {
  py::class_<Certificate> certificate(m, "Certificate",
                                      "Whether the winner is better than what one came with. p_value: anytime-valid.");
  def_fields(certificate, "Certificate", field("is_better", &Certificate::is_better),
             field("alpha", &Certificate::alpha), field("p_value", &Certificate::p_value),
             field("comparison", &Certificate::comparison), field("examples", &Certificate::examples),
             field("broken_segments", &Certificate::broken_segments), field("verdict", &Certificate::verdict));
  py::class_<Forecast> forecast(m, "Forecast", "What a run would take; intervals of 90 %.");
  def_fields(forecast, "Forecast", field("dollars", &Forecast::dollars), field("tokens", &Forecast::tokens),
             field("calls", &Forecast::calls), field("price_known", &Forecast::price_known),
             field("fits_budget", &Forecast::fits_budget));
  py::class_<FrontPoint> point(m, "FrontPoint", "A point of the cost-quality-latency front.");
  def_fields(point, "FrontPoint", field("candidate", &FrontPoint::candidate), field("score", &FrontPoint::score),
             field("dollars_a_thousand_runs", &FrontPoint::dollars_a_thousand_runs),
             field("latency_ms", &FrontPoint::latency_ms));
}

void bind_report(py::module_& m) {
  using Report = OptimizationReport;
  py::class_<Report>(m, "OptimizationReport", "What a run found, what it proves, and what it cost.")
      .def_readonly("optimizer", &Report::optimizer)
      .def_readonly("run", &Report::run)
      .def_readonly("seed", &Report::seed)
      .def_readonly("forecast", &Report::forecast)
      .def_readonly("spent", &Report::spent)
      .def_readonly("budget", &Report::budget)
      .def_readonly("stopped_early", &Report::stopped_early)
      .def_readonly("candidates", &Report::candidates)
      .def_readonly("winner", &Report::winner)
      .def_readonly("returned", &Report::returned)
      .def_readonly("selected_score", &Report::selected_score)
      .def_readonly("corrected_score", &Report::corrected_score)
      .def_readonly("certificate", &Report::certificate)
      .def_readonly("front", &Report::front)
      .def_readonly("segments_before", &Report::segments_before)
      .def_readonly("segments_after", &Report::segments_after)
      .def_readonly("notes", &Report::notes)
      .def(
          "to_json", [](const Report& self) { return to_json(self); }, "As `parse_report` reads it.")
      .def(
          "to_html", [](const Report& self) { return to_html(self); }, "One self-contained page.")
      .def(
          "to_text", [](const Report& self, int width, bool color) { return to_text(self, width, color); },
          py::arg("width") = 100, py::arg("color") = false, "For a terminal: columns, ANSI colours.")
      .def("_repr_html_", [](const Report& self) { return to_html(self); })
      .def("__str__", [](const Report& self) { return to_text(self); })
      .def("__repr__", [](const Report& self) { return "<OptimizationReport: " + self.certificate.verdict + ">"; });
  m.def("parse_report", &parse_report, py::arg("json"), "Raises InvalidArgument.");
  py::class_<Optimized>(m, "Optimized", "program: the one that came in, unless another is proven better.")
      .def_readonly("program", &Optimized::program)
      .def_readonly("report", &Optimized::report);
}

}  // namespace

void bind_optimization(py::module_& module) {
  bind_findings(module);
  bind_report(module);
  py::class_<PromptOptimizer>(module, "PromptOptimizer",
                              "From a prompt program and labelled data to a better program, with proof.")
      .def(
          py::init([](Program program, Dataset train, Dataset validation, const std::shared_ptr<Metric>& metric,
                      const Objective& objective, std::optional<Program> teacher, OptimizerPtr optimizer,
                      std::uint64_t seed, double alpha, double holdout_share, double search_share, llm::Provider model,
                      std::string model_name, llm::Provider proposer, std::string proposer_name, Budget budget,
                      std::shared_ptr<RunLedger> ledger, std::string run, std::int64_t max_output_tokens,
                      unsigned threads) {
            return PromptOptimizer(
                {std::move(program), std::move(train), std::move(validation), metric, objective, std::move(teacher)},
                session_options({std::move(model), std::move(model_name), std::move(proposer), std::move(proposer_name),
                                 budget, std::move(ledger), std::move(run), max_output_tokens, threads}),
                {.optimizer = optimizer ? std::move(optimizer) : halving(),
                 .seed = seed,
                 .alpha = alpha,
                 .holdout_share = holdout_share,
                 .search_share = search_share});
          }),
          py::arg("program"), py::kw_only(), py::arg("train"), py::arg("validation") = Dataset{}, py::arg("metric"),
          py::arg("objective") = Objective{}, py::arg("teacher") = py::none(), py::arg("optimizer") = py::none(),
          py::arg("seed") = 0, py::arg("alpha") = 0.05, py::arg("holdout_share") = 0.3, py::arg("search_share") = 0.8,
          PERSONA_SESSION_ARGUMENTS,
          "validation: never shown to proposals; empty: a part of `train`. alpha: chance of returning a program that "
          "is\n"
          "not better; holdout_share: of the validation data, kept for the certificate; search_share: of the budget.")
      .def("forecast", &PromptOptimizer::forecast, "What it would take; nothing is spent.")
      .def(
          "optimize",
          [](const PromptOptimizer& self, const CallContext* context) {
            return call([&](const Context& c) { return self.optimize(c); }, context);
          },
          py::arg("context") = py::none(),
          "The same arguments give the same result, whatever the number of threads, and whether or not the run was "
          "killed\n"
          "and resumed from its ledger. After a stop or deadline of `context`, the best so far.\n\n"
          "Raises InvalidArgument: no data, no metric, a budget too small for one call; Conflict: the ledger holds "
          "another\n"
          "run of that name.");
}

}  // namespace persona::python
