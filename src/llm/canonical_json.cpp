//! JSON text of which there is only one for each value.
#include "canonical_json.hpp"

#include "core/json_plain.hpp"
#include "core/utf8.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace persona::llm {
namespace {

constexpr std::int64_t greatest_exact_integer = (std::int64_t{1} << 53) - 1;
constexpr std::string_view hex_digits = "0123456789abcdef";

void append_escape(unsigned code, std::string& out) {
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += hex_digits[code >> shift & 15];
}

void append_control(unsigned char c, std::string& out) {
  switch (c) {
    case '\b': out += "\\b"; break;
    case '\t': out += "\\t"; break;
    case '\n': out += "\\n"; break;
    case '\f': out += "\\f"; break;
    case '\r': out += "\\r"; break;
    default: append_escape(c, out);
  }
}

// As ECMAScript writes numbers: digits with the point where it falls, or with an exponent from 1e21 and below 1e-6.
void append_number(double number, std::string& out) {
  std::array<char, 32> buffer{};
  const char* end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::abs(number), std::chars_format::scientific).ptr;
  const std::string_view written(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  const std::size_t e = written.find('e');
  std::string digits(1, written[0]);
  if (e > 1) digits.append(written, 2, e - 2);
  int exponent = 0;
  std::from_chars(written.data() + e + (written[e + 1] == '+' ? 2 : 1), end, exponent);
  const int point = exponent + 1;  // digits before it
  const int count = static_cast<int>(digits.size());
  if (number < 0) out += '-';
  if (point > 21 || point <= -6) {
    if (count > 1) digits.insert(1, 1, '.');
    out.append(digits).append(exponent < 0 ? "e-" : "e+").append(std::to_string(std::abs(exponent)));
  } else if (point <= 0) {
    out.append("0.").append(static_cast<std::size_t>(-point), '0').append(digits);
  } else if (count <= point) {
    out.append(digits).append(static_cast<std::size_t>(point - count), '0');
  } else {
    out += digits.insert(static_cast<std::size_t>(point), 1, '.');
  }
}

}  // namespace

void CanonicalJson::comma() {
  if (!first_) text_ += ',';
  first_ = false;
}

void CanonicalJson::open(char bracket) {
  comma();
  text_ += bracket;
  first_ = true;
}

void CanonicalJson::close(char bracket) {
  text_ += bracket;
  first_ = false;
}

void CanonicalJson::word(std::string_view text) {
  comma();
  text_ += text;
}

CanonicalJson& CanonicalJson::key(std::string_view name) {
  value(name);
  text_ += ':';
  first_ = true;
  return *this;
}

void CanonicalJson::value(double number) {
  comma();
  if (!std::isfinite(number))
    text_ += "null";
  else if (number == 0)
    text_ += '0';
  else
    append_number(number, text_);
}

void CanonicalJson::value(std::int64_t number) {
  if (number > greatest_exact_integer || number < -greatest_exact_integer) return value(std::to_string(number));
  word(std::to_string(number));
}

void CanonicalJson::value(std::string_view text) {
  comma();
  text_ += '"';
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t plain = json_plain_run(text.substr(at));
    text_.append(text, at, plain);
    if ((at += plain) == text.size()) break;
    const auto c = static_cast<unsigned char>(text[at]);
    if (c == '"' || c == '\\') {
      (text_ += '\\') += text[at++];
    } else if (c < 0x20) {
      append_control(c, text_);
      ++at;
    } else if (const std::size_t length = utf8_sequence(text.substr(at))) {
      text_.append(text, at, length);
      at += length;
    } else {
      if (not_text_ == NotText::replaced)
        text_ += replacement_character;
      else
        append_escape(0xdc00u + c, text_);
      ++at;
    }
  }
  text_ += '"';
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    for (std::size_t k = 0; k < 4; ++k) out += i + k > bytes.size() ? '=' : letters[group >> (18 - 6 * k) & 63];
  }
  return out;
}

}  // namespace persona::llm
