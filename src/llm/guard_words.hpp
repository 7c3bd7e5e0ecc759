//! Words that say more than an embedding shows.
#pragma once

#include <string_view>

namespace persona::llm {

//! All in lower case.
bool is_number_word(std::string_view word);
bool turns_meaning(std::string_view word);    //!< "not", "without", "before", ...
bool opens_sentences(std::string_view word);  //!< so often that a capital letter says nothing

inline constexpr int guard_languages = 7;
//! Whether the word is among the commonest of one language.
bool belongs_to_language(std::string_view word, int language);

}  // namespace persona::llm
