//! Reads OpenAI's errors.
#include "llm/openai/errors.hpp"

#include "llm/wire/fields.hpp"

#include <charconv>

namespace persona::llm::openai_api {
namespace {

using wire::at;
using wire::text_at;

struct CodeMeaning {
  std::string_view code;
  Errc meaning;
};

constexpr CodeMeaning code_meanings[] = {
    {"insufficient_quota", Errc::quota_exceeded},
    {"billing_hard_limit_reached", Errc::quota_exceeded},
    {"billing_not_active", Errc::quota_exceeded},
    {"account_deactivated", Errc::permission_denied},
    {"invalid_api_key", Errc::unauthenticated},
    {"model_not_found", Errc::not_found},
    {"DeploymentNotFound", Errc::not_found},
    {"context_length_exceeded", Errc::context_too_long},
    {"exceed_context_size_error", Errc::context_too_long},
    {"content_policy_violation", Errc::refused},
    {"content_filter", Errc::refused},
    {"rate_limit_exceeded", Errc::rate_limited},
    {"rate_limit_error", Errc::rate_limited},
    {"batch_expired", Errc::deadline_exceeded},
    {"batch_cancelled", Errc::cancelled},
};

std::optional<Errc> meaning_of(std::string_view word) {
  for (const CodeMeaning& known : code_meanings) {
    if (known.code == word) return known.meaning;
  }
  return {};
}

// A status, where the code is one.
int status_of(const Json& code) {
  if (code.is_number_integer()) {
    const auto number = code.get<std::int64_t>();
    return number >= 400 && number < 600 ? static_cast<int>(number) : 0;
  }
  if (!code.is_string()) return 0;
  const auto& text = code.get_ref<const std::string&>();
  int number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  return problem == std::errc() && end == text.data() + text.size() && number >= 400 && number < 600 ? number : 0;
}

int status_of_meaning(std::optional<Errc> meaning) {
  switch (meaning.value_or(Errc::unavailable)) {
    case Errc::quota_exceeded:
    case Errc::rate_limited: return 429;
    case Errc::unauthenticated: return 401;
    case Errc::not_found: return 404;
    case Errc::context_too_long:
    case Errc::refused: return 400;
    default: return 0;
  }
}

}  // namespace

wire::Complaint read_complaint(const Json& document) {
  wire::Complaint complaint;
  const Json& inner = at(document, "error");
  const Json& error = inner.is_object() ? inner : document;
  const Json& detail = at(document, "detail");
  complaint.message = text_at(error, "message");
  if (inner.is_string()) complaint.message = inner.get<std::string>();
  if (complaint.message.empty() && detail.is_string()) complaint.message = detail.get<std::string>();
  if (complaint.message.empty() && detail.is_array()) complaint.message = detail.dump();
  const std::string_view code = text_at(error, "code");
  const std::string_view type = text_at(error, "type");
  const bool code_is_status = status_of(at(error, "code")) != 0;
  complaint.type = !code.empty() && !code_is_status ? code : type;
  complaint.meaning = meaning_of(complaint.type);
  if (!complaint.meaning || meaning_of(type) == Errc::quota_exceeded) {
    if (const auto by_type = meaning_of(type)) complaint.meaning = by_type;
  }
  complaint.status = code_is_status ? status_of(at(error, "code")) : status_of_meaning(complaint.meaning);
  if (complaint.type == "overloaded_error") complaint.status = 529;
  complaint.request_id = text_at(document, "request_id");
  return complaint;
}

}  // namespace persona::llm::openai_api
