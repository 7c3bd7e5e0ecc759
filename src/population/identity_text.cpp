//! Folds names to ASCII and makes e-mail addresses of them.
#include "identity_text.hpp"

#include "core/utf8.hpp"

#include <array>

namespace persona {
namespace {

// Latin-1 Supplement and Latin Extended-A, U+00C0 .. U+017F, one word each; '.' is no letter.
constexpr std::string_view folded_latin =
    "a a a a a a ae c e e e e i i i i d n o o o o o . o u u u u y th ss "
    "a a a a a a ae c e e e e i i i i d n o o o o o . o u u u u y th y "
    "a a a a a a c c c c c c c c d d d d e e e e e e e e e e g g g g g g g g h h h h i i i i i i i i i i ij ij j j k k "
    "k l l l l l l l l l l n n n n n n n n n o o o o o o oe oe r r r r r r s s s s s s s s t t t t t t "
    "u u u u u u u u u u u u w w y y y z z z z z z s ";

// Vietnamese letters with two marks.
struct FoldedRange {
  char32_t first, last;
  char letter;
};
constexpr FoldedRange folded_vietnamese[] = {{0x1A0, 0x1A1, 'o'},   {0x1AF, 0x1B0, 'u'},   {0x1EA0, 0x1EB7, 'a'},
                                             {0x1EB8, 0x1EC7, 'e'}, {0x1EC8, 0x1ECB, 'i'}, {0x1ECC, 0x1EE3, 'o'},
                                             {0x1EE4, 0x1EF1, 'u'}, {0x1EF2, 0x1EF9, 'y'}};

constexpr std::size_t folded_latin_count = 0x180 - 0xC0;

std::array<std::string_view, folded_latin_count> split_folded_latin() {
  std::array<std::string_view, folded_latin_count> words;
  std::size_t at = 0;
  for (auto& word : words) {
    word = folded_latin.substr(at, folded_latin.find(' ', at) - at);
    at += word.size() + 1;
  }
  return words;
}

// Of a well-formed sequence.
char32_t code_point(std::string_view sequence) {
  const auto lead = static_cast<unsigned char>(sequence[0]);
  if (sequence.size() == 1) return lead;
  char32_t code = lead & (0x7Fu >> sequence.size());
  for (const char next : sequence.substr(1)) code = code << 6 | (static_cast<unsigned char>(next) & 0x3Fu);
  return code;
}

void append_base36(std::string& out, std::uint64_t value) {
  std::array<char, 13> digits;
  std::size_t count = 0;
  do {
    digits[count++] = "0123456789abcdefghijklmnopqrstuvwxyz"[value % 36];
    value /= 36;
  } while (value != 0);
  while (count > 0) out.push_back(digits[--count]);
}

}  // namespace

std::string ascii_fold(std::string_view utf8) {
  static const auto latin = split_folded_latin();
  std::string folded;
  while (const std::size_t length = utf8_sequence(utf8)) {
    const char32_t c = code_point(utf8.substr(0, length));
    utf8.remove_prefix(length);
    if (c >= U'A' && c <= U'Z')
      folded.push_back(static_cast<char>(c - U'A' + U'a'));
    else if ((c >= U'a' && c <= U'z') || (c >= U'0' && c <= U'9'))
      folded.push_back(static_cast<char>(c));
    else if (c >= 0xC0 && c < 0x180 && latin[c - 0xC0] != ".")
      folded.append(latin[c - 0xC0]);
    else
      for (const auto& range : folded_vietnamese)
        if (c >= range.first && c <= range.last) folded.push_back(range.letter);
  }
  return folded;
}

void append_email_address(std::string& out, std::string_view given, std::string_view surname, std::uint64_t index,
                          std::uint64_t bits) {
  constexpr std::array<std::string_view, 3> domains = {"@example.com", "@example.org", "@example.net"};
  const unsigned form = bits & 3;
  if (given.empty() || surname.empty()) {
    const std::string_view name = given.empty() ? surname : given;
    out.append(name.empty() ? "person" : name);
  } else if (form == 0) {  // mgarcia
    out.append(given.substr(0, 1)).append(surname);
  } else {  // maria.garcia, twice as often as maria_garcia
    out.append(given).push_back(form == 1 ? '_' : '.');
    out.append(surname);
  }
  out.push_back(form == 1 ? '_' : '.');
  append_base36(out, index);
  out.append(domains[(bits >> 2 & 0xFFFF) % domains.size()]);
}

}  // namespace persona
