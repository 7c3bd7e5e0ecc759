//! The services that answer. Python's own functions stand before these, so that no key is in a message.
#include "bind_fields.hpp"
#include "bind_llm.hpp"
#include "call.hpp"
#include "provider_caster.hpp"

#include <persona/llm/anthropic.hpp>
#include <persona/llm/cassette.hpp>
#include <persona/llm/gemini.hpp>
#include <persona/llm/offline.hpp>
#include <persona/llm/ollama.hpp>
#include <persona/llm/openai.hpp>

namespace persona::python {
namespace py = pybind11;
namespace {

using Transport = std::shared_ptr<http::Transport>;
using std::chrono::milliseconds;

llm::OpenAIOptions openai_options(const std::string& base_url, const Secret& key, const std::string& organization,
                                  const std::string& project, const std::string& name, milliseconds timeout,
                                  std::optional<bool> max_completion_tokens) {
  return {base_url, key, organization, project, name, timeout, max_completion_tokens};
}

void bind_openai(py::module_& m) {
  py::class_<llm::OpenAIOptions>(m, "_OpenAIOptions")
      .def(py::init(&openai_options), py::arg("base_url"), py::arg("key"), py::arg("organization"), py::arg("project"),
           py::arg("name"), py::arg("timeout"), py::arg("max_completion_tokens"));
  m.def("_openai", &llm::openai, py::arg("transport"), py::arg("options"));
  m.def("_openai_responses", &llm::openai_responses, py::arg("transport"), py::arg("options"));
  m.def(
      "_azure",
      [](Transport transport, const std::string& endpoint, const Secret& key, const Secret& token,
         const std::string& api_version, const std::string& name, milliseconds timeout) {
        return llm::azure(std::move(transport), {endpoint, key, token, api_version, name, timeout});
      },
      py::arg("transport"), py::arg("endpoint"), py::arg("key"), py::arg("token"), py::arg("api_version"),
      py::arg("name"), py::arg("timeout"));
}

void bind_other_services(py::module_& m) {
  m.def(
      "_anthropic",
      [](Transport transport, const std::string& base_url, const Secret& key, std::int64_t max_output_tokens,
         bool tool_for_json, const std::string& name, milliseconds timeout) {
        return llm::anthropic(std::move(transport), {base_url, key, max_output_tokens, tool_for_json, name, timeout});
      },
      py::arg("transport"), py::arg("base_url"), py::arg("key"), py::arg("max_output_tokens"), py::arg("tool_for_json"),
      py::arg("name"), py::arg("timeout"));
  m.def(
      "_gemini",
      [](Transport transport, const std::string& base_url, const Secret& key, const std::string& name,
         milliseconds timeout) {
        return llm::gemini(std::move(transport), {base_url, key, name, timeout});
      },
      py::arg("transport"), py::arg("base_url"), py::arg("key"), py::arg("name"), py::arg("timeout"));
  m.def(
      "_ollama",
      [](Transport transport, const std::string& base_url, const std::string& keep_alive, std::int64_t context_tokens,
         const std::string& name, milliseconds timeout) {
        return llm::ollama(std::move(transport), {base_url, keep_alive, context_tokens, name, timeout});
      },
      py::arg("transport"), py::arg("base_url"), py::arg("keep_alive"), py::arg("context_tokens"), py::arg("name"),
      py::arg("timeout"));
}

}  // namespace

void bind_services(py::module_& module) {
  bind_openai(module);
  bind_other_services(module);
  const llm::OfflineOptions usual;
  module.def(
      "offline",
      [](std::uint64_t seed, std::size_t neighbours) {
        return llm::offline({seed, neighbours});
      },
      py::kw_only(), py::arg("seed") = usual.seed, py::arg("neighbours") = usual.neighbours,
      "Answers without a model, for examples and tests: by the nearest examples in the prompt, or a document made\n"
      "up from the schema. Deterministic; `Reply.model` is \"offline-nearest-neighbour\".");
  module.def("record", &llm::record, py::arg("provider"), py::arg("path"),
             "Asks the provider and writes each exchange to a new file of JSON lines; keys are not part of it.\n\n"
             "Raises IoError, also from calls.");
  module.def("replay", &llm::replay, py::arg("path"),
             "Answers from such a file, without network or key.\n\nRaises NotFound, Corrupted; calls raise NotFound.");
}

}  // namespace persona::python
