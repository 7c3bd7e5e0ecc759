//! A class written in Python as a provider of C++.
#include "call_context.hpp"
#include "deltas.hpp"
#include "kept_object.hpp"
#include "provider_caster.hpp"
#include "result_caster.hpp"

#include <memory>

namespace persona::python {
namespace py = pybind11;
namespace {

llm::Reply reply_of(const py::object& answer) {
  if (!py::isinstance<py::str>(answer)) return answer.cast<llm::Reply>();
  llm::Reply reply;
  reply.text = answer.cast<std::string>();
  return reply;
}

// What a class of Python is handed to show pieces with. It stops working when the call is over.
struct Shower {
  const llm::OnDelta* on_delta;
  Status failure;  // of `on_delta`, which wins over what Python makes of it
};

class PythonProvider final : public llm::LLMProvider {
 public:
  explicit PythonProvider(py::object object) : object_(std::move(object)) {}

  const py::object& object() const { return object_.get(); }

  std::string name() const override {
    const py::gil_scoped_acquire acquire;
    return told([&] { return object().attr("name")().cast<std::string>(); }).value_or("python");
  }

  llm::Capabilities capabilities(std::string_view model) const override {
    const py::gil_scoped_acquire acquire;
    return told([&] { return object().attr("capabilities")(model).cast<llm::Capabilities>(); })
        .value_or(llm::Capabilities{});
  }

  Result<llm::Reply> complete(const llm::Request& request, const Context& context) override {
    return ask(context,
               [&] { return named(reply_of(object().attr("complete")(request, context_object(context))), request); });
  }

  Result<llm::Reply> stream(const llm::Request& request, const llm::OnDelta& on_delta,
                            const Context& context) override {
    const auto shower = std::make_shared<Shower>(Shower{&on_delta, {}});
    auto reply = ask(context, [&] {
      const py::cpp_function shown([shower](const py::object& delta) {
        if (shower->on_delta == nullptr) throw py::value_error("the stream is over");
        if (auto status = show(delta, *shower->on_delta); !status) {
          shower->failure = status;
          raise(status.error());
        }
      });
      return named(reply_of(object().attr("stream")(request, shown, context_object(context))), request);
    });
    shower->on_delta = nullptr;
    if (!shower->failure) return tl::unexpected(shower->failure.error());
    return reply;
  }

  Result<llm::Embeddings> embed(const llm::EmbedRequest& request, const Context& context) override {
    return ask(context,
               [&] { return object().attr("embed")(request, context_object(context)).cast<llm::Embeddings>(); });
  }

  Result<std::int64_t> count_tokens(const llm::Request& request, const Context& context) override {
    return ask(context,
               [&] { return object().attr("count_tokens")(request, context_object(context)).cast<std::int64_t>(); });
  }

 private:
  // With the GIL. What is raised becomes an error.
  template <class Work>
  static auto told(Work&& work) -> Result<decltype(work())> {
    try {
      return work();
    } catch (py::error_already_set& raised) {
      return tl::unexpected(from_raised(raised));
    } catch (const py::cast_error& wrong) {
      return fail(Errc::internal, std::string("a provider of Python answered something else: ") + wrong.what());
    }
  }

  template <class Work>
  auto ask(const Context& context, Work&& work) -> Result<decltype(work())> {
    if (auto may_go = context.check(); !may_go) return tl::unexpected(may_go.error());
    const py::gil_scoped_acquire acquire;
    return told(std::forward<Work>(work));
  }

  llm::Reply named(llm::Reply reply, const llm::Request& request) const {
    if (reply.provider.empty()) reply.provider = object().attr("name")().cast<std::string>();
    if (reply.model.empty()) reply.model = request.model;
    return reply;
  }

  const KeptObject object_;
};

}  // namespace

ProviderHandle::~ProviderHandle() {
  if (provider_ == nullptr) return;
  if (!python_runs()) {
    provider_.reset();
    return;
  }
  const py::gil_scoped_acquire acquire;  // a copy may die anywhere
  const py::gil_scoped_release release;
  provider_.reset();
}

llm::LLMProvider& ProviderHandle::own(const char* method) const {
  if (provider_ == nullptr) raise({Errc::unsupported, std::string("this provider has no ") + method, {}});
  return *provider_;
}

llm::Provider provider_of(const py::handle& object) {
  const auto& handle = object.cast<const ProviderHandle&>();
  if (handle.provider() != nullptr) return handle.provider();
  return std::make_shared<PythonProvider>(py::reinterpret_borrow<py::object>(object));
}

py::object provider_object(const llm::Provider& provider) {
  if (provider == nullptr) return py::none();
  if (const auto* own = dynamic_cast<const PythonProvider*>(provider.get())) return own->object();
  return py::cast(ProviderHandle(provider));
}

py::object context_object(const Context& context) {
  return py::cast(CallContext(context));
}

}  // namespace persona::python
