//! Requests answered within a day, at OpenAI.
#include "bind_fields.hpp"
#include "bind_llm.hpp"
#include "call.hpp"

#include <persona/llm/openai.hpp>

namespace persona::python {
namespace py = pybind11;
namespace {

using Batches = llm::OpenAIBatches;

// Values of Python are of the module; the members of C++ are handed over.
py::list answers_of(std::vector<Batches::Answer> answers) {
  py::list list;
  for (auto& answer : answers) {
    const py::object reply = answer.reply ? py::cast(std::move(*answer.reply)) : to_exception(answer.reply.error());
    list.append(py::make_tuple(answer.id, reply));
  }
  return list;
}

std::vector<Batches::Item> items_of(const py::object& items) {
  std::vector<Batches::Item> list;
  for (const auto item : py::reinterpret_borrow<py::dict>(items)) {
    list.push_back({item.first.cast<std::string>(), item.second.cast<llm::Request>()});
  }
  return list;
}

}  // namespace

void bind_batches(py::module_& module) {
  using State = Batches::State;
  bind_fields<State>(module, "BatchState",
                     "How far a batch is. status: \"validating\", \"in_progress\", \"finalizing\", \"completed\",\n"
                     "\"failed\", \"expired\", \"cancelling\" or \"cancelled\"; total, completed, failed: requests.",
                     field("id", &State::id), field("status", &State::status), field("total", &State::total),
                     field("completed", &State::completed), field("failed", &State::failed),
                     field("output_file", &State::output_file), field("error_file", &State::error_file),
                     field("errors", &State::errors), field("warnings", &State::warnings))
      .def_property_readonly("is_over", &State::is_over, "Whether nothing more will happen to it.");
  py::class_<Batches>(module, "_OpenAIBatches")
      .def(py::init<std::shared_ptr<http::Transport>, llm::OpenAIOptions>(), py::arg("transport"), py::arg("options"))
      .def(
          "submit",
          [](Batches& self, const py::dict& requests, const CallContext* context) {
            const auto items = items_of(requests);
            return call([&](const Context& given) { return self.submit(items, given); }, context);
          },
          py::arg("requests"), py::arg("context") = py::none(),
          "requests: a dict of Request by id.\n\nRaises InvalidArgument: more than 50,000 requests or 200 MB.")
      .def(
          "find",
          [](Batches& self, const std::string& batch, const CallContext* context) {
            return call([&](const Context& given) { return self.find(batch, given); }, context);
          },
          py::arg("batch"), py::arg("context") = py::none(), "The state of the batch of that id.\n\nRaises NotFound.")
      .def(
          "cancel",
          [](Batches& self, const std::string& batch, const CallContext* context) {
            return call([&](const Context& given) { return self.cancel(batch, given); }, context);
          },
          py::arg("batch"), py::arg("context") = py::none(), "What has been answered is kept.\n\nRaises NotFound.")
      .def(
          "answers",
          [](Batches& self, const State& state, const CallContext* context) {
            return answers_of(call([&](const Context& given) { return self.answers(state, given); }, context));
          },
          py::arg("state"), py::arg("context") = py::none(),
          "A list of (id, Reply or exception), in any order.\n\nRaises Conflict: it is not over.");
}

}  // namespace persona::python
