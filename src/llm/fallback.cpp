//! Others who can answer.
#include <persona/llm/fallback.hpp>

#include "policy.hpp"
#include "tally.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <mutex>
#include <utility>

namespace persona::llm {
namespace {

enum class NextStep { end, ask_next, ask_next_and_rest };

// Another target may do better; what is wrong with this call alone is no reason to rest.
NextStep step_after(const Error& error) {
  switch (error.code) {
    case Errc::unavailable:
    case Errc::rate_limited:
    case Errc::quota_exceeded:
    case Errc::unauthenticated:
    case Errc::permission_denied:
    case Errc::not_found: return NextStep::ask_next_and_rest;
    case Errc::context_too_long:
    case Errc::refused:
    case Errc::unsupported: return NextStep::ask_next;
    default: return NextStep::end;
  }
}

class FallbackProvider final : public LLMProvider {
 public:
  FallbackProvider(std::vector<Target> targets, FallbackOptions options)
      : targets_(std::move(targets)), options_(std::move(options)) {}

  std::string name() const override {
    std::string names;
    for (const Target& target : targets_) names += (names.empty() ? "" : ", ") + target.provider->name();
    return "fallback(" + names + ")";
  }

  // What all of them can: whoever is asked. An input too long for one goes to the next.
  Capabilities capabilities(std::string_view model) const override {
    if (targets_.empty()) return {};
    Capabilities all = capabilities_of(targets_.front(), model);
    for (const Target& target : targets_) {
      const Capabilities own = capabilities_of(target, model);
      all.json_schema &= own.json_schema;
      all.tools &= own.tools;
      all.images &= own.images;
      all.streaming &= own.streaming;
      all.seed &= own.seed;
      all.embeddings &= own.embeddings;
      all.count_tokens &= own.count_tokens;
      all.max_input_tokens = known(all.max_input_tokens, own.max_input_tokens, std::greater<>());
      all.max_output_tokens = known(all.max_output_tokens, own.max_output_tokens, std::less<>());
    }
    return all;
  }

  Result<Reply> complete(const Request& request, const Context& context) override {
    return ask(request, context, nullptr,
               [&](LLMProvider& provider, const Request& own) { return provider.complete(own, context); });
  }

  Result<Reply> stream(const Request& request, const OnDelta& on_delta, const Context& context) override {
    std::atomic<bool> begun = false;
    const OnDelta watched = [&](const Delta& delta) {
      begun = true;
      return on_delta(delta);
    };
    return ask(request, context, &begun,
               [&](LLMProvider& provider, const Request& own) { return provider.stream(own, watched, context); });
  }

  Result<Embeddings> embed(const EmbedRequest& request, const Context& context) override {
    return ask(request, context, nullptr,
               [&](LLMProvider& provider, const EmbedRequest& own) { return provider.embed(own, context); });
  }

  Result<std::int64_t> count_tokens(const Request& request, const Context& context) override {
    return ask(request, context, nullptr,
               [&](LLMProvider& provider, const Request& own) { return provider.count_tokens(own, context); });
  }

 private:
  static Capabilities capabilities_of(const Target& target, std::string_view model) {
    return target.provider->capabilities(target.model.empty() ? model : target.model);
  }

  static std::optional<std::int64_t> known(std::optional<std::int64_t> a, std::optional<std::int64_t> b,
                                           auto is_better) {
    if (!a || !b) return a ? a : b;
    return is_better(*a, *b) ? a : b;
  }

  const std::string& model_of(std::size_t target, const std::string& asked) const {
    return targets_[target].model.empty() ? asked : targets_[target].model;
  }

  // Healthy ones first, each group in the order given.
  template <class Asked>
  std::vector<std::size_t> order(const Asked& request) {
    // Vectors of two models cannot be compared: an embedding is asked of its own model alone.
    const bool same_model = std::is_same_v<Asked, EmbedRequest>;
    const std::lock_guard lock(mutex_);
    const auto now = options_.clock->now();
    std::vector<std::size_t> indices;
    for (std::size_t i = 0; i < targets_.size(); ++i) {
      if (!same_model || i == 0 || model_of(i, request.model) == model_of(0, request.model)) indices.push_back(i);
    }
    std::stable_partition(indices.begin(), indices.end(), [&](std::size_t i) {
      const auto resting = rests_.find({i, model_of(i, request.model)});
      return resting == rests_.end() || resting->second <= now;
    });
    return indices;
  }

  void rest(std::size_t target, const std::string& model, const Error& error) {
    const auto hint = error.service ? error.service->retry_after : std::nullopt;
    const std::lock_guard lock(mutex_);
    rests_[{target, model}] = later(options_.clock->now(), hint && hint->count() > 0 ? *hint : options_.rest);
  }

  void wake(std::size_t target, const std::string& model) {
    const std::lock_guard lock(mutex_);
    rests_.erase({target, model});
  }

  template <class Asked, class Send>
  auto ask(const Asked& request, const Context& context, const std::atomic<bool>* begun, const Send& send)
      -> decltype(send(std::declval<LLMProvider&>(), request)) {
    Tally tally;
    Error last{Errc::invalid_argument, "a fallback without targets", {}};
    std::string said;
    for (const std::size_t i : order(request)) {
      if (!said.empty() && context.stop.stop_requested()) {
        return tl::unexpected(tally.into({Errc::cancelled, "stopped before the next target was asked", {}}));
      }
      LLMProvider& provider = *targets_[i].provider;
      Asked own = request;
      own.model = model_of(i, request.model);
      const auto start = options_.clock->now();
      auto result = send(provider, own);
      const auto took = time_since(start, *options_.clock);
      if (result) {
        wake(i, own.model);
        return tally.into(std::move(*result), took);
      }
      last = std::move(result.error());
      tally.failed(provider.name(), own.model, took, last);
      const bool has_begun = begun != nullptr && begun->load();
      if (has_begun && last.service) last.service->retryable = false;  // a part was shown: nobody may begin again
      const NextStep next = has_begun ? NextStep::end : step_after(last);
      if (next == NextStep::ask_next_and_rest) rest(i, own.model, last);
      if (next == NextStep::end) return tl::unexpected(tally.into(std::move(last)));
      said += (said.empty() ? "" : "; ") + provider.name() + "/" + own.model + ": " + last.message;
    }
    if (!said.empty()) last.message = "no target answered: " + said;
    return tl::unexpected(tally.into(std::move(last)));
  }

  const std::vector<Target> targets_;
  FallbackOptions options_;
  std::mutex mutex_;
  std::map<std::pair<std::size_t, std::string>, Instant> rests_;
};

}  // namespace

Provider fallback(std::vector<Target> targets, FallbackOptions options) {
  return std::make_shared<FallbackProvider>(std::move(targets), std::move(options));
}

}  // namespace persona::llm
