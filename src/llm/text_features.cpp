//! Feature hashing.
#include "text_features.hpp"

#include <cmath>

namespace persona::llm {
namespace {

std::uint64_t hash_bytes(std::string_view bytes, std::uint64_t seed) {
  std::uint64_t hash = 0xcbf29ce484222325 ^ seed;  // FNV-1a, then mixed
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9;
  hash = (hash ^ (hash >> 27)) * 0x94d049bb133111eb;
  return hash ^ (hash >> 31);
}

char lower_ascii(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_word_byte(char c) {
  const char small = lower_ascii(c);
  return static_cast<unsigned char>(c) >= 0x80 || (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9');
}

}  // namespace

const std::vector<std::uint64_t>& TextFeatures::of(std::string_view text) {
  hashes_.clear();
  for (std::size_t at = 0; at < text.size();) {
    while (at < text.size() && !is_word_byte(text[at])) ++at;
    const std::size_t begin = at;
    while (at < text.size() && is_word_byte(text[at])) ++at;
    if (at > begin) add_word(text.substr(begin, at - begin));
  }
  return hashes_;
}

void TextFeatures::add_word(std::string_view word) {
  marked_.assign(1, '^');
  starts_.assign(1, 0);
  for (const char c : word) {
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) starts_.push_back(marked_.size());
    marked_ += lower_ascii(c);
  }
  starts_.push_back(marked_.size());
  marked_ += '$';
  starts_.push_back(marked_.size());
  const std::string_view marked = marked_;
  hashes_.push_back(hash_bytes(marked, 1));
  for (std::size_t i = 0; i + 3 < starts_.size(); ++i) {
    hashes_.push_back(hash_bytes(marked.substr(starts_[i], starts_[i + 3] - starts_[i]), 3));
  }
}

std::vector<float> embed_text(std::string_view text, std::size_t dimensions) {
  std::vector<float> vector(dimensions);
  TextFeatures features;
  for (const std::uint64_t hash : features.of(text)) {
    vector[hash % dimensions] += (hash >> 63) != 0 ? 1.0F : -1.0F;
  }
  double square = 0;
  for (const float x : vector) square += static_cast<double>(x) * x;
  if (square > 0) {
    for (float& x : vector) x = static_cast<float>(x / std::sqrt(square));
  }
  return vector;
}

}  // namespace persona::llm
