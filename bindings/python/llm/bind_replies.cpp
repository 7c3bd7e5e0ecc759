//! What a model answered, and what it took.
#include "bind_fields.hpp"
#include "bind_llm.hpp"
#include "deltas.hpp"

#include <persona/llm/json.hpp>
#include <persona/llm/reply.hpp>

namespace persona::python {
namespace py = pybind11;
namespace {

using llm::Attempt;
using llm::Reply;

struct ErrorField {
  const char* name = "error";
  using Given = py::object;
  py::object get(const Attempt& of) const { return of.error ? to_exception(*of.error) : py::none(); }
  void set(Attempt& of, const py::object& given) const {
    if (!given.is_none()) of.error = from_exception(given);
  }
  py::object usual() const { return py::none(); }
};

// One array for all vectors: rows are inputs.
py::object vectors_of(const llm::Embeddings& of) {
  return py::module_::import("numpy").attr("array")(of.vectors, "float32");
}

struct VectorsField {
  const char* name = "vectors";
  using Given = std::vector<std::vector<float>>;
  py::object get(const llm::Embeddings& of) const { return vectors_of(of); }
  void set(llm::Embeddings& of, Given given) const { of.vectors = std::move(given); }
  py::object usual() const { return py::list(); }
};

void bind_reply_parts(py::module_& m) {
  using namespace llm;
  bind_fields<Usage>(m, "Usage",
                     "Tokens. Parts are included in their whole: input_cached and input_cache_write in input,\n"
                     "output_reasoning in output. estimated: the provider did not say.",
                     field("input", &Usage::input), field("input_cached", &Usage::input_cached),
                     field("input_cache_write", &Usage::input_cache_write),
                     field("input_cache_write_1h", &Usage::input_cache_write_1h), field("output", &Usage::output),
                     field("output_reasoning", &Usage::output_reasoning), field("estimated", &Usage::estimated))
      .def(
          "__add__", [](Usage a, const Usage& b) { return a += b; }, py::arg("other"), py::is_operator());
  bind_fields<Attempt>(
      m, "Attempt",
      "One request that went out on behalf of a call. duration: seconds; error: an exception or None;\n"
      "cost: None where the price is not known.",
      field("provider", &Attempt::provider), field("model", &Attempt::model), field("duration", &Attempt::duration),
      ErrorField{}, field("usage", &Attempt::usage), field("cost", &Attempt::cost), field("hedge", &Attempt::hedge));
  bind_fields<Allowance>(
      m, "Allowance", "How much more the provider lets through, by its own words. Resets are in seconds from now.",
      field("requests", &Allowance::requests), field("input_tokens", &Allowance::input_tokens),
      field("output_tokens", &Allowance::output_tokens), field("requests_reset", &Allowance::requests_reset),
      field("tokens_reset", &Allowance::tokens_reset));
  bind_fields<TextPiece>(m, "TextDelta", "A piece of the answer's text.", field("text", &TextPiece::text));
  bind_fields<ThinkingPiece>(m, "ThinkingDelta", "A piece of what the model thinks before it answers.",
                             field("text", &ThinkingPiece::text));
  bind_fields<ToolCallPiece>(m, "ToolCallDelta",
                             "A piece of a tool call: id and name come with the first; arguments is a piece of JSON.",
                             field("index", &ToolCallPiece::index), field("id", &ToolCallPiece::id),
                             field("name", &ToolCallPiece::name), field("arguments", &ToolCallPiece::arguments));
}

}  // namespace

void bind_replies(py::module_& module) {
  bind_reply_parts(module);
  auto type = bind_fields<Reply>(
      module, "Reply",
      "What a model answered, and what it took.\n\n"
      "json: the validated document, None where none was asked for; finish: \"stop\", \"length\", \"tool_calls\",\n"
      "\"refusal\", \"content_filter\" or \"other\"; usage: of this answer; cost: of all attempts, None where a price "
      "is\n"
      "not known; attempts: empty where nothing was sent; warnings: what the provider could not honour; source:\n"
      "\"provider\", \"memory_cache\", \"stored_cache\", \"semantic_cache\" or \"shared_call\"; first_token and total: "
      "seconds.",
      field("text", &Reply::text), json_field("json", &Reply::json), field("tool_calls", &Reply::tool_calls),
      field("thinking", &Reply::thinking), field("finish", &Reply::finish), field("refusal", &Reply::refusal),
      field("id", &Reply::id), field("request_id", &Reply::request_id), field("provider", &Reply::provider),
      field("model", &Reply::model), field("usage", &Reply::usage), field("cost", &Reply::cost),
      field("attempts", &Reply::attempts), field("warnings", &Reply::warnings), field("source", &Reply::source),
      field("allowance", &Reply::allowance), field("first_token", &Reply::first_token), field("total", &Reply::total));
  type.def("message", &Reply::message, "As the assistant's turn of the conversation that goes on.")
      .def(
          "to_json", [](const Reply& reply) { return llm::to_json(reply); }, "On one line, for files.")
      .def_static("from_json", &llm::parse_reply, py::arg("json"), "Raises InvalidArgument: the path says where.");
  using llm::Embeddings;
  bind_fields<Embeddings>(
      module, "Embeddings",
      "vectors: a numpy array, inputs x dimensions, in the order of the inputs. cost: None where the\n"
      "price is not known.",
      VectorsField{}, field("model", &Embeddings::model), field("usage", &Embeddings::usage),
      field("cost", &Embeddings::cost));
}

}  // namespace persona::python
