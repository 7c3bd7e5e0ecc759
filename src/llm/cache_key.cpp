//! Which questions are the same, and which may be answered from a cache.
#include <persona/core/hash.hpp>
#include <persona/llm/cache.hpp>

#include "json_write.hpp"

namespace persona::llm {

std::string cache_key(std::string_view provider, const Request& request) {
  CanonicalJson out(CanonicalJson::NotText::kept_apart);
  out.open_object();
  out.key("provider").value(provider);
  write_json(request, (out.key("request"), out));
  out.key("tenant").value(request.call.tenant);
  out.close_object();
  return content_hash(out.take());
}

CachePolicy cache_policy(const Request& request) {
  if (request.call.cache) return *request.call.cache;
  const bool is_fixed = request.temperature == 0;
  return {.read = is_fixed, .write = is_fixed};
}

}  // namespace persona::llm
