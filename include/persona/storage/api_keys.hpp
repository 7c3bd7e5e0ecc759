//! Keys that let others in; only their hashes are kept.
#pragma once

#include <persona/storage/records.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace persona {

//! A record of kind "api_key", without what is secret.
struct ApiKey {
  std::string id = {};  //!< 16 hex digits; part of the key, for logs and lists
  std::string owner = {};
  std::vector<std::string> scopes = {};  //!< what it may be used for: the application's own words
  std::optional<RecordTime> expires = {};
  bool operator==(const ApiKey&) const = default;
};

struct NewApiKey {
  ApiKey key = {};
  std::string text = {};  //!< "persona_ID_SECRET": shown now and never again
};

//! Makes a key of 256 random bits. SHA-256 of them is kept: nobody can try so many, so that a slow hash, as passwords
//! need, would only make each request slow.
//! @param key  without an id
[[nodiscard]] PERSONA_EXPORT Result<NewApiKey> make_api_key(Records& records, ApiKey key, std::string_view actor);

//! Whose key is this? Takes as long for a key that is wrong in its first digit as in its last.
//! @errors unauthenticated: no key, an unknown, a wrong, a revoked or an expired one; which of them is not said
[[nodiscard]] PERSONA_EXPORT Result<ApiKey> verify_api_key(const Records& records, std::string_view text,
                                                           RecordTime now);

//! It lets nobody in from now on. @errors not_found
[[nodiscard]] PERSONA_EXPORT Status revoke_api_key(Records& records, std::string_view id, std::string_view actor);

//! Those that are not revoked, by id.
[[nodiscard]] PERSONA_EXPORT Result<std::vector<ApiKey>> list_api_keys(const Records& records,
                                                                       std::string_view after = {}, int limit = 100);

}  // namespace persona
