//! Finds the error of a response.
#include "llm/responses/errors.hpp"

#include "llm/openai/errors.hpp"
#include "llm/wire/fields.hpp"

namespace persona::llm::responses_api {

wire::Complaint read_complaint(const Json& document) {
  const Json& inner = wire::at(wire::at(document, "response"), "error");
  if (inner.is_object()) return openai_api::read_complaint(Json{{"error", inner}});
  if (wire::at(document, "error").is_object() || wire::text_at(document, "type") != "error") {
    return openai_api::read_complaint(document);
  }
  Json error = document;  // the event itself is the error
  error.erase("type");
  return openai_api::read_complaint(Json{{"error", error}});
}

}  // namespace persona::llm::responses_api
