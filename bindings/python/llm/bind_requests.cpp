//! What is asked of a model.
#include "bind_fields.hpp"
#include "bind_llm.hpp"
#include "call.hpp"

#include <persona/llm/json.hpp>
#include <persona/llm/request.hpp>

namespace persona::python {
namespace py = pybind11;
namespace {

using llm::EmbedRequest;
using llm::Request;

// A text is a user's message; a schema alone is a format.
struct MessagesField {
  const char* name = "messages";
  using Given = py::object;
  std::vector<llm::Message> get(const Request& of) const { return of.messages; }
  void set(Request& of, const py::object& given) const {
    if (py::isinstance<py::str>(given)) {
      of.messages = {llm::Message::user(given.cast<std::string>())};
    } else {
      of.messages = given.cast<std::vector<llm::Message>>();
    }
  }
  py::object usual() const { return py::list(); }
};

struct FormatField {
  const char* name = "json";
  using Given = py::object;
  std::optional<llm::JsonFormat> get(const Request& of) const { return of.json; }
  void set(Request& of, const py::object& given) const {
    if (given.is_none()) return;
    of.json = py::isinstance<llm::JsonFormat>(given) ? given.cast<llm::JsonFormat>()
                                                     : llm::JsonFormat{.schema = json_text(given)};
  }
  py::object usual() const { return py::none(); }
};

void bind_request_parts(py::module_& m) {
  using namespace llm;
  bind_fields<JsonFormat>(
      m, "JsonFormat",
      "The answer is to be JSON of this shape. schema: a dict, or its text, an object at its root;\n"
      "name: [A-Za-z0-9_-], at most 64; strict: use the provider's own enforcement where the schema\n"
      "allows it.",
      json_field("schema", &JsonFormat::schema), field("name", &JsonFormat::name),
      field("description", &JsonFormat::description), field("strict", &JsonFormat::strict));
  bind_fields<Tool>(m, "Tool", "A function that the model may ask for. parameters: JSON Schema of its arguments.",
                    field("name", &Tool::name), field("description", &Tool::description),
                    json_field("parameters", &Tool::parameters));
  bind_fields<CachePolicy>(m, "CachePolicy", "What to do about a cache, for one call. max_age: seconds.",
                           field("read", &CachePolicy::read), field("write", &CachePolicy::write),
                           field("max_age", &CachePolicy::max_age));
  bind_fields<CallOptions>(
      m, "CallOptions",
      "What concerns the call, not the answer. tenant: answers and budgets are never shared between\n"
      "tenants; accounts: further budgets that are charged; sample: which of several answers to the\n"
      "same request; priority: greater goes first; cache: None caches where temperature is 0 alone.",
      field("tenant", &CallOptions::tenant), field("accounts", &CallOptions::accounts),
      field("sample", &CallOptions::sample), field("priority", &CallOptions::priority),
      field("trace_id", &CallOptions::trace_id), field("cache", &CallOptions::cache));
}

}  // namespace

void bind_requests(py::module_& module) {
  bind_request_parts(module);
  auto type = bind_fields<Request>(
      module, "Request",
      "What is asked of a model, the same for every provider.\n\n"
      "model: \"openai/gpt-4o-mini\" through a router; messages: a list, or a str for one user's message;\n"
      "max_output_tokens: tokens; temperature: 0 .. 2; json: a JsonFormat or a schema alone; tool_use:\n"
      "\"automatic\", \"none\", \"required\" or \"named\" (tool_name); effort: \"none\", \"minimal\", \"low\", "
      "\"medium\",\n"
      "\"high\" or \"maximum\"; user: the end user, for the provider's abuse checks; extra: a dict merged into the "
      "body.",
      field("model", &Request::model), MessagesField{}, field("max_output_tokens", &Request::max_output_tokens),
      field("temperature", &Request::temperature), field("top_p", &Request::top_p), field("top_k", &Request::top_k),
      field("seed", &Request::seed), field("stop", &Request::stop), FormatField{}, field("tools", &Request::tools),
      field("tool_use", &Request::tool_use), field("tool_name", &Request::tool_name), field("effort", &Request::effort),
      field("user", &Request::user), json_field("extra", &Request::extra), field("call", &Request::call));
  type.def(
          "to_json", [](const Request& request) { return llm::to_json(request); },
          "On one line, without `call`; equal requests give equal text.")
      .def_static("from_json", &llm::parse_request, py::arg("json"), "Raises InvalidArgument: the path says where.");
  bind_fields<EmbedRequest>(module, "EmbedRequest",
                            "Texts to be embedded. dimensions: of each vector, where one may choose.",
                            field("model", &EmbedRequest::model), field("inputs", &EmbedRequest::inputs),
                            field("dimensions", &EmbedRequest::dimensions), field("call", &EmbedRequest::call));
}

}  // namespace persona::python
