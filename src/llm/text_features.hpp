//! Text as a set of hashes: its words, and the runs of three characters inside them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace persona::llm {

//! Words in lower case (ASCII) and their 3-grams, edges marked; bytes above 127 are letters.
class TextFeatures {
 public:
  //! In the order of the text, repeated as it repeats. Valid until the next call.
  const std::vector<std::uint64_t>& of(std::string_view text);

 private:
  void add_word(std::string_view word);

  std::string marked_;
  std::vector<std::size_t> starts_;
  std::vector<std::uint64_t> hashes_;
};

//! A unit vector: each feature adds to a dimension, with a sign, both by its hash. Zero for no words.
std::vector<float> embed_text(std::string_view text, std::size_t dimensions);

}  // namespace persona::llm
