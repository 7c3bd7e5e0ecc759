//! Reads a conversation as a set of examples and a question.
#include "prompt_reading.hpp"

#include "labelled_text.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace persona::llm {
namespace {

using LabelSet = std::unordered_set<std::string>;

//! One user or system message, with the answer that followed it.
struct PromptTurn {
  std::string text;
  std::optional<std::string> answer = {};
  bool last = false;
  std::vector<LabelledRecord> records = {};
};

std::vector<PromptTurn> prompt_turns_of(std::span<const Message> messages) {
  std::vector<PromptTurn> turns;
  std::size_t last = messages.size();
  while (last > 0 && messages[last - 1].role != Role::user) --last;  // what follows is the beginning of an answer
  for (const Message& message : messages.first(last)) {
    if (message.role == Role::user || message.role == Role::system) turns.push_back({.text = message.text()});
    if (message.role == Role::assistant && !turns.empty()) turns.back().answer = message.text();
  }
  if (last > 0) turns.back().last = true;
  return turns;
}

//! Labels count where they are common ones or stand at several lines.
LabelSet labels_of(const std::vector<PromptTurn>& turns) {
  std::unordered_map<std::string, int> counts;
  for (const PromptTurn& turn : turns) {
    for (std::string& label : possible_labels(turn.text)) ++counts[std::move(label)];
    if (turn.answer) {
      for (std::string& label : possible_labels(*turn.answer)) ++counts[std::move(label)];
    }
  }
  LabelSet labels;
  for (const auto& [label, count] : counts) {
    if (count > 1 || is_common_input(label) || is_common_output(label)) labels.insert(label);
  }
  return labels;
}

//! Tells questions from answers in labelled blocks.
class BlockReader {
 public:
  explicit BlockReader(const std::vector<PromptTurn>& turns) {
    if (!turns.empty() && !turns.back().records.empty()) find_open(turns, turns.back().records.back());
    if (outputs_.empty()) find_common(turns);
  }

  bool is_output(const std::string& label) const { return outputs_.count(label) > 0; }

  //! The input fields, one a line.
  std::string input(const LabelledRecord& record) const {
    std::string joined;
    for (const LabelledField& field : record) {
      if (is_output(field.label) || field.value.empty()) continue;
      if (!joined.empty()) joined += '\n';
      joined += field.value;
    }
    return joined;
  }

  PromptExample example(const LabelledRecord& record) const {
    PromptExample example{.input = input(record)};
    for (const LabelledField& field : record) {
      if (!is_output(field.label)) continue;
      const std::string_view value = first_paragraph(field.value);
      if (!value.empty()) example.fields.emplace_back(field.label, value);
    }
    return example;
  }

  //! JSON and code go to their end; other answers end with their paragraph.
  static std::string_view first_paragraph(std::string_view value) {
    if (value.empty() || std::string_view("{[`").find(value[0]) != std::string_view::npos) return value;
    return trimmed(value.substr(0, value.find("\n\n")));
  }

 private:
  //! Outputs are what the last block leaves empty, and what other blocks have and it has not.
  void find_open(const std::vector<PromptTurn>& turns, const LabelledRecord& query) {
    LabelSet asked;
    for (const LabelledField& field : query) {
      asked.insert(field.label);
      if (field.value.empty()) outputs_.insert(field.label);
    }
    for (const PromptTurn& turn : turns) {
      for (const LabelledRecord& record : turn.records) {
        for (std::size_t i = 1; i < record.size(); ++i) {
          if (asked.count(record[i].label) == 0) outputs_.insert(record[i].label);
        }
      }
    }
  }

  //! Else what is called an answer in most prompts, else the end of a block.
  void find_common(const std::vector<PromptTurn>& turns) {
    const LabelledRecord* longest = nullptr;
    for (const PromptTurn& turn : turns) {
      for (const LabelledRecord& record : turn.records) {
        if (longest == nullptr || record.size() > longest->size()) longest = &record;
        for (const LabelledField& field : record) {
          if (is_common_output(field.label)) outputs_.insert(field.label);
        }
      }
    }
    if (outputs_.empty() && longest != nullptr && longest->size() > 1) outputs_.insert(longest->back().label);
  }

  LabelSet outputs_;
};

//! An output is said as its value; several with their labels, but for the one that the prompt ends with.
void write_output(PromptExample& example, const std::string& dangling) {
  if (!example.output.empty()) return;
  for (const auto& [label, value] : example.fields) {
    if (example.fields.size() > 1 && !(example.output.empty() && label == dangling)) {
      if (!example.output.empty()) example.output += '\n';
      example.output += static_cast<char>(label[0] >= 'a' && label[0] <= 'z' ? label[0] - 'a' + 'A' : label[0]);
      example.output += label.substr(1) + ": ";
    }
    example.output += value;
  }
}

class ConversationReader {
 public:
  explicit ConversationReader(std::vector<PromptTurn> turns) : turns_(std::move(turns)), labels_(labels_of(turns_)) {
    for (PromptTurn& turn : turns_) turn.records = records_of(turn.text);
  }

  PromptReading read() {
    const BlockReader blocks(turns_);
    std::string dangling;
    for (const PromptTurn& turn : turns_) read_turn(turn, blocks, dangling);
    for (PromptExample& example : reading_.examples) write_output(example, dangling);
    return std::move(reading_);
  }

 private:
  std::vector<LabelledRecord> records_of(std::string_view text) const {
    return labelled_records(text, [&](const std::string& label) { return labels_.count(label) > 0; });
  }

  void read_turn(const PromptTurn& turn, const BlockReader& blocks, std::string& dangling) {
    for (const LabelledRecord& record : turn.records) {
      PromptExample example = blocks.example(record);
      if (!example.input.empty() && !example.fields.empty()) reading_.examples.push_back(std::move(example));
    }
    const LabelledRecord* open = turn.records.empty() ? nullptr : &turn.records.back();
    const bool answered = open != nullptr && !blocks.example(*open).fields.empty();
    std::string asked = open == nullptr ? std::string(trimmed(turn.text)) : blocks.input(*open);
    if (answered) asked = tail(open->back().value);
    if (asked.empty()) asked = trimmed(turn.text);
    if (turn.answer) reading_.examples.push_back(answered_turn(asked, *turn.answer));
    if (!turn.last) return;
    reading_.query = std::move(asked);
    if (open != nullptr && !answered && open->back().value.empty()) dangling = open->back().label;
  }

  //! What stands after the paragraph of the last answer.
  static std::string tail(std::string_view value) {
    return std::string(trimmed(value.substr(BlockReader::first_paragraph(value).size())));
  }

  PromptExample answered_turn(std::string asked, const std::string& answer) const {
    PromptExample example{.input = std::move(asked), .output = std::string(trimmed(answer))};
    for (const LabelledRecord& record : records_of(answer)) {
      for (const LabelledField& field : record) example.fields.emplace_back(field.label, field.value);
    }
    return example;
  }

  std::vector<PromptTurn> turns_;
  LabelSet labels_;
  PromptReading reading_;
};

}  // namespace

PromptReading read_prompt(std::span<const Message> messages) {
  return ConversationReader(prompt_turns_of(messages)).read();
}

}  // namespace persona::llm
