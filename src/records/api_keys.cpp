//! Keys that let others in; only their hashes are kept.
#include <persona/storage/api_keys.hpp>

#include "records/record_json.hpp"

#include <persona/core/hash.hpp>

#include <array>
#include <utility>

#include <unistd.h>
#ifdef __APPLE__
#include <sys/random.h>
#endif

namespace persona {
namespace {

constexpr std::string_view key_prefix = "persona_";
constexpr std::size_t id_digits = 16, secret_digits = 64;

Result<std::string> random_hex(std::size_t digits) {
  std::array<unsigned char, 32> bytes;
  if (::getentropy(bytes.data(), digits / 2) != 0) return fail(Errc::io, "the system gives no random bytes");
  std::string text;
  for (std::size_t i = 0; i < digits / 2; ++i) text += fmt::format("{:02x}", bytes[i]);
  return text;
}

struct KeptKey {
  ApiKey key;
  std::string hash;
};

Result<KeptKey> key_of(const Record& record) {
  return read_body(record, [&](const nlohmann::json& json) {
    KeptKey kept{.key = {.id = record.id,
                         .owner = json.at("owner").get<std::string>(),
                         .scopes = json.at("scopes").get<std::vector<std::string>>(),
                         .expires = {}},
                 .hash = json.at("sha256").get<std::string>()};
    if (const auto& expires = json.at("expires_ms"); !expires.is_null())
      kept.key.expires = RecordTime(std::chrono::milliseconds(expires.get<std::int64_t>()));
    return kept;
  });
}

// What is not is looked for in no database: some have no bytes for it.
bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// Looks at every byte, whatever the first ones are.
bool is_same(std::string_view a, std::string_view b) {
  unsigned difference = a.size() == b.size() ? 0U : 1U;
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i)
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  return difference == 0;
}

std::string hash_of(std::string_view secret) {
  return content_hash(fmt::format("persona-api-key:{}", secret));
}

}  // namespace

Result<NewApiKey> make_api_key(Records& records, ApiKey key, std::string_view actor) {
  Result<std::string> id = random_hex(id_digits), secret = random_hex(secret_digits);
  if (!id) return tl::unexpected(id.error());
  if (!secret) return tl::unexpected(secret.error());
  key.id = *id;
  nlohmann::ordered_json body = {
      {"owner", key.owner}, {"scopes", key.scopes}, {"expires_ms", nullptr}, {"sha256", hash_of(*secret)}};
  if (key.expires) body["expires_ms"] = std::int64_t{key.expires->time_since_epoch().count()};
  const auto kept = put_record(
      records,
      {.kind = "api_key", .id = key.id, .body = record_body(body), .actor = std::string(actor), .expected = 0});
  if (!kept) return tl::unexpected(kept.error());
  return NewApiKey{std::move(key), fmt::format("{}{}_{}", key_prefix, *id, *secret)};
}

Result<ApiKey> verify_api_key(const Records& records, std::string_view text, RecordTime now) {
  const auto refused = fail(Errc::unauthenticated, "this is no key that is good here");
  const bool has_shape = text.size() == key_prefix.size() + id_digits + 1 + secret_digits &&
                         text.starts_with(key_prefix) && text[key_prefix.size() + id_digits] == '_' &&
                         is_hex(text.substr(key_prefix.size(), id_digits));
  if (!has_shape) return refused;
  const Result<Record> record = records.current().find("api_key", text.substr(key_prefix.size(), id_digits));
  if (!record && record.error().code != Errc::not_found) return tl::unexpected(record.error());
  const std::string presented = hash_of(text.substr(text.size() - secret_digits));
  const Result<KeptKey> kept = record ? key_of(*record) : Result<KeptKey>(KeptKey{});
  if (!kept) return tl::unexpected(kept.error());
  const bool is_right = is_same(presented, record ? kept->hash : hash_of("nobody's"));
  if (!record || !is_right || (kept->key.expires && *kept->key.expires <= now)) return refused;
  return kept->key;
}

Status revoke_api_key(Records& records, std::string_view id, std::string_view actor) {
  const auto removed = records.remove("api_key", id, actor);
  return removed ? Status() : tl::unexpected(removed.error());
}

Result<std::vector<ApiKey>> list_api_keys(const Records& records, std::string_view after, int limit) {
  const auto found = records.list({.kind = "api_key", .after = std::string(after), .limit = limit});
  if (!found) return tl::unexpected(found.error());
  std::vector<ApiKey> keys;
  for (const Record& record : *found) {
    Result<KeptKey> kept = key_of(record);
    if (!kept) return tl::unexpected(kept.error());
    keys.push_back(std::move(kept->key));
  }
  return keys;
}

}  // namespace persona
