//! Answers that need not be bought twice.
#pragma once

#include <persona/core/clock.hpp>
#include <persona/llm/provider.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace persona::llm {

//! What a cache keeps.
struct CachedReply {
  std::string reply = {};  //!< JSON, see `json.hpp`
  std::chrono::system_clock::time_point stored = {};
  std::chrono::system_clock::time_point expires = {};
  std::shared_ptr<const Reply> parsed = {};  //!< the same; only what is kept in memory has it
};

//! Keeps answers by key. Every member may be called from any thread.
class ResponseCache {
 public:
  virtual ~ResponseCache() = default;
  [[nodiscard]] virtual Result<std::optional<CachedReply>> get(std::string_view key) = 0;
  [[nodiscard]] virtual Status put(std::string_view key, const CachedReply& reply) = 0;
  [[nodiscard]] virtual Status erase(std::string_view key) = 0;

 protected:
  ResponseCache() = default;
  ResponseCache(const ResponseCache&) = default;
  ResponseCache& operator=(const ResponseCache&) = default;
};

//! In memory, least recently used out first.
PERSONA_EXPORT std::shared_ptr<ResponseCache> memory_cache(std::size_t most_bytes = std::size_t{64} << 20);

struct CacheOptions {
  std::chrono::seconds time_to_live{86'400};  //!< give or take a tenth, so that they do not all end at once
  Source source = Source::stored_cache;       //!< what replies from it say
  std::shared_ptr<Clock> clock = system_clock();
};

//! Answers from the cache what may be (`CallOptions::cache`, else temperature 0), else asks and keeps
//! answers that ended by themselves (`Finish::stop`, `tool_calls`) and fit the schema. A cache that fails is passed by,
//! with a warning in the reply.
PERSONA_EXPORT Provider cached(Provider provider, std::shared_ptr<ResponseCache> cache, CacheOptions options = {});

//! SHA-256 over the canonical JSON of all that shapes the answer, the provider's name and the tenant.
//! @source{RFC 8785}
PERSONA_EXPORT std::string cache_key(std::string_view provider, const Request& request);

//! Whether a cache may read, or write, for this request.
PERSONA_EXPORT CachePolicy cache_policy(const Request& request);

}  // namespace persona::llm
