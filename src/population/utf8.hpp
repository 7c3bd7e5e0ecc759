<<<<<<< HEAD
//! Text that is UTF-8, and text that should have been.
#pragma once

#include <cstddef>
#include <string>
=======
//! Reads UTF-8 one code point at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
>>>>>>> names
#include <string_view>

namespace persona {

<<<<<<< HEAD
//! Bytes of the well-formed sequence at the beginning of `text`; 0 where there is none.
//! @source{Unicode 15, table 3-7}
std::size_t utf8_sequence(std::string_view text);

bool is_utf8(std::string_view text);

//! Each byte that belongs to no well-formed sequence becomes U+FFFD.
std::string replace_invalid_utf8(std::string_view text);
=======
//! The code point at `at`, which moves behind it; nothing where the bytes are not UTF-8.
//! @source{RFC 3629, section 4}
inline std::optional<char32_t> next_code_point(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(at);
  const int more = lead < 0x80 ? 0 : lead < 0xC2 ? -1 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : lead < 0xF5 ? 3 : -1;
  if (more < 0 || at + static_cast<std::size_t>(more) >= text.size()) return std::nullopt;
  char32_t code = more == 0 ? lead : lead & (0x3Fu >> more);
  for (int i = 1; i <= more; ++i) {
    const std::uint8_t next = byte(at + static_cast<std::size_t>(i));
    if ((next & 0xC0) != 0x80) return std::nullopt;
    code = code << 6 | (next & 0x3Fu);
  }
  const bool overlong = (more == 2 && code < 0x800) || (more == 3 && code < 0x10000);
  if (overlong || (code >= 0xD800 && code < 0xE000) || code > 0x10FFFF) return std::nullopt;
  at += static_cast<std::size_t>(more) + 1;
  return code;
}

inline bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();)
    if (!next_code_point(text, at)) return false;
  return true;
}
>>>>>>> names

}  // namespace persona
