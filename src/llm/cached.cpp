//! Answers that need not be bought twice.
#include <persona/llm/cache.hpp>
#include <persona/llm/json.hpp>
#include <persona/llm/schema.hpp>

#include "keyed_provider.hpp"
#include "show_whole.hpp"

#include <charconv>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace persona::llm {
namespace {

using Day = std::chrono::system_clock::time_point;

bool may_be_kept(const Request& request, const Reply& reply) {
  const bool ended = reply.finish == Finish::stop || reply.finish == Finish::tool_calls;
  if (!ended || !reply.refusal.empty()) return false;
  if (!request.json || reply.finish == Finish::tool_calls) return true;
  const auto schema = JsonSchema::compile(request.json->schema);
  return schema && schema->validate(reply.json.empty() ? reply.text : reply.json).empty();
}

// What is true of the answer whoever gets it, and not of the call that bought it.
Reply lasting_part(Reply reply) {
  reply.attempts.clear();
  reply.allowance.reset();
  reply.cost.reset();
  reply.source = Source::provider;
  reply.first_token = reply.total = {};
  return reply;
}

// 0.9 .. 1.1 times as long, always the same for one key.
Day expiry_of(std::string_view key, Day stored, std::chrono::seconds time_to_live) {
  std::uint32_t draw = 0;
  std::from_chars(key.data(), key.data() + std::min<std::size_t>(key.size(), 8), draw, 16);
  const double factor = 0.9 + 0.2 * (static_cast<double>(draw) / 4294967296.0);
  return stored + std::chrono::duration_cast<Day::duration>(std::chrono::duration<double>(time_to_live) * factor);
}

class CachedProvider final : public KeyedProvider {
 public:
  CachedProvider(Provider inner, std::shared_ptr<ResponseCache> cache, CacheOptions options)
      : KeyedProvider(std::move(inner)), cache_(std::move(cache)), options_(std::move(options)) {}

  // A cache around a cache takes over the dates of the inner one, so that nothing grows younger on its way.
  Result<CacheAnswer> ask(const std::string& key, const Request& request, const OnDelta* on_delta,
                          const Context& context) override {
    const CachePolicy policy = cache_policy(request);
    if (Status wanted = still_wanted(*options_.clock, context); !wanted) return tl::unexpected(wanted.error());
    std::vector<std::string> warnings;
    if (policy.read) {
      if (std::optional<CacheAnswer> hit = find(key, policy, warnings)) {
        if (on_delta == nullptr) return *std::move(hit);
        if (Status shown = show_whole(hit->reply, *on_delta); !shown) return tl::unexpected(shown.error());
        return *std::move(hit);
      }
    }
    Result<CacheAnswer> answer = ask_inner(key, request, on_delta, context);
    if (!answer) return answer;
    if (policy.write) keep(key, request, *answer, warnings);
    answer->warnings.insert(answer->warnings.end(), warnings.begin(), warnings.end());
    return answer;
  }

 private:
  std::optional<CacheAnswer> find(const std::string& key, const CachePolicy& policy,
                                  std::vector<std::string>& warnings) {
    const auto start = options_.clock->now();
    Result<std::optional<CachedReply>> found = cache_->get(key);
    if (!found) warnings.push_back("the cache could not be read: " + to_string(found.error()));
    if (!found || !*found) return {};
    const CachedReply& kept = **found;
    const Day today = options_.clock->today();
    if (kept.expires <= today || (policy.max_age && today - kept.stored > *policy.max_age)) return {};
    Result<Reply> reply = kept.parsed ? *kept.parsed : parse_reply(kept.reply);
    if (!reply) {
      warnings.push_back("a kept answer could not be read: " + to_string(reply.error()));
      return {};
    }
    reply->source = options_.source;
    reply->cost = Money{};
    reply->first_token = reply->total =
        std::chrono::duration_cast<std::chrono::microseconds>(options_.clock->now() - start);
    return CacheAnswer{*std::move(reply), CacheDates{kept.stored, kept.expires}, cache_.get()};
  }

  void keep(const std::string& key, const Request& request, CacheAnswer& answer, std::vector<std::string>& warnings) {
    const Source source = answer.reply.source;
    if (answer.kept_in == cache_.get() || source == Source::shared_call) return;  // here already, or by its leader
    if (!answer.dates && source != Source::provider) return;
    if (!may_be_kept(request, answer.reply)) return;
    const Day today = options_.clock->today();
    const CacheDates dates = answer.dates.value_or(CacheDates{today, expiry_of(key, today, options_.time_to_live)});
    const auto reply = std::make_shared<const Reply>(lasting_part(answer.reply));
    const Status kept = cache_->put(key, {to_json(*reply), dates.stored, dates.expires, reply});
    if (!kept) return warnings.push_back("the cache could not be written: " + to_string(kept.error()));
    answer.dates = dates;
    if (answer.kept_in == nullptr) answer.kept_in = cache_.get();
  }

  std::shared_ptr<ResponseCache> cache_;
  CacheOptions options_;
};

}  // namespace

Provider cached(Provider provider, std::shared_ptr<ResponseCache> cache, CacheOptions options) {
  return std::make_shared<CachedProvider>(std::move(provider), std::move(cache), std::move(options));
}

}  // namespace persona::llm
