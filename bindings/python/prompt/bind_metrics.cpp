//! How good an answer is; metrics may be functions of Python.
#include "bind_prompt.hpp"
#include "callback.hpp"
#include "fields_caster.hpp"
#include "llm/bind_fields.hpp"
#include "llm/call.hpp"
#include "llm/provider_caster.hpp"

#include <persona/prompt/metric.hpp>

namespace persona::python {
namespace py = pybind11;
using namespace prompt;
namespace {

using SharedMetric = std::shared_ptr<Metric>;  // as Python holds them; nothing in them changes

SharedMetric shared(MetricPtr metric) {
  return std::const_pointer_cast<Metric>(std::move(metric));
}

// A number, a truth, (number, feedback), or a Score.
Score score_of(const py::object& said) {
  if (py::isinstance<Score>(said)) return said.cast<Score>();
  if (py::isinstance<py::tuple>(said) && py::len(said) == 2) {
    const auto pair = said.cast<py::tuple>();
    return {pair[0].cast<double>(), pair[1].cast<std::string>()};
  }
  return {said.cast<double>(), {}};
}

SharedMetric metric_from(std::string name, py::object function) {
  return shared(metric(std::move(name),
                       [callback = Callback(std::move(function))](const Example& example,
                                                                  const Prediction& prediction) -> Result<Score> {
                         return callback.call(
                             [&](const py::object& score) { return score_of(score(example, prediction)); });
                       }));
}

template <class Make>
void def_metric(py::module_& m, const char* name, Make make, const char* doc) {
  m.def(
      name,
      [make](std::string field, std::string references) {
        return shared(make(std::move(field), std::move(references)));
      },
      py::arg("field") = "answer", py::arg("references") = "",
      (std::string(doc) + "\n\nreferences: a field of the example with a list of all that is right; the best counts.")
          .c_str());
}

void bind_plain(py::module_& m) {
  def_metric(m, "exact_match", &exact_match, "Equal but for case, white space and a full stop; numbers by value.");
  def_metric(m, "token_f1", &token_f1, "Words in common (Rajpurkar et al. 2016, SQuAD).");
  def_metric(m, "contains", &contains, "The expected text is found in the answer.");
  def_metric(m, "matches_pattern", &matches_pattern, "The expected value is a regular expression.");
  def_metric(m, "edit_similarity", &edit_similarity, "1 - edit distance / length (Levenshtein 1966).");
  def_metric(m, "rouge_l", &rouge_l, "Longest common subsequence (Lin 2004).");
  def_metric(m, "bleu", &bleu, "Of one sentence, smoothed (Papineni et al. 2002).");
  def_metric(m, "chrf", &chrf, "Character n-grams (Popovic 2015).");
  m.def(
      "near",
      [](std::string field, double absolute, double relative, std::string references) {
        return shared(near(std::move(field), absolute, relative, std::move(references)));
      },
      py::arg("field") = "answer", py::arg("absolute") = 0.0, py::arg("relative") = 1e-6, py::arg("references") = "",
      "Within `absolute` or `relative`, whichever is wider.");
  m.def(
      "fits_schema",
      [](const py::object& schema, std::string field) {
        return shared(unwrap(fits_schema(json_text(schema), std::move(field))));
      },
      py::arg("schema"), py::arg("field") = "answer", "Raises InvalidArgument: not a schema.");
}

void bind_models(py::module_& m) {
  m.def(
      "embedding_similarity",
      [](llm::Provider embedder, std::string model, std::string field, std::string references) {
        return shared(
            embedding_similarity(std::move(embedder), std::move(model), std::move(field), std::move(references)));
      },
      py::arg("embedder"), py::arg("model"), py::arg("field") = "answer", py::arg("references") = "",
      "Cosine of embeddings, negative ones 0.");
  const auto def_judge = [&](const char* name, MetricPtr (*make)(Judge, std::string), const char* doc) {
    m.def(
        name,
        [make](llm::Provider model, std::string model_name, std::string rubric, std::string field) {
          return shared(make({std::move(model), std::move(model_name), std::move(rubric)}, std::move(field)));
        },
        py::arg("model"), py::arg("model_name"), py::arg("rubric"), py::arg("field") = "answer", doc);
  };
  def_judge("judged", &judged, "A model gives marks 0 .. 10 by a rubric, and says why.");
  def_judge("preferred", &preferred,
            "A model compares with the expected answer, both ways round: 1 better, 0.5 as good, 0 worse.");
}

}  // namespace

void bind_metrics(py::module_& module) {
  bind_fields<Score>(module, "Score", "value: 0 .. 1; feedback: what was wrong, for optimizers that reflect.",
                     field("value", &Score::value), field("feedback", &Score::feedback));
  py::class_<Metric, SharedMetric>(module, "Metric", "Judges answers; made by the functions of this module.")
      .def_property_readonly("name", &Metric::name)
      .def(
          "score",
          [](const Metric& self, const Example& example, const Prediction& prediction) {
            return call([&](const Context& context) { return self.score(example, prediction, {.context = context}); });
          },
          py::arg("example"), py::arg("prediction"), "Raises InvalidArgument: the example lacks what it is judged by.")
      .def("__repr__", [](const Metric& self) { return "<Metric " + self.name() + ">"; });
  bind_plain(module);
  bind_models(module);
  module.def(
      "weighted",
      [](const std::vector<std::pair<SharedMetric, double>>& parts) {
        return shared(unwrap(weighted({parts.begin(), parts.end()})));
      },
      py::arg("parts"), "Weighted mean of (metric, weight). Raises InvalidArgument: no parts, a weight below 0.");
  module.def(
      "metric_named",
      [](const std::string& name, std::string field, std::string references) {
        return shared(unwrap(metric_named(name, std::move(field), std::move(references))));
      },
      py::arg("name"), py::arg("field") = "answer", py::arg("references") = "",
      "Raises NotFound: the message lists the names.");
  module.def("metric", &metric_from, py::arg("name"), py::arg("score"),
             "Your own: score(example, prediction) returns a number 0 .. 1, or (number, feedback). Called from many\n"
             "threads; the same answer must always get the same score.");
}

}  // namespace persona::python
