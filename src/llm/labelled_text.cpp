//! Finds labels at the beginning of lines.
#include "labelled_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

namespace persona::llm {
namespace {

constexpr std::string_view white_space = " \t\r\n";
constexpr std::size_t longest_label = 32;

struct LabelledLine {
  std::string label;
  std::string_view rest;  // of the line
};

bool is_label_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == ' ' || c == '-';
}

//! The label in lower case without a number at its end, if it can be one.
std::optional<std::string> label_name(std::string_view text) {
  text = trimmed(text);
  while (!text.empty() && (std::isdigit(static_cast<unsigned char>(text.back())) != 0 || text.back() == ' ')) {
    text.remove_suffix(1);
  }
  if (text.empty() || text.size() > longest_label || std::isalpha(static_cast<unsigned char>(text[0])) == 0) return {};
  if (!std::all_of(text.begin(), text.end(), is_label_character)) return {};
  if (std::count(text.begin(), text.end(), ' ') > 2) return {};
  std::string name(text);
  for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return name;
}

//! "[[ ## question ## ]]", "<question>..." or "## Question".
std::optional<LabelledLine> marked_label(std::string_view line) {
  constexpr std::string_view open = "[[ ## ", close = " ## ]]";
  if (line.starts_with(open)) {
    const auto end = line.find(close);
    if (end == std::string_view::npos) return {};
    if (auto name = label_name(line.substr(open.size(), end - open.size()))) {
      return LabelledLine{*name, line.substr(end + close.size())};
    }
  }
  if (line.starts_with('<')) {
    const auto end = line.find('>');
    if (end == std::string_view::npos) return {};
    if (auto name = label_name(line.substr(1, end - 1))) return LabelledLine{*name, line.substr(end + 1)};
  }
  if (line.starts_with('#') && line.find(':') == std::string_view::npos) {
    if (auto name = label_name(line.substr(std::min(line.find_first_not_of('#'), line.size())))) {
      return LabelledLine{*name, {}};
    }
  }
  return {};
}

//! "Question: ...", "**Question:** ..." or "- Question: ...".
std::optional<LabelledLine> label_of(std::string_view line) {
  line = trimmed(line);
  if (auto marked = marked_label(line)) return marked;
  line.remove_prefix(std::min(line.find_first_not_of("#*- "), line.size()));
  const auto colon = line.substr(0, longest_label + 4).find(':');
  if (colon == std::string_view::npos) return {};
  std::string_view before = line.substr(0, colon), after = line.substr(colon + 1);
  while (before.ends_with('*')) before.remove_suffix(1);
  while (after.starts_with('*')) after.remove_prefix(1);
  if (!after.empty() && white_space.find(after[0]) == std::string_view::npos) return {};  // 10:30, http://
  auto name = label_name(before);
  if (!name) return {};
  return LabelledLine{std::move(*name), after};
}

bool is_rule(std::string_view line) {
  return line.size() >= 3 && line.find_first_not_of("-=*#_") == std::string_view::npos;
}

bool is_separator(std::string_view label) {
  constexpr std::array separators = {"example", "examples", "case", "sample", "demo", "demonstration", "completed"};
  return std::find(separators.begin(), separators.end(), label) != separators.end();
}

//! Cuts text into records, line by line.
class RecordReader {
 public:
  RecordReader(std::string_view text, const IsLabel& is_label) : text_(text), is_label_(is_label) {}

  std::vector<LabelledRecord> read() {
    for (std::size_t at = 0; at < text_.size();) {
      const std::size_t end = std::min(text_.find('\n', at), text_.size());
      line(at, text_.substr(at, end - at));
      at = end + 1;
    }
    close_record(text_.size());
    return std::move(records_);
  }

 private:
  void line(std::size_t at, std::string_view line) {
    const std::string_view bare = trimmed(line);
    if (bare.empty()) return;
    if (is_rule(bare)) return close_record(at);
    if (bare.starts_with("</")) return close_field(at);
    auto label = label_of(line);
    if (!label) return;
    if (is_separator(label->label)) return close_record(at);
    if (!is_label_(label->label)) return;
    open_field(at, std::move(*label));
  }

  void open_field(std::size_t at, LabelledLine line) {
    close_field(at);
    const auto same = [&](const LabelledField& field) { return field.label == line.label; };
    if (std::any_of(record_.begin(), record_.end(), same)) close_record(at);
    begin_ = line.rest.empty() ? std::min(text_.find('\n', at), text_.size())
                               : static_cast<std::size_t>(line.rest.data() - text_.data());
    record_.push_back({std::move(line.label), {}});
    open_ = true;
  }

  void close_field(std::size_t at) {
    if (!open_) return;
    open_ = false;
    LabelledField& field = record_.back();
    field.value = trimmed(text_.substr(begin_, std::max(at, begin_) - begin_));
    const std::string tag = "</" + field.label + ">";
    if (field.value.ends_with(tag)) field.value = trimmed(field.value.substr(0, field.value.size() - tag.size()));
  }

  void close_record(std::size_t at) {
    close_field(at);
    if (!record_.empty()) records_.push_back(std::move(record_));
    record_.clear();
  }

  std::string_view text_;
  const IsLabel& is_label_;
  std::vector<LabelledRecord> records_;
  LabelledRecord record_;
  std::size_t begin_ = 0;
  bool open_ = false;
};

}  // namespace

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(white_space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(white_space) - first + 1);
}

std::vector<LabelledRecord> labelled_records(std::string_view text, const IsLabel& is_label) {
  return RecordReader(text, is_label).read();
}

std::vector<std::string> possible_labels(std::string_view text) {
  std::vector<std::string> labels;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (auto line = label_of(text.substr(at, end - at))) labels.push_back(std::move(line->label));
    at = end + 1;
  }
  return labels;
}

bool is_common_input(std::string_view label) {
  constexpr std::array inputs = {"input",  "question", "text",    "q",         "query",   "sentence",
                                 "review", "document", "passage", "context",   "message", "problem",
                                 "x",      "ticket",   "user",    "utterance", "premise", "hypothesis",
                                 "title",  "email",    "request", "statement"};
  return std::find(inputs.begin(), inputs.end(), label) != inputs.end();
}

bool is_common_output(std::string_view label) {
  constexpr std::array outputs = {"output",      "answer",    "label",    "a",      "response",   "sentiment",
                                  "category",    "class",     "intent",   "target", "completion", "result",
                                  "prediction",  "y",         "topic",    "reply",  "assistant",  "summary",
                                  "translation", "reasoning", "rationale"};
  return std::find(outputs.begin(), outputs.end(), label) != outputs.end();
}

}  // namespace persona::llm
