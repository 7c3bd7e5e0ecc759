//! What is said to a model, and what it says.
#pragma once

#include <persona/core/config.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace persona::llm {

enum class Role { system, user, assistant, tool };

struct Text {
  std::string text = {};
  bool operator==(const Text&) const = default;
};

//! A picture: its bytes, or where it lies.
struct Image {
  std::string media_type = {};  //!< "image/png"
  std::string bytes = {};       //!< not base64
  std::string url = {};         //!< used where there are no bytes
  bool operator==(const Image&) const = default;
};

//! The model wants a function called.
struct ToolCall {
  std::string id = {};
  std::string name = {};
  std::string arguments = {};  //!< JSON object, as the model wrote it
  bool operator==(const ToolCall&) const = default;
};

//! What the function returned.
struct ToolResult {
  std::string id = {};  //!< of the call
  std::string text = {};
  bool is_error = false;
  bool operator==(const ToolResult&) const = default;
};

//! What a model thought before it answered. Some providers want it back, unchanged, in the next turn.
struct Thinking {
  std::string text = {};
  std::string signature = {};
  bool operator==(const Thinking&) const = default;
};

using Part = std::variant<Text, Image, ToolCall, ToolResult, Thinking>;

//! One turn of a conversation.
struct Message {
  Role role = Role::user;
  std::vector<Part> parts = {};

  static Message system(std::string text) { return {Role::system, {Text{std::move(text)}}}; }
  static Message user(std::string text) { return {Role::user, {Text{std::move(text)}}}; }
  static Message assistant(std::string text) { return {Role::assistant, {Text{std::move(text)}}}; }
  static Message tool(ToolResult result) { return {Role::tool, {std::move(result)}}; }

  //! All its text, joined.
  PERSONA_EXPORT std::string text() const;

  bool operator==(const Message&) const = default;
};

//! "system", ...
PERSONA_EXPORT std::string_view to_string(Role role);

}  // namespace persona::llm
