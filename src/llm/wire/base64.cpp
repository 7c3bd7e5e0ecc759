//! Three bytes are four characters.
#include "llm/wire/base64.hpp"

#include <array>
#include <bit>
#include <cstdint>

namespace persona::llm::wire {
namespace {

constexpr std::string_view base64_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<int, 256> base64_values = [] {
  std::array<int, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < base64_alphabet.size(); ++i) {
    values[static_cast<unsigned char>(base64_alphabet[i])] = static_cast<int>(i);
  }
  return values;
}();

std::uint32_t byte_of(char c) {
  return static_cast<unsigned char>(c);
}

}  // namespace

std::string base64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = bytes.size() - i;
    const std::uint32_t three =
        byte_of(bytes[i]) << 16 | (left > 1 ? byte_of(bytes[i + 1]) << 8 : 0) | (left > 2 ? byte_of(bytes[i + 2]) : 0);
    text += base64_alphabet[three >> 18];
    text += base64_alphabet[three >> 12 & 63];
    text += left > 1 ? base64_alphabet[three >> 6 & 63] : '=';
    text += left > 2 ? base64_alphabet[three & 63] : '=';
  }
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  if (text.size() % 4 == 1) return {};
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const int value = base64_values[byte_of(c)];
    if (value < 0) return {};
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes += static_cast<char>(bits >> held & 0xff);
    }
  }
  return bytes;
}

std::optional<std::vector<float>> floats_from_base64(std::string_view text) {
  const auto bytes = from_base64(text);
  if (!bytes || bytes->size() % 4 != 0) return {};
  std::vector<float> floats(bytes->size() / 4);
  for (std::size_t i = 0; i < floats.size(); ++i) {
    const char* at = bytes->data() + 4 * i;
    floats[i] =
        std::bit_cast<float>(byte_of(at[0]) | byte_of(at[1]) << 8 | byte_of(at[2]) << 16 | byte_of(at[3]) << 24);
  }
  return floats;
}

}  // namespace persona::llm::wire
