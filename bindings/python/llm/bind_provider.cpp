//! Whatever answers like a language model.
#include "bind_fields.hpp"
#include "bind_llm.hpp"
#include "call.hpp"
#include "deltas.hpp"
#include "provider_caster.hpp"

#include <persona/llm/provider.hpp>
#include <persona/llm/router.hpp>

#include <exception>

namespace persona::python {
namespace py = pybind11;
namespace {

using llm::Reply;
using llm::Request;

// Shows pieces to a function of Python; what that raises ends the stream and is raised again after it.
class Listener {
 public:
  explicit Listener(py::object function) : function_(std::move(function)) {}

  Status operator()(const llm::Delta& delta) {
    const py::gil_scoped_acquire acquire;
    try {
      function_(delta_object(delta));
      return {};
    } catch (py::error_already_set& raised) {
      raised_ = std::current_exception();
      return fail(Errc::cancelled, "the listener of the stream raised");
    }
  }

  void rethrow() const {
    if (raised_) std::rethrow_exception(raised_);
  }

 private:
  py::object function_;
  std::exception_ptr raised_;
};

Reply complete(const ProviderHandle& self, const Request& request, const CallContext* context) {
  auto& provider = self.own("complete");
  return call([&](const Context& given) { return provider.complete(request, given); }, context);
}

// The default of a class in Python: the whole answer at once.
py::object stream_whole(const py::object& self, const Request& request, const py::object& on_delta,
                        const py::object& context) {
  py::object answer = self.attr("complete")(request, context);
  if (py::isinstance<py::str>(answer)) {
    Reply reply;
    reply.text = answer.cast<std::string>();
    answer = py::cast(std::move(reply));
  }
  const auto& reply = answer.cast<const Reply&>();
  for (const auto& thought : reply.thinking) on_delta(ThinkingPiece{thought.text});
  if (!reply.text.empty()) on_delta(TextPiece{reply.text});
  for (std::size_t i = 0; i < reply.tool_calls.size(); ++i) {
    const auto& tool = reply.tool_calls[i];
    on_delta(ToolCallPiece{i, tool.id, tool.name, tool.arguments});
  }
  return answer;
}

py::object stream_reply(const py::object& self, const Request& request, const py::object& on_delta,
                        const py::object& context) {
  const auto provider = self.cast<const ProviderHandle&>().provider();
  if (provider == nullptr) return stream_whole(self, request, on_delta, context);
  Listener listener(on_delta);
  const auto shown = [&](const llm::Delta& delta) { return listener(delta); };
  const auto* given = context.is_none() ? nullptr : &context.cast<const CallContext&>();
  auto reply = call_result([&](const Context& own) { return provider->stream(request, shown, own); }, given);
  listener.rethrow();
  return py::cast(unwrap(std::move(reply)));
}

llm::Embeddings embed(const ProviderHandle& self, const llm::EmbedRequest& request, const CallContext* context) {
  auto& provider = self.own("embeddings");
  return call([&](const Context& given) { return provider.embed(request, given); }, context);
}

std::int64_t count_tokens(const ProviderHandle& self, const Request& request, const CallContext* context) {
  auto& provider = self.own("count of tokens");
  return call([&](const Context& given) { return provider.count_tokens(request, given); }, context);
}

py::list complete_many(const llm::Provider& provider, const std::vector<Request>& requests, int concurrency,
                       const CallContext* context) {
  if (provider == nullptr) throw py::type_error("complete_many takes a provider, not None");
  std::vector<Result<Reply>> results;
  run_call([&](const Context& given) { results = llm::complete_many(*provider, requests, concurrency, given); },
           context);
  py::list answers;
  for (auto& result : results) {
    answers.append(result ? py::cast(std::move(*result)) : to_exception(result.error()));
  }
  return answers;
}

void bind_members(py::class_<ProviderHandle>& type) {
  const auto context = [] { return py::arg("context") = py::none(); };
  type.def(py::init<>())
      .def(
          "name",
          [](const ProviderHandle& self) {
            auto& provider = self.own("name");
            const py::gil_scoped_release release;
            return provider.name();
          },
          "\"openai\", \"retry(openai)\", ...")
      .def(
          "capabilities",
          [](const ProviderHandle& self, const std::string& model) {
            if (self.provider() == nullptr) return llm::Capabilities{};
            const py::gil_scoped_release release;
            return self.provider()->capabilities(model);
          },
          py::arg("model"), "What a model can do through this provider; nothing is sent.")
      .def("complete", &complete, py::arg("request"), context(),
           "The answer to a request.\n\n"
           "Raises what persona.PersonaError lists, with `service` where a service answered; KeyboardInterrupt on\n"
           "Ctrl-C, which ends the call.")
      .def("stream", &stream_reply, py::arg("request"), py::arg("on_delta"), context(),
           "The same answer, shown while it is written: on_delta(piece) takes TextDelta, ThinkingDelta and\n"
           "ToolCallDelta, on any thread; what it raises ends the stream. `deltas` is the same as an iterator.")
      .def("embed", &embed, py::arg("request"), context(), "Raises Unsupported where there are none.")
      .def("count_tokens", &count_tokens, py::arg("request"), context(),
           "Input tokens of a request, as the provider counts them. Raises Unsupported where it does not.")
      .def("__repr__",
           [](const py::object& self) { return "<LLMProvider " + std::string(py::repr(self.attr("name")())) + ">"; });
}

}  // namespace

void bind_provider(py::module_& module) {
  using llm::Capabilities;
  bind_fields<Capabilities>(
      module, "Capabilities", "What a model can do through a provider. Limits are in tokens, None where not known.",
      field("json_schema", &Capabilities::json_schema), field("tools", &Capabilities::tools),
      field("images", &Capabilities::images), field("streaming", &Capabilities::streaming),
      field("seed", &Capabilities::seed), field("embeddings", &Capabilities::embeddings),
      field("count_tokens", &Capabilities::count_tokens), field("max_input_tokens", &Capabilities::max_input_tokens),
      field("max_output_tokens", &Capabilities::max_output_tokens));
  py::class_<ProviderHandle> type(
      module, "LLMProvider",
      "Answers requests. An application's own is a class with `name()`, `capabilities(model)` and\n"
      "`complete(request, context)`, which may return a str; `stream(request, on_delta, context)`, `embed` and\n"
      "`count_tokens` have defaults. What it raises reaches callers through every policy: a PersonaError as it is,\n"
      "any other exception as Internal with its name and place.\n\n"
      "Every method may be called from any thread; calls block their caller and nobody else.");
  bind_members(type);
  module.def("complete_many", &complete_many, py::arg("provider"), py::arg("requests"), py::arg("concurrency") = 8,
             py::arg("context") = py::none(),
             "Answers all requests, at most `concurrency` at a time. A list in the order of the requests: a Reply, or\n"
             "the exception that its call would have raised.");
  using llm::Route;
  bind_fields<Route>(module, "Route", "prefix: \"openai\"; a model without a known prefix goes to the first empty one.",
                     field("prefix", &Route::prefix), field("provider", &Route::provider));
  module.def("router", &llm::router, py::arg("routes"),
             "Sends a request to the route before the first \"/\" of its model, without that prefix.\n\n"
             "Calls raise NotFound: no such route; the message names those there are.");
}

}  // namespace persona::python
