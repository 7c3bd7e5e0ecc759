//! Intervals, comparisons and races.
#include "bind_prompt.hpp"
#include "llm/bind_fields.hpp"

#include <persona/prompt/interval.hpp>

namespace persona::python {
namespace py = pybind11;
using namespace prompt;
using Doubles = std::vector<double>;

void bind_intervals(py::module_& module) {
  bind_fields<Interval>(module, "Interval", "An estimate with its confidence interval.",
                        field("value", &Interval::value), field("lower", &Interval::lower),
                        field("upper", &Interval::upper), field("confidence", &Interval::confidence));
  py::class_<Comparison> comparison(
      module, "Comparison",
      "Difference of two programs on the same examples, second - first. p_value: two-sided;\n"
      "wins and losses are the second's.");
  def_fields(comparison, "Comparison", field("difference", &Comparison::difference),
             field("p_value", &Comparison::p_value), field("wins", &Comparison::wins),
             field("losses", &Comparison::losses), field("ties", &Comparison::ties));
  module.def(
      "mean_interval",
      [](const Doubles& scores, const Doubles& weights, double confidence) {
        return mean_interval(scores, weights, confidence);
      },
      py::arg("scores"), py::arg("weights") = Doubles(), py::arg("confidence") = 0.95,
      "Mean of scores in [0, 1]: Wilson's interval where all are 0 or 1, else bootstrap-t with a fixed seed.");
  module.def(
      "compare_scores",
      [](const Doubles& first, const Doubles& second, const Doubles& weights, double confidence) {
        if (first.size() != second.size()) throw py::value_error("both need a score for each example");
        return compare(first, second, weights, confidence);
      },
      py::arg("first"), py::arg("second"), py::arg("weights") = Doubles(), py::arg("confidence") = 0.95,
      "Paired: McNemar's test or random flips of signs.");
  py::class_<Race>(
      module, "Race",
      "A test one may look at after every example: is the second better than the first by more than `margin`?\n"
      "It is wrong with probability at most `alpha`, however the end is chosen.")
      .def(py::init<double, double>(), py::arg("alpha") = 0.05, py::arg("margin") = 0.0)
      .def("add", &Race::add, py::arg("first"), py::arg("second"), "One example's scores, each in [0, 1].")
      .def_property_readonly("count", &Race::count)
      .def_property_readonly("wealth", &Race::wealth)
      .def_property_readonly("is_won", &Race::is_won)
      .def_property_readonly("p_value", &Race::p_value);
}

}  // namespace persona::python
