//! How long a request is, before a provider counts it.
#include "request_size.hpp"

namespace persona::llm {
namespace {

constexpr std::int64_t tokens_of_image = 1'600;
constexpr std::size_t bytes_of_token = 3;

struct SizeOfPart {
  std::size_t operator()(const Text& part) const { return part.text.size(); }
  std::size_t operator()(const Image&) const { return tokens_of_image * bytes_of_token; }
  std::size_t operator()(const ToolCall& part) const { return part.name.size() + part.arguments.size(); }
  std::size_t operator()(const ToolResult& part) const { return part.text.size(); }
  std::size_t operator()(const Thinking& part) const { return part.text.size(); }
};

std::int64_t tokens_of(std::size_t bytes) {
  return static_cast<std::int64_t>((bytes + bytes_of_token - 1) / bytes_of_token);
}

}  // namespace

std::int64_t likely_input_tokens(const Request& request) {
  std::size_t bytes = request.json ? request.json->schema.size() : 0;
  for (const Message& message : request.messages) {
    for (const Part& part : message.parts) bytes += std::visit(SizeOfPart{}, part);
  }
  for (const Tool& tool : request.tools) bytes += tool.name.size() + tool.description.size() + tool.parameters.size();
  return tokens_of(bytes);
}

std::int64_t likely_input_tokens(const EmbedRequest& request) {
  std::size_t bytes = 0;
  for (const std::string& input : request.inputs) bytes += input.size();
  return tokens_of(bytes);
}

}  // namespace persona::llm
