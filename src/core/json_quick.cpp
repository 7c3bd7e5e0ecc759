//! Reads JSON that is as it should be.
#include "core/json_quick.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>

#include "core/json_plain.hpp"
#include "core/utf8.hpp"

namespace persona {
namespace {

constexpr std::size_t most_quick_keys = 32;  // of one object: each is compared with all before it

bool is_digit_at(const char* at, const char* end) {
  return at != end && *at >= '0' && *at <= '9';
}

void append_utf8(std::uint32_t code, std::string& out) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) return put(code);
  if (code < 0x800) return put(0xc0 | code >> 6), put(0x80 | (code & 63));
  if (code < 0x10000) return put(0xe0 | code >> 12), put(0x80 | (code >> 6 & 63)), put(0x80 | (code & 63));
  put(0xf0 | code >> 18), put(0x80 | (code >> 12 & 63)), put(0x80 | (code >> 6 & 63)), put(0x80 | (code & 63));
}

//! All its functions return false where the careful reader is to decide.
class QuickReader {
 public:
  QuickReader(std::string_view text, std::size_t most_levels)
      : at_(text.data()), end_(text.data() + text.size()), most_levels_(most_levels) {}

  bool document(Json& root) {
    if (!value(root)) return false;
    skip_blanks();
    return at_ == end_;
  }

 private:
  void skip_blanks() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
  }

  bool take(char c) {
    skip_blanks();
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }

  bool word(std::string_view text, Json&& meaning, Json& out) {
    if (static_cast<std::size_t>(end_ - at_) < text.size() || std::memcmp(at_, text.data(), text.size()) != 0)
      return false;
    at_ += text.size();
    out = std::move(meaning);
    return true;
  }

  bool value(Json& out) {
    skip_blanks();
    if (at_ == end_) return false;
    switch (*at_) {
      case '{': return object(out);
      case '[': return list(out);
      case '"': return string(*(out = std::string()).get_ptr<std::string*>());
      case 't': return word("true", true, out);
      case 'f': return word("false", false, out);
      case 'n': return word("null", nullptr, out);
      default: return number(out);
    }
  }

  bool object(Json& out) {
    if (levels_++ == most_levels_) return false;
    out = Json::object();
    auto& members = out.get_ref<Json::object_t&>();
    ++at_;
    if (take('}')) return --levels_, true;
    do {
      std::string key;
      skip_blanks();
      if (at_ == end_ || *at_ != '"' || !string(key) || !take(':')) return false;
      const auto same = [&](const auto& member) { return member.first == key; };
      if (members.size() == most_quick_keys || std::any_of(members.begin(), members.end(), same)) return false;
      if (members.size() == members.capacity()) members.reserve(std::max<std::size_t>(4, 2 * members.size()));
      members.emplace_back(std::move(key), nullptr);
      if (!value(members.back().second)) return false;
    } while (take(','));
    --levels_;
    return take('}');
  }

  bool list(Json& out) {
    if (levels_++ == most_levels_) return false;
    out = Json::array();
    auto& items = out.get_ref<Json::array_t&>();
    ++at_;
    if (take(']')) return --levels_, true;
    do {
      if (!value(items.emplace_back(nullptr))) return false;
    } while (take(','));
    --levels_;
    return take(']');
  }

  //! Behind the quote at which it stands, up to the next.
  bool string(std::string& out) {
    ++at_;
    while (true) {
      const std::size_t plain = json_plain_run({at_, static_cast<std::size_t>(end_ - at_)});
      out.append(at_, plain);
      at_ += plain;
      if (at_ == end_) return false;
      const auto c = static_cast<unsigned char>(*at_);
      if (c == '"') return ++at_, true;
      if (c == '\\') {
        if (!escape(out)) return false;
        continue;
      }
      const std::size_t length =
          c < 0x80 ? 0 : utf8_sequence(std::string_view(at_, static_cast<std::size_t>(end_ - at_)));
      if (length == 0) return false;
      out.append(at_, length);
      at_ += length;
    }
  }

  bool escape(std::string& out) {
    constexpr std::string_view letters = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
    if (end_ - at_ < 2) return false;
    const char letter = at_[1];
    at_ += 2;
    if (letter == 'u') return code_point(out);
    const std::size_t which = letters.find(letter);
    if (which == std::string_view::npos) return false;
    out += meanings[which];
    return true;
  }

  bool code_unit(std::uint32_t& unit) {
    if (end_ - at_ < 4) return false;
    const auto [stopped, problem] = std::from_chars(at_, at_ + 4, unit, 16);
    if (problem != std::errc() || stopped != at_ + 4) return false;
    at_ += 4;
    return true;
  }

  bool code_point(std::string& out) {
    std::uint32_t code = 0, low = 0;
    if (!code_unit(code)) return false;
    if (code >= 0xd800 && code < 0xe000) {
      if (code >= 0xdc00 || end_ - at_ < 6 || at_[0] != '\\' || at_[1] != 'u') return false;
      at_ += 2;
      if (!code_unit(low) || low < 0xdc00 || low >= 0xe000) return false;
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    }
    append_utf8(code, out);
    return true;
  }

  template <class Number>
  bool store(const char* begin, Json& out) {
    Number number{};
    const auto [stopped, problem] = std::from_chars(begin, at_, number);
    if (problem != std::errc() || stopped != at_) return false;
    out = number;
    return true;
  }

  bool digits() {
    if (!is_digit_at(at_, end_)) return false;
    while (is_digit_at(at_, end_)) ++at_;
    return true;
  }

  bool number(Json& out) {
    const char* begin = at_;
    const bool negative = *at_ == '-';
    if (negative) ++at_;
    if (at_ != end_ && *at_ == '0') {
      ++at_;
    } else if (!digits()) {
      return false;
    }
    bool whole = true;
    if (at_ != end_ && *at_ == '.') {
      whole = false;
      ++at_;
      if (!digits()) return false;
    }
    if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
      whole = false;
      ++at_;
      if (at_ != end_ && (*at_ == '+' || *at_ == '-')) ++at_;
      if (!digits()) return false;
    }
    if (!whole) return store<double>(begin, out);
    return negative ? store<std::int64_t>(begin, out) : store<std::uint64_t>(begin, out);
  }

  const char* at_;
  const char* const end_;
  const std::size_t most_levels_;
  std::size_t levels_ = 0;
};

}  // namespace

std::optional<Json> parse_json_quickly(std::string_view text, std::size_t most_levels) {
  std::optional<Json> root(nullptr);
  if (!QuickReader(text, most_levels).document(*root)) root.reset();
  return root;
}

}  // namespace persona
