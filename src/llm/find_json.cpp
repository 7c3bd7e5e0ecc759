//! JSON inside what a model says.
#include <persona/llm/structured.hpp>

#include "core/json_document.hpp"

#include <algorithm>
#include <vector>

namespace persona::llm {
namespace {

constexpr std::size_t deepest_json = 64;
constexpr std::size_t work_per_byte = 32;  // texts made of openings without ends must not cost more

//! Where a bracket's value ends, by brackets and quotes alone; npos where it does not.
class BracketReader {
 public:
  explicit BracketReader(std::string_view text) : text_(text), work_(text.size() * work_per_byte + 1024) {}

  std::size_t end_of(std::size_t begin) {
    open_.clear();
    for (std::size_t at = begin; at < text_.size() && work_ > 0; ++at, --work_) {
      const char c = text_[at];
      if (c == '"') {
        at = end_of_text(at);
      } else if (c == '{' || c == '[') {
        if (open_.size() == deepest_json) return std::string_view::npos;
        open_.push_back(c == '{' ? '}' : ']');
      } else if (c == '}' || c == ']') {
        if (open_.back() != c) return std::string_view::npos;
        open_.pop_back();
        if (open_.empty()) return at + 1;
      }
    }
    return std::string_view::npos;
  }

  bool is_tired() const { return work_ == 0; }
  void spend(std::size_t work) { work_ -= std::min(work, work_); }

 private:
  //! The closing quote, or the end of the text.
  std::size_t end_of_text(std::size_t at) {
    for (++at; at < text_.size() && text_[at] != '"' && work_ > 0; ++at, --work_)
      if (text_[at] == '\\') ++at;
    return at;
  }

  std::string_view text_;
  std::size_t work_;
  std::vector<char> open_;
};

//! The value that begins here, or nothing.
std::string_view json_at(std::string_view text, std::size_t begin, BracketReader& brackets) {
  const std::size_t end = brackets.end_of(begin);
  if (end == std::string_view::npos) return {};
  brackets.spend(end - begin);
  const std::string_view value = text.substr(begin, end - begin);
  return parse_json_document(value) ? value : std::string_view();
}

//! The first fenced block that is JSON.
std::string_view fenced_json(std::string_view text, BracketReader& brackets) {
  for (std::size_t at = text.find("```"); at != std::string_view::npos; at = text.find("```", at + 3)) {
    const std::size_t line = text.find('\n', at);
    const std::size_t begin = line == std::string_view::npos ? line : text.find_first_not_of(" \t\r\n", line);
    if (begin == std::string_view::npos) break;
    if (text[begin] != '{' && text[begin] != '[') continue;
    if (const std::string_view value = json_at(text, begin, brackets); !value.empty()) return value;
  }
  return {};
}

//! `{"` begins a document; where that document is broken, its parts are not the answer.
bool begins_a_document(std::string_view text, std::size_t at) {
  const std::size_t next = text.find_first_not_of(" \t\r\n", at + 1);
  return text[at] == '{' && next != std::string_view::npos && text[next] == '"';
}

std::string_view longest_json(std::string_view text, BracketReader& brackets) {
  std::string_view longest;
  std::size_t at = text.find_first_of("{[");
  while (at != std::string_view::npos && !brackets.is_tired()) {
    std::size_t next = at + 1;
    if (const std::string_view value = json_at(text, at, brackets); !value.empty()) {
      if (value.size() > longest.size()) longest = value;
      next = at + value.size();
    } else if (begins_a_document(text, at)) {
      next = brackets.end_of(at);
    }
    at = next == std::string_view::npos ? next : text.find_first_of("{[", next);
  }
  return longest;
}

}  // namespace

std::string find_json(std::string_view text) {
  constexpr std::string_view thought = "</think>";
  if (const auto at = text.rfind(thought); at != std::string_view::npos) text.remove_prefix(at + thought.size());
  BracketReader brackets(text);
  const std::string_view fenced = fenced_json(text, brackets);
  return std::string(fenced.empty() ? longest_json(text, brackets) : fenced);
}

}  // namespace persona::llm
