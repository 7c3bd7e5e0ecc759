//! Predictors put together; flows and assertions may be functions of Python.
#include "bind_prompt.hpp"
#include "callback.hpp"
#include "fields_caster.hpp"
#include "llm/bind_fields.hpp"
#include "llm/call.hpp"
#include "llm/provider_caster.hpp"

#include <persona/prompt/program.hpp>

namespace persona::python {
namespace py = pybind11;
using namespace prompt;
namespace {

// What a flow of Python calls its predictors through; of no use when the run is over.
class RunHandle {
 public:
  explicit RunHandle(Run& run) : run_(&run) {}
  void end() { run_ = nullptr; }

  Fields predict(const std::string& predictor, const Fields& inputs, const std::optional<std::vector<Demo>>& demos,
                 const std::string& note) {
    Run& run = alive();
    Result<Fields> outputs = [&] {
      const py::gil_scoped_release release;
      return run.predict(predictor, inputs, {.demos = demos, .note = note});
    }();
    return unwrap(std::move(outputs));
  }
  llm::Embeddings embed(const llm::Provider& model, const llm::EmbedRequest& request) {
    Run& run = alive();
    Result<llm::Embeddings> embedded = [&] {
      const py::gil_scoped_release release;
      return run.through(model, request.model)->embed(request, run.context());
    }();
    return unwrap(std::move(embedded));
  }
  llm::Reply complete(const llm::Provider& model, const llm::Request& request) {
    Run& run = alive();
    Result<llm::Reply> reply = [&] {
      const py::gil_scoped_release release;
      return run.through(model, request.model)->complete(request, run.context());
    }();
    return unwrap(std::move(reply));
  }
  void set_sample(int sample) { alive().set_sample(sample); }

