//! When a server wants to be asked again, in every way it may say so.
#pragma once

#include "core/json_document.hpp"

#include <persona/http/transport.hpp>

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

namespace persona::llm::wire {

//! Of `retry-after-ms`, `x-ms-retry-after-ms` and `Retry-After` in seconds or as a date, the first that
//! makes sense. A date that has passed is no time at all.
std::optional<std::chrono::milliseconds> retry_hint(const std::vector<http::Header>& headers,
                                                    std::chrono::system_clock::time_point today);

//! "22s" or "0.5s". @source{Protocol Buffers, JSON mapping of Duration}
std::optional<std::chrono::milliseconds> parse_seconds(std::string_view text);

//! "1s", "6m0s", "120ms". @source{Go, time.Duration.String}
std::optional<std::chrono::milliseconds> parse_go_duration(std::string_view text);

//! "Sun, 06 Nov 1994 08:49:37 GMT", and its two older forms. @source{RFC 9110, section 5.6.7}
std::optional<std::chrono::system_clock::time_point> parse_http_date(std::string_view text);

//! "2026-11-21T12:00:00Z", with fraction or offset. @source{RFC 3339}
std::optional<std::chrono::system_clock::time_point> parse_timestamp(std::string_view text);

}  // namespace persona::llm::wire
