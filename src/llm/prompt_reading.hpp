//! The examples that a conversation shows, and the question it ends with.
#pragma once

#include <persona/llm/message.hpp>

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace persona::llm {

//! Something that was asked, and how it was answered.
struct PromptExample {
  std::string input = {};
  std::string output = {};                                       //!< as it is to be said again
  std::vector<std::pair<std::string, std::string>> fields = {};  //!< of the output, where they have labels
};

struct PromptReading {
  std::vector<PromptExample> examples = {};
  std::string query = {};
};

//! Examples are earlier turns of user and assistant, and blocks of labelled lines ("Text: ... Label: ...",
//! "**Question:** ...", "## Input", "<input>...</input>") in any message. The query is what the last user
//! message leaves unanswered.
PromptReading read_prompt(std::span<const Message> messages);

}  // namespace persona::llm
