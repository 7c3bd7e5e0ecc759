//! Finds the route of a model.
#include <persona/llm/router.hpp>

#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <type_traits>
#include <utility>

namespace persona::llm {
namespace {

class Router final : public LLMProvider {
 public:
  explicit Router(std::vector<Route> routes) : routes_(std::move(routes)) {}

  std::string name() const override {
    std::string names;
    for (const Route& route : routes_) names += (names.empty() ? "" : ", ") + route.provider->name();
    return "router(" + names + ')';
  }

  Capabilities capabilities(std::string_view model) const override {
    const auto found = find(model);
    return found ? found->route->provider->capabilities(found->model) : Capabilities();
  }

  Result<Reply> complete(const Request& request, const Context& context) override {
    return sent(request,
                [&](LLMProvider& provider, const Request& asked) { return provider.complete(asked, context); });
  }

  Result<Reply> stream(const Request& request, const OnDelta& on_delta, const Context& context) override {
    return sent(request,
                [&](LLMProvider& provider, const Request& asked) { return provider.stream(asked, on_delta, context); });
  }

  Result<Embeddings> embed(const EmbedRequest& request, const Context& context) override {
    return sent(request,
                [&](LLMProvider& provider, const EmbedRequest& asked) { return provider.embed(asked, context); });
  }

  Result<std::int64_t> count_tokens(const Request& request, const Context& context) override {
    return sent(request,
                [&](LLMProvider& provider, const Request& asked) { return provider.count_tokens(asked, context); });
  }

 private:
  struct Found {
    const Route* route;
    std::string_view model;  // without the prefix
  };

  const Route* route_of(std::string_view prefix) const {
    const auto found = std::find_if(routes_.begin(), routes_.end(), [&](const Route& r) { return r.prefix == prefix; });
    return found == routes_.end() ? nullptr : &*found;
  }

  std::optional<Found> find(std::string_view model) const {
    const auto slash = model.find('/');
    if (slash != std::string_view::npos && slash > 0) {
      if (const Route* route = route_of(model.substr(0, slash))) return Found{route, model.substr(slash + 1)};
    }
    const Route* otherwise = route_of("");
    return otherwise != nullptr ? std::optional(Found{otherwise, model}) : std::nullopt;
  }

  template <class Asked, class Send>
  std::invoke_result_t<const Send&, LLMProvider&, const Asked&> sent(const Asked& request, const Send& send) {
    const auto found = find(request.model);
    if (!found) {
      std::vector<std::string> prefixes;
      for (const Route& route : routes_) prefixes.push_back(route.prefix + "/...");
      return fail(Errc::not_found, fmt::format("no route leads to the model '{}'; there are {}",
                                               shortened(request.model), listing(prefixes)));
    }
    Asked asked = request;
    asked.model = found->model;
    return send(*found->route->provider, asked);
  }

  std::vector<Route> routes_;
};

}  // namespace

Provider router(std::vector<Route> routes) {
  return std::make_shared<Router>(std::move(routes));
}

}  // namespace persona::llm
