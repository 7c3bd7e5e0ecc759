//! Requests looked over before they cost anything.
#include <persona/llm/validate.hpp>

#include "forwarding_provider.hpp"
#include "llm/wire/documents.hpp"

#include <utility>

namespace persona::llm {
namespace {

class ValidatedProvider final : public ForwardingProvider {
 public:
  using ForwardingProvider::ForwardingProvider;

  Result<Reply> complete(const Request& request, const Context& context) override {
    if (Status right = validate(request); !right) return tl::unexpected(std::move(right.error()));
    return inner_->complete(request, context);
  }
  Result<Reply> stream(const Request& request, const OnDelta& on_delta, const Context& context) override {
    if (Status right = validate(request); !right) return tl::unexpected(std::move(right.error()));
    return inner_->stream(request, on_delta, context);
  }
};

}  // namespace

Status validate(const Request& request) {
  const auto documents = wire::read_documents(request);
  return documents ? Status() : tl::unexpected(documents.error());
}

Provider validated(Provider provider) {
  return std::make_shared<ValidatedProvider>(std::move(provider));
}

}  // namespace persona::llm
