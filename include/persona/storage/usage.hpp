//! What was used, by whom, for how much: entries that are added up.
#pragma once

#include <persona/core/money.hpp>
#include <persona/storage/records.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace persona {

//! A record of kind "usage", under "ACCOUNT/TIME-KEY".
struct Usage {
  std::string account = {};  //!< without "/"
  std::string what = {};     //!< "generate", "gpt-4o-mini", ...
  std::int64_t units = 0;    //!< rows, tokens, ...: of `what`
  Money cost = {};
  RecordTime at = {};
};

struct UsageTotal {
  std::int64_t entries = 0, units = 0;
  Money cost = {};
  bool operator==(const UsageTotal&) const = default;
};

//! @param key  names the entry among those of its moment: said again, it is not added again
//! @errors invalid_argument: no account, "/" in it, less than nothing
[[nodiscard]] PERSONA_EXPORT Status add_usage(Records& records, const Usage& usage, std::string_view key,
                                              std::string_view actor);

//! Of an account, from a time up to and without another.
[[nodiscard]] PERSONA_EXPORT Result<UsageTotal> total_usage(const Records& records, std::string_view account,
                                                            RecordTime from, RecordTime to);

}  // namespace persona
