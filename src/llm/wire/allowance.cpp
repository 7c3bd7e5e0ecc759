//! Reads rate limit headers.
#include "llm/wire/allowance.hpp"

#include "llm/wire/retry_hint.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace persona::llm::wire {
namespace {

class RateHeaders {
 public:
  RateHeaders(const std::vector<http::Header>& headers, std::chrono::system_clock::time_point today)
      : headers_(headers), today_(today) {}

  std::optional<std::int64_t> count(std::string_view name) {
    const std::string_view value = http::header(headers_, name);
    std::int64_t number = 0;
    const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (problem != std::errc() || end != value.data() + value.size() || number < 0) return {};
    found_ = true;
    return number;
  }

  // A duration, or the moment itself.
  std::chrono::milliseconds reset(std::string_view name) const {
    const std::string_view value = http::header(headers_, name);
    if (const auto duration = parse_go_duration(value)) return *duration;
    if (const auto moment = parse_timestamp(value)) {
      return std::max(std::chrono::milliseconds(0), std::chrono::ceil<std::chrono::milliseconds>(*moment - today_));
    }
    const auto seconds = parse_seconds(std::string(value) + "s").value_or(std::chrono::milliseconds(0));
    return seconds > std::chrono::hours(24) ? std::chrono::milliseconds(0) : seconds;  // a date in some unit
  }

  bool found() const { return found_; }

 private:
  const std::vector<http::Header>& headers_;
  std::chrono::system_clock::time_point today_;
  bool found_ = false;
};

}  // namespace

std::optional<Allowance> allowance_of(const std::vector<http::Header>& headers,
                                      std::chrono::system_clock::time_point today) {
  RateHeaders rates(headers, today);
  Allowance left;
  left.requests = rates.count("x-ratelimit-remaining-requests");
  left.input_tokens = left.output_tokens = rates.count("x-ratelimit-remaining-tokens");
  if (rates.found()) {
    left.requests_reset = rates.reset("x-ratelimit-reset-requests");
    left.tokens_reset = rates.reset("x-ratelimit-reset-tokens");
    return left;
  }
  left.requests = rates.count("anthropic-ratelimit-requests-remaining");
  left.input_tokens = rates.count("anthropic-ratelimit-input-tokens-remaining");
  left.output_tokens = rates.count("anthropic-ratelimit-output-tokens-remaining");
  if (!rates.found()) return {};
  left.requests_reset = rates.reset("anthropic-ratelimit-requests-reset");
  left.tokens_reset = std::max(rates.reset("anthropic-ratelimit-input-tokens-reset"),
                               rates.reset("anthropic-ratelimit-output-tokens-reset"));
  return left;
}

}  // namespace persona::llm::wire
