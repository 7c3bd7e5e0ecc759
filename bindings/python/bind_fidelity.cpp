//! What compiling found, and whether people keep to it.
#include "bind_struct.hpp"
#include "bindings.hpp"

#include <persona/population/fidelity.hpp>

#include <pybind11/numpy.h>

namespace persona::python {
namespace py = pybind11;
namespace {

void bind_compile_report(py::module_& m) {
  bind_answer(m, "CorrelationFinding",
              "What became of one asked correlation: what the two marginals can reach (lowest, highest), what is\n"
              "used, the correlation of the normals behind it (latent), the standard error of a pilot (0: exact).",
              member("asked", &CorrelationFinding::asked), member("lowest", &CorrelationFinding::lowest),
              member("highest", &CorrelationFinding::highest), member("used", &CorrelationFinding::used),
              member("latent", &CorrelationFinding::latent), member("pilot_error", &CorrelationFinding::pilot_error),
              member("moved", &CorrelationFinding::moved), member("reason", &CorrelationFinding::reason));
  bind_answer(m, "Drift",
              "How far the constraints move an attribute from what was asked: Kolmogorov-Smirnov distance for\n"
              "numbers, total variation for labels; noise is what the pilot's size alone would show, 95 %.",
              member("attribute", &Drift::attribute), member("distance", &Drift::distance),
              member("noise", &Drift::noise));
  bind_answer(m, "CompileReport",
              "What compiling found. acceptance is the share of candidates that satisfy all constraints.",
              member("correlations", &CompileReport::correlations), member("acceptance", &CompileReport::acceptance),
              member("drifts", &CompileReport::drifts), member("notes", &CompileReport::notes));
}

void bind_lines(py::module_& m) {
  bind_answer(m, "FidelityLine",
              "One statement about the population. verdict is pass, moved (within sampling error of what compile\n"
              "moved it to) or fail; band is the 95 % sampling band of |achieved - target|.",
              member("kind", &FidelityLine::kind), member("name", &FidelityLine::name),
              member("measure", &FidelityLine::measure), member("asked", &FidelityLine::asked),
              member("target", &FidelityLine::target), member("achieved", &FidelityLine::achieved),
              member("band", &FidelityLine::band), member("p_value", &FidelityLine::p_value),
              member("rows", &FidelityLine::rows), member("verdict", &FidelityLine::verdict),
              member("note", &FidelityLine::note));
  bind_answer(m, "MarginalChart", "What a chart of one attribute needs: shares per bar (labels) or bin (edges).",
              member("field", &MarginalChart::field), member("labels", &MarginalChart::labels),
              member("edges", &MarginalChart::edges), member("expected", &MarginalChart::expected),
              member("achieved", &MarginalChart::achieved), member("mean", &MarginalChart::mean),
              member("sd", &MarginalChart::sd), member("missing", &MarginalChart::missing));
}

py::array correlation_matrix(const FidelityReport& report) {
  const auto size = static_cast<py::ssize_t>(report.numeric.size());
  return py::array_t<double>({size, size}, report.correlation.data());
}

// In a frame: the page's own styles stay its own.
std::string framed(const FidelityReport& report) {
  const auto escaped = py::module_::import("html").attr("escape")(to_html(report)).cast<std::string>();
  return "<iframe style=\"width:100%;height:640px;border:0\" srcdoc=\"" + escaped + "\"></iframe>";
}

}  // namespace

void bind_fidelity(py::module_& module) {
  bind_compile_report(module);
  bind_lines(module);
  bind_answer(module, "FidelityReport",
              "Does a population keep to its specification? Every line with its sampling error; `level` is the chance\n"
              "that a right population has any failing line.",
              member("title", &FidelityReport::title), member("spec_hash", &FidelityReport::spec_hash),
              member("seed", &FidelityReport::seed), member("start", &FidelityReport::start),
              member("rows", &FidelityReport::rows), member("exact", &FidelityReport::exact),
              member("level", &FidelityReport::level), member("acceptance", &FidelityReport::acceptance),
              member("seconds", &FidelityReport::seconds), member("lines", &FidelityReport::lines),
              member("charts", &FidelityReport::charts), member("numeric", &FidelityReport::numeric),
              member("findings", &FidelityReport::findings), member("notes", &FidelityReport::notes))
      .def_property_readonly("passed", &FidelityReport::passed, "No line fails.")
      .def_property_readonly("correlation", &correlation_matrix,
                             "Achieved Pearson correlations, shape (n, n), of the attributes in `numeric`.")
      .def(
          "to_json", [](const FidelityReport& report) { return to_json(report); },
          "Every line and chart, as JSON text.")
      .def(
          "to_html", [](const FidelityReport& report) { return to_html(report); },
          "One self-contained page: inline SVG, light and dark.")
      .def(
          "to_text", [](const FidelityReport& report, int width, bool color) { return to_text(report, width, color); },
          py::arg("width") = 100, py::arg("color") = false, "A table for a terminal.")
      .def("_repr_html_", &framed)
      .def("__str__", [](const FidelityReport& report) { return to_text(report); })
      .def("__repr__", [](const FidelityReport& report) {
        return "<FidelityReport: " + std::string(report.passed() ? "passed" : "failed") + ", " +
               std::to_string(report.lines.size()) + " lines about " + std::to_string(report.rows) + " people>";
      });
}

}  // namespace persona::python