 private:
  Run& alive() const {
    if (run_ == nullptr) throw py::value_error("this run is over");
    return *run_;
  }
  Run* run_;
};

Flow flow_from(py::object function) {
  return [callback = Callback(std::move(function))](Run& run, const Fields& inputs) -> Result<Fields> {
    return callback.call([&](const py::object& flow) {
      const auto handle = std::make_shared<RunHandle>(run);
      struct End {
        std::shared_ptr<RunHandle> handle;
        ~End() { handle->end(); }
      } end{handle};
      return flow(handle, inputs).cast<Fields>();
    });
  };
}

Program made_program(std::vector<Predictor> predictors, const py::object& flow, int most_calls,
                     std::size_t most_added_bytes, std::vector<ModelLoad> load) {
  return unwrap(
      Program::make(std::move(predictors), flow.is_none() ? Flow{} : flow_from(flow),
                    {.most_calls = most_calls, .most_added_bytes = most_added_bytes, .load = std::move(load)}));
}

Assertion assertion_from(py::object function) {
  return [callback = Callback(std::move(function))](const Fields& inputs,
                                                    const Fields& outputs) -> std::optional<std::string> {
    auto complaint = callback.call([&](const py::object& assertion) {
      const py::object said = assertion(inputs, outputs);
      return said.is_none() ? std::optional<std::string>() : said.cast<std::string>();
    });
    return complaint ? *complaint : std::optional("the assertion failed itself: " + complaint.error().message);
  };
}

struct PythonTool {
  std::string name, description;
  std::vector<prompt::Field> inputs;
  py::object call;
};

std::vector<ToolFunction> tools_from(const std::vector<PythonTool>& given) {
  std::vector<ToolFunction> tools;
  for (const PythonTool& tool : given)
    tools.push_back({tool.name, tool.description, tool.inputs,
                     [callback = Callback(tool.call)](const Fields& fields) -> Result<std::string> {
                       return callback.call([&](const py::object& function) {
                         return py::str(function(**py::cast(fields).cast<py::dict>())).cast<std::string>();
                       });
                     }});
  return tools;
}

void bind_parts(py::module_& m) {
  py::class_<RunHandle, std::shared_ptr<RunHandle>>(m, "Run", "What a program's flow calls its predictors through.")
      .def("predict", &RunHandle::predict, py::arg("predictor"), py::arg("inputs"), py::arg("demos") = py::none(),
           py::arg("note") = "",
           "Asks the model; returns the outputs by name. demos: instead of the predictor's; note: after the inputs.")
      .def("embed", &RunHandle::embed, py::arg("model"), py::arg("request"),
           "Asks an embedder on the account of this run; `Program(load=)` says how much at most.")
      .def("complete", &RunHandle::complete, py::arg("model"), py::arg("request"),
           "Asks another model than the task's on the account of this run; `Program(load=)` says how much at most.")
      .def("set_sample", &RunHandle::set_sample, py::arg("sample"),
           "Which of several samples the next calls are; 0 at first.");
  bind_fields<Step>(m, "Step", "One step of a run.", field("predictor", &Step::predictor),
                    field("inputs", &Step::inputs), field("outputs", &Step::outputs));
  bind_fields<Prediction>(
      m, "Prediction",
      "What a program answered, and what it took. latency: seconds; cost: None where a price is not known.",
      field("outputs", &Prediction::outputs), field("trace", &Prediction::trace), field("calls", &Prediction::calls),
      field("usage", &Prediction::usage), field("cost", &Prediction::cost), field("latency", &Prediction::latency));
  py::class_<ModelLoad>(m, "ModelLoad",
                        "What a flow's calls of another model take at most in one run. bytes: of each, beside the "
                        "example.")
      .def(py::init([](llm::Provider model, std::string model_name, int calls, std::size_t bytes,
                       std::int64_t output_tokens) {
             return ModelLoad{std::move(model), std::move(model_name), calls, bytes, output_tokens};
           }),
           py::arg("model"), py::arg("model_name"), py::arg("calls") = 1, py::arg("bytes") = 0,
           py::arg("output_tokens") = 0)
      .def_readonly("model", &ModelLoad::model)
      .def_readonly("model_name", &ModelLoad::model_name)
      .def_readonly("calls", &ModelLoad::calls)
      .def_readonly("bytes", &ModelLoad::bytes)
      .def_readonly("output_tokens", &ModelLoad::output_tokens);
  py::class_<PythonTool>(m, "ToolFunction", "A function the model may call; it is called with its inputs by keyword.")
      .def(py::init([](std::string name, std::string description, std::vector<prompt::Field> inputs, py::object call) {
             return PythonTool{std::move(name), std::move(description), std::move(inputs), std::move(call)};
           }),
           py::arg("name"), py::arg("description"), py::arg("inputs"), py::arg("call"));
}

void bind_class(py::module_& m) {
  py::class_<Program>(m, "Program", "Predictors and their flow. A value: optimizers make changed copies.")
      .def(py::init(&made_program), py::arg("predictors"), py::arg("flow") = py::none(), py::arg("most_calls") = 0,
           py::arg("most_added_bytes") = 0, py::arg("load") = std::vector<ModelLoad>(),
           "flow(run, inputs) returns the outputs, and depends on nothing but its inputs and what `run.predict` "
           "returns;\n"
           "None asks the first predictor once. most_calls: of the model in one run; 0 is one for each predictor;\n"
           "most_added_bytes: that the flow adds to one call, notes and demos; load: of other models, asked through\n"
           "`run.embed` and `run.complete`.\n\n"
           "Raises InvalidArgument: no predictor, a name twice.")
      .def_property_readonly("predictors", &Program::predictors)
      .def_property_readonly("most_calls", &Program::most_calls)
      .def("with_predictors", &Program::with, py::arg("predictors"),
           "The same flow with other instructions and demos. Raises InvalidArgument: other names.")
      .def(
          "run",
          [](const Program& self, const llm::Provider& model, const std::string& model_name, const Fields& inputs,
             int sample, const CallContext* context) {
            return call([&](const Context& c) { return self.run(*model, model_name, inputs, sample, c); }, context);
          },
          py::arg("model"), py::arg("model_name"), py::arg("inputs"), py::arg("sample") = 0,
          py::arg("context") = py::none(),
          "Asks the model. sample: 0 is the plain run; others sample again.\n\n"
          "Raises what the provider raises; InvalidArgument: an input is missing; InvalidOutput.")
      .def("to_json", &Program::to_json, "The predictors alone; the flow is code.")
      .def("load", &Program::load, py::arg("json"), "This program with the predictors of a document.")
      .def("hash", &Program::hash, "SHA-256 of the predictors.")
      .def("__eq__", [](const Program& a, const Program& b) { return a.hash() == b.hash(); })
      .def("__hash__", [](const Program& self) { return py::hash(py::str(self.hash())); })
      .def("__repr__", [](const Program& self) {
        return "<Program " + to_string(self.predictors().front().signature) + ", " + self.hash().substr(0, 8) + ">";
      });
  m.def("parse_program", &parse_program, py::arg("json"),
        "A program of one predictor. Raises Unsupported: several, whose flow is code.");
  m.def("parse_predictors", &parse_predictors, py::arg("json"), "The predictors of such a document, however many.");
}

}  // namespace

void bind_program(py::module_& module) {
  bind_parts(module);
  bind_class(module);
  module.def("predict", py::overload_cast<std::string_view, std::string>(&prompt::predict), py::arg("signature"),
             py::arg("instructions") = "", "One question, one answer, from \"question -> answer\".");
  module.def("predict", py::overload_cast<Signature>(&prompt::predict), py::arg("signature"));
  module.def("chain_of_thought", py::overload_cast<std::string_view, std::string>(&prompt::chain_of_thought),
             py::arg("signature"), py::arg("instructions") = "", "The same, thinking aloud first.");
  module.def("chain_of_thought", py::overload_cast<Signature>(&prompt::chain_of_thought), py::arg("signature"));
  module.def(
      "with_tools",
      [](const std::string& signature, const std::vector<PythonTool>& tools, int most_steps) {
        return unwrap(with_tools(unwrap(parse_signature(signature)), tools_from(tools), most_steps));
      },
      py::arg("signature"), py::arg("tools"), py::arg("most_steps") = 5,
      "Thinks, calls tools and looks at what they say, then answers (Yao et al. 2023, ReAct).");
  module.def(
      "asserted",
      [](const Program& program, py::object assertion, int tries) {
        return asserted(program, assertion_from(std::move(assertion)), tries);
      },
      py::arg("program"), py::arg("assertion"), py::arg("tries") = 3,
      "assertion(inputs, outputs) returns None, or what the model is to mend; it is asked again with that.");
  module.def("majority", &majority, py::arg("program"), py::arg("votes") = 5,
             "Runs a program several times and takes the most common value of each output.");
  module.def("ensemble", &ensemble, py::arg("programs"),
             "Runs all and takes the most common value of each output; ties go to the first.");
  module.def(
      "with_nearest_demos", &with_nearest_demos, py::arg("program"), py::arg("examples"), py::arg("k"),
      py::arg("embedder") = py::none(), py::arg("embedding_model") = "",
      "For each input, the k nearest examples as demos, by words and 3-grams, or by an embedder, whose calls are "
      "reserved, capped and kept as all of a run are.");
}

}  // namespace persona::python
