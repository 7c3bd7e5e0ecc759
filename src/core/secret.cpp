//! Where keys come from, and how they are kept out of texts.
#include <persona/core/secret.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <utility>

namespace persona {

struct Secret::Source {
  std::string value = {};
  std::function<Result<std::string>()> read = {};

  explicit Source(std::string text) : value(std::move(text)) {}
  explicit Source(std::function<Result<std::string>()> reader) : read(std::move(reader)) {}
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  ~Source() {
    volatile char* bytes = value.data();  // what the optimizer must not leave out
    for (std::size_t i = 0; i < value.size(); ++i) bytes[i] = 0;
  }
};

Secret::Secret(std::string value) {
  if (!value.empty()) source_ = std::make_shared<Source>(std::move(value));
}

Secret Secret::from(std::function<Result<std::string>()> source) {
  Secret secret;
  secret.source_ = std::make_shared<Source>(std::move(source));
  return secret;
}

Secret Secret::from_environment(std::string variable) {
  return from([variable = std::move(variable)]() -> Result<std::string> {
    const char* value = std::getenv(variable.c_str());
    if (value == nullptr || *value == '\0') return fail(Errc::unauthenticated, variable + " is not set");
    return std::string(value);
  });
}

Secret Secret::from_file(std::string path) {
  return from([path = std::move(path)]() -> Result<std::string> {
    std::ifstream file(path, std::ios::binary);
    std::string value{std::istreambuf_iterator<char>(file), {}};
    while (!value.empty() && (value.back() == '\n' || value.back() == '\r')) value.pop_back();
    if (value.empty()) return fail(Errc::unauthenticated, "there is no key in this file", path);
    return value;
  });
}

Result<std::string> Secret::reveal() const {
  if (source_ == nullptr) return fail(Errc::unauthenticated, "no key was given");
  return source_->read ? source_->read() : Result<std::string>(source_->value);
}

namespace {

bool is_key_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.' || c == '+' || c == '/' ||
         c == '=' || c == '~';
}

bool starts_with_any_case(std::string_view text, std::string_view start) {
  return text.size() >= start.size() && std::equal(start.begin(), start.end(), text.begin(), [](char a, char b) {
           return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
         });
}

// What stands before a key; `least` characters of key must follow.
struct KeyMark {
  std::string_view text;
  std::size_t least;
  bool keeps_text;  // "Bearer " stays readable, "sk-" is part of the key
};

constexpr std::array<KeyMark, 8> key_marks{{{"sk-", 8, false},
                                            {"AIza", 20, false},
                                            {"Bearer ", 4, true},
                                            {"x-api-key", 4, true},
                                            {"x-goog-api-key", 4, true},
                                            {"api-key", 4, true},
                                            {"api_key", 4, true},
                                            {"Authorization", 4, true}}};

std::size_t skip_between(std::string_view text, std::size_t at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == ':' || text[at] == '"' || text[at] == '\'')) ++at;
  if (at < text.size() && text[at] == '=') ++at;
  for (const std::string_view scheme : {"Bearer ", "Basic "}) {
    if (starts_with_any_case(text.substr(at), scheme)) at += scheme.size();
  }
  return at;
}

}  // namespace

std::string redact(std::string_view text, std::span<const Secret> known) {
  std::string clean(text);
  for (const Secret& secret : known) {
    const auto value = secret.is_set() ? secret.reveal() : Result<std::string>(std::string());
    if (!value || value->empty()) continue;
    for (auto at = clean.find(*value); at != std::string::npos; at = clean.find(*value, at + 3)) {
      clean.replace(at, value->size(), "***");
    }
  }
  std::string out;
  for (std::size_t at = 0; at < clean.size();) {
    const std::string_view rest = std::string_view(clean).substr(at);
    const bool word_begins = at == 0 || std::isalnum(static_cast<unsigned char>(clean[at - 1])) == 0;
    const auto mark = !word_begins ? key_marks.end()
                                   : std::find_if(key_marks.begin(), key_marks.end(),
                                                  [&](const KeyMark& m) { return starts_with_any_case(rest, m.text); });
    if (mark == key_marks.end()) {
      out += clean[at++];
      continue;
    }
    const std::size_t key = mark->keeps_text ? skip_between(clean, at + mark->text.size()) : at;
    std::size_t end = key;
    while (end < clean.size() && is_key_character(clean[end])) ++end;
    const std::size_t length = end - key - (mark->keeps_text ? 0 : mark->text.size());
    if (length < mark->least) {
      out += clean[at++];
      continue;
    }
    out.append(clean, at, key - at).append("***");
    at = end;
  }
  return out;
}

}  // namespace persona
