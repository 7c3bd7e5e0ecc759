//! Reads Ollama's errors: one text.
#include "llm/ollama/errors.hpp"

#include "llm/wire/fields.hpp"

namespace persona::llm::ollama_api {

wire::Complaint read_complaint(const Json& document) {
  const Json& error = wire::at(document, "error");
  wire::Complaint complaint;
  complaint.message = error.is_string() ? error.get<std::string>() : std::string(wire::text_at(error, "message"));
  return complaint;
}

}  // namespace persona::llm::ollama_api
