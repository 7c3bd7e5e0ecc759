//! Errors of services as errors of ours.
#include "llm/wire/complaint.hpp"

#include "core/text.hpp"
#include "llm/failure.hpp"
#include "llm/wire/fields.hpp"
#include "llm/wire/retry_hint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace persona::llm::wire {
namespace {

constexpr std::size_t longest_complaint = 1000;

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  return lower;
}

template <std::size_t N>
bool says(std::string_view text, const std::array<std::string_view, N>& phrases) {
  return std::any_of(phrases.begin(), phrases.end(),
                     [&](std::string_view phrase) { return text.find(phrase) != std::string_view::npos; });
}

constexpr std::array<std::string_view, 9> too_long_phrases{
    "maximum context length",     "context_length_exceeded", "exceed_context_size",
    "prompt is too long",         "input is too long",       "exceeds the available context size",
    "exceeds the context length", "reduce the length of",    "input token count"};

constexpr std::array<std::string_view, 5> policy_phrases{"content_policy_violation", "content_filter",
                                                         "responsibleaipolicyviolation", "moderation_blocked",
                                                         "content filtering policy"};

// Servers that cannot read a request sometimes call it their own failure.
constexpr std::array<std::string_view, 3> never_right_phrases{"[json.exception.", "invalid_request_error",
                                                              "failed to parse"};

bool may_retry(Errc code) {
  return code == Errc::unavailable || code == Errc::rate_limited;
}

}  // namespace

void judge(Complaint& complaint) {
  const std::string words = lower_case(complaint.type + ' ' + complaint.message);
  if (complaint.status == 429 && words.find("request too large") != std::string::npos) {
    complaint.retryable = false;  // more than a minute's allowance: it never fits
  }
  if (complaint.meaning) return;
  if (complaint.status != 429 && says(words, too_long_phrases)) {
    complaint.meaning = Errc::context_too_long;
  } else if (complaint.status < 500 && says(words, policy_phrases)) {
    complaint.meaning = Errc::refused;
  } else if (complaint.status >= 500 && says(words, never_right_phrases)) {
    complaint.meaning = Errc::invalid_argument;
  }
}

Error error_of(const Complaint& given, int status, std::string_view name) {
  Complaint complaint = given;
  if (status != 0) complaint.status = status;
  const int counted = complaint.status != 0 ? complaint.status : 500;  // a failure without a number is the server's
  complaint.status = counted;
  judge(complaint);
  const std::string words = complaint.message.empty() ? complaint.type : complaint.message;
  Error error = failure_of(
      counted, status == 0 ? fmt::format("{} failed while it answered: {}", name, shortened(words, longest_complaint))
               : words.empty() ? fmt::format("{} answered {}", name, status)
                               : fmt::format("{} answered {}: {}", name, status, shortened(words, longest_complaint)));
  ServiceFailure& service = *error.service;
  if (complaint.meaning) {
    error.code = *complaint.meaning;
    service.retryable = may_retry(error.code);
  }
  if (complaint.retryable) service.retryable = *complaint.retryable;
  if (status == 0) service.sent = true;
  service.status = given.status != 0 || status != 0 ? counted : 200;
  service.type = complaint.type;
  service.request_id = complaint.request_id;
  service.retry_after = complaint.retry_after;
  return error;
}

Error error_of(const http::Response& response, std::string_view name, ReadComplaint read,
               std::chrono::system_clock::time_point today) {
  Complaint complaint;
  if (const auto document = parse_json_document(response.body)) {
    complaint = read(*document);
  } else {
    complaint.message = replace_invalid_utf8(std::string_view(response.body).substr(0, 200));
  }
  Error error = error_of(complaint, response.status, name);
  ServiceFailure& service = *error.service;
  if (service.request_id.empty()) service.request_id = request_id_of(response.headers);
  if (const auto hint = retry_hint(response.headers, today)) service.retry_after = hint;
  const std::string_view advice = http::header(response.headers, "x-should-retry");
  if (advice == "true") service.retryable = true;
  if (advice == "false") service.retryable = false;
  return error;
}

std::string request_id_of(const std::vector<http::Header>& headers) {
  for (const std::string_view name : {"x-request-id", "request-id", "apim-request-id", "x-goog-request-id"}) {
    if (const std::string_view id = http::header(headers, name); !id.empty()) return std::string(id);
  }
  return {};
}

bool is_complaint(const Json& document) {
  if (document.is_array()) return document.size() == 1 && is_complaint(document[0]);
  const Json& error = at(document, "error");
  return error.is_object() || error.is_string() || text_at(document, "object") == "error" ||
         (text_at(document, "type") == "error");
}

}  // namespace persona::llm::wire
