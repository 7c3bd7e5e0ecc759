//! Whether two questions differ in what embeddings hardly see: numbers, negation, names, language.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace persona::llm {

//! What must agree before one answer may serve two questions.
struct TextMarks {
  struct Word {
    std::string folded;  //!< ASCII letters in lower case
    bool is_name = false;
  };

  std::vector<Word> words = {};
  std::vector<std::string> numbers = {};  //!< in order: "3", "2019", "seven"
  std::vector<std::string> turns = {};    //!< words that turn a meaning round: "not", "before"
  std::uint32_t scripts = 0;
  int language = -1;  //!< of those that it knows
};

TextMarks marks_of(std::string_view text);

//! It errs towards no.
bool agree(const TextMarks& a, const TextMarks& b);

}  // namespace persona::llm
