//! Answers to questions that mean the same.
#include <persona/llm/cache.hpp>
#include <persona/llm/semantic_cache.hpp>

#include "embed_texts.hpp"
#include "forwarding_provider.hpp"
#include "semantic_store.hpp"
#include "show_whole.hpp"

#include <mutex>
#include <utility>

namespace persona::llm {
namespace {

//! The request without its question: all of it must be equal. None: there is no question of text alone.
struct AskedQuestion {
  std::string frame;
  std::string text;
};

std::optional<AskedQuestion> question_of(std::string_view provider, const Request& request) {
  if (request.messages.empty() || request.messages.back().role != Role::user) return {};
  const Message& last = request.messages.back();
  for (const Part& part : last.parts)
    if (!std::holds_alternative<Text>(part)) return {};
  std::string text = last.text();
  if (text.empty()) return {};
  Request frame = request;
  frame.messages.back().parts.clear();
  return AskedQuestion{cache_key(provider, frame), std::move(text)};
}

class GuardedSemanticCache final : public SemanticCache {
 public:
  GuardedSemanticCache(Provider inner, SemanticCacheOptions options)
      : inner_(std::move(inner)), options_(std::move(options)), store_(options_.most_entries) {}

  std::string name() const override { return inner_->name(); }
  Capabilities capabilities(std::string_view model) const override { return inner_->capabilities(model); }
  Result<Embeddings> embed(const EmbedRequest& request, const Context& context) override {
    return inner_->embed(request, context);
  }
  Result<std::int64_t> count_tokens(const Request& request, const Context& context) override {
    return inner_->count_tokens(request, context);
  }
  Result<Reply> complete(const Request& request, const Context& context) override {
    return answer(request, nullptr, context);
  }
  Result<Reply> stream(const Request& request, const OnDelta& on_delta, const Context& context) override {
    return answer(request, &on_delta, context);
  }
  SemanticCacheCounts counts() const override {
    const std::lock_guard lock(mutex_);
    return counts_;
  }

 private:
  Result<Reply> ask(const Request& request, const OnDelta* on_delta, const Context& context) {
    return on_delta != nullptr ? inner_->stream(request, *on_delta, context) : inner_->complete(request, context);
  }

  Result<Reply> answer(const Request& request, const OnDelta* on_delta, const Context& context) {
    if (!request.call.cache || !options_.embedder) return ask(request, on_delta, context);
    const std::optional<AskedQuestion> question = question_of(name(), request);
    if (!question) return ask(request, on_delta, context);
    if (Status wanted = still_wanted(*options_.clock, context); !wanted) return tl::unexpected(wanted.error());
    auto embedded = embed_texts(options_, {question->text}, request.call, context);
    if (!embedded) return unassisted(request, on_delta, context, embedded.error());
    SemanticEntry entry{
        .frame = question->frame, .vector = std::move(embedded->front()), .marks = marks_of(question->text)};
    if (request.call.cache->read) {
      std::optional<Reply> hit = look(entry, *request.call.cache);
      if (hit && !options_.shadow) return show(*std::move(hit), on_delta);
    }
    Result<Reply> reply = ask(request, on_delta, context);
    if (reply && request.call.cache->write) keep(std::move(entry), *reply);
    return reply;
  }

  // The cache is a help: where it fails, the question is asked.
  Result<Reply> unassisted(const Request& request, const OnDelta* on_delta, const Context& context,
                           const Error& error) {
    Result<Reply> reply = ask(request, on_delta, context);
    if (reply) reply->warnings.push_back("the semantic cache could not embed: " + to_string(error));
    return reply;
  }

  std::optional<Reply> look(const SemanticEntry& entry, const CachePolicy& policy) {
    const std::lock_guard lock(mutex_);
    const SemanticMatch match = store_.find(entry, options_.similarity, options_.clock->today(), policy.max_age);
    ++counts_.lookups;
    counts_.hits += match.reply ? 1 : 0;
    counts_.guarded += match.guarded ? 1 : 0;
    return match.reply ? std::optional(*match.reply) : std::nullopt;
  }

  void keep(SemanticEntry entry, const Reply& reply) {
    if (reply.finish != Finish::stop || !reply.refusal.empty() || reply.source == Source::semantic_cache) return;
    auto kept = std::make_shared<Reply>(reply);
    kept->attempts.clear();
    kept->allowance.reset();
    kept->cost = Money{};
    kept->source = Source::semantic_cache;
    kept->first_token = kept->total = {};
    entry.reply = std::move(kept);
    entry.stored = options_.clock->today();
    entry.expires = entry.stored + options_.time_to_live;
    const std::lock_guard lock(mutex_);
    store_.add(std::move(entry));
  }

  static Result<Reply> show(Reply reply, const OnDelta* on_delta) {
    if (on_delta != nullptr)
      if (Status shown = show_whole(reply, *on_delta); !shown) return tl::unexpected(shown.error());
    return reply;
  }

  Provider inner_;
  SemanticCacheOptions options_;
  mutable std::mutex mutex_;
  SemanticStore store_;
  SemanticCacheCounts counts_;
};

}  // namespace

std::shared_ptr<SemanticCache> semantically_cached(Provider provider, SemanticCacheOptions options) {
  return std::make_shared<GuardedSemanticCache>(std::move(provider), std::move(options));
}

}  // namespace persona::llm
