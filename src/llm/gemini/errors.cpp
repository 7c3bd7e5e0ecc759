//! Reads Google's errors.
#include "llm/gemini/errors.hpp"

#include "llm/wire/fields.hpp"
#include "llm/wire/retry_hint.hpp"

#include <utility>

namespace persona::llm::gemini_api {
namespace {

using wire::at;
using wire::text_at;

// What a list of violations holds that a wait of minutes does not cure.
bool is_of_the_day(const Json& detail) {
  const Json& violations = at(detail, "violations");
  for (std::size_t i = 0; violations.is_array() && i < violations.size(); ++i) {
    if (text_at(violations[i], "quotaId").find("PerDay") != std::string_view::npos) return true;
  }
  return false;
}

void take_detail(const Json& detail, wire::Complaint& complaint) {
  const std::string_view type = text_at(detail, "@type");
  if (type.ends_with("google.rpc.RetryInfo"))
    complaint.retry_after = wire::parse_seconds(text_at(detail, "retryDelay"));
  if (type.ends_with("google.rpc.QuotaFailure") && is_of_the_day(detail)) complaint.meaning = Errc::quota_exceeded;
  if (text_at(detail, "reason") == "API_KEY_INVALID") complaint.meaning = Errc::unauthenticated;
}

int status_of(std::string_view word) {
  constexpr std::pair<std::string_view, int> words[] = {
      {"INVALID_ARGUMENT", 400},  {"FAILED_PRECONDITION", 400}, {"UNAUTHENTICATED", 401},
      {"PERMISSION_DENIED", 403}, {"NOT_FOUND", 404},           {"RESOURCE_EXHAUSTED", 429},
      {"INTERNAL", 500},          {"UNAVAILABLE", 503},         {"DEADLINE_EXCEEDED", 504}};
  for (const auto& [known, status] : words) {
    if (known == word) return status;
  }
  return 0;
}

}  // namespace

wire::Complaint read_complaint(const Json& document) {
  const Json& error = at(document.is_array() ? at(document, std::size_t{0}) : document, "error");
  wire::Complaint complaint;
  complaint.type = text_at(error, "status");
  complaint.message = error.is_string() ? error.get<std::string>() : std::string(text_at(error, "message"));
  const auto code = wire::count_at(error, "code");
  complaint.status = code >= 400 && code < 600 ? static_cast<int>(code) : status_of(complaint.type);
  const Json& details = at(error, "details");
  for (std::size_t i = 0; details.is_array() && i < details.size(); ++i) take_detail(details[i], complaint);
  return complaint;
}

}  // namespace persona::llm::gemini_api
