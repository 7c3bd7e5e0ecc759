//! Reads Anthropic's errors.
#include "llm/anthropic/errors.hpp"

#include "llm/wire/fields.hpp"

namespace persona::llm::anthropic_api {
namespace {

struct KnownType {
  std::string_view type;
  int status;
};

// What an error inside a stream would have been outside.
constexpr KnownType known_types[] = {
    {"invalid_request_error", 400}, {"authentication_error", 401}, {"billing_error", 402},    {"permission_error", 403},
    {"not_found_error", 404},       {"request_too_large", 413},    {"rate_limit_error", 429}, {"api_error", 500},
    {"timeout_error", 504},         {"overloaded_error", 529},
};

}  // namespace

wire::Complaint read_complaint(const Json& document) {
  const Json& error = wire::at(document, "error");
  wire::Complaint complaint;
  complaint.type = wire::text_at(error, "type");
  complaint.message = error.is_string() ? error.get<std::string>() : std::string(wire::text_at(error, "message"));
  complaint.request_id = wire::text_at(document, "request_id");
  for (const KnownType& known : known_types) {
    if (known.type == complaint.type) complaint.status = known.status;
  }
  // Said with status 400, though the request is right.
  if (complaint.message.find("credit balance is too low") != std::string::npos)
    complaint.meaning = Errc::quota_exceeded;
  return complaint;
}

}  // namespace persona::llm::anthropic_api
