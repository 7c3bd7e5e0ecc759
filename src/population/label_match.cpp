//! Usual words for sexes, origins and places.
#include "label_match.hpp"

#include <algorithm>
#include <initializer_list>
#include <vector>

namespace persona {
namespace {

char lower_ascii(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower_label(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), lower_ascii);
  return lower;
}

// Lower case; anything but letters, digits and bytes beyond ASCII parts words.
std::vector<std::string> label_words(std::string_view text) {
  std::vector<std::string> words;
  bool inside = false;
  for (const char raw : text) {
    const char c = lower_ascii(raw);
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
    if (letter && !inside) words.emplace_back();
    if (letter) words.back().push_back(c);
    inside = letter;
  }
  return words;
}

std::string join_words(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text.append(text.empty() ? "" : " ").append(word);
  return text;
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool starts_with_one_of(std::string_view word, std::initializer_list<std::string_view> list) {
  return std::any_of(list.begin(), list.end(), [&](std::string_view start) { return word.starts_with(start); });
}

// Which origins a label speaks of. Behind "not" or "non" Hispanic counts for nothing.
struct OriginWords {
  bool white = false, black = false, hispanic = false, asian = false, native = false, several = false;

  explicit OriginWords(const std::vector<std::string>& words) {
    bool negated = false, american = false, north = false;
    for (const auto& word : words) {
      negated |= is_one_of(word, {"not", "non"});
      white |= starts_with_one_of(word, {"white", "european", "caucasian"});
      black |= !north && starts_with_one_of(word, {"black", "african", "afro"});
      hispanic |= !negated && starts_with_one_of(word, {"hispanic", "latin"});
      asian |= starts_with_one_of(word, {"asian", "pacific", "hawaiian"}) || word == "api";
      native |= starts_with_one_of(word, {"alaska", "indigenous"}) || word == "aian" || (american && word == "indian");
      several |= starts_with_one_of(word, {"two", "multi", "mixed", "biracial"});
      american = is_one_of(word, {"american", "native"});
      north = word == "north";
    }
    several |= white + black + asian + native > 1;
  }
};

struct UsState {
  std::string_view code, name;
};

constexpr UsState us_state_table[] = {
    {"AL", "alabama"},        {"AK", "alaska"},         {"AZ", "arizona"},
    {"AR", "arkansas"},       {"CA", "california"},     {"CO", "colorado"},
    {"CT", "connecticut"},    {"DE", "delaware"},       {"DC", "district of columbia"},
    {"FL", "florida"},        {"GA", "georgia"},        {"HI", "hawaii"},
    {"ID", "idaho"},          {"IL", "illinois"},       {"IN", "indiana"},
    {"IA", "iowa"},           {"KS", "kansas"},         {"KY", "kentucky"},
    {"LA", "louisiana"},      {"ME", "maine"},          {"MD", "maryland"},
    {"MA", "massachusetts"},  {"MI", "michigan"},       {"MN", "minnesota"},
    {"MS", "mississippi"},    {"MO", "missouri"},       {"MT", "montana"},
    {"NE", "nebraska"},       {"NV", "nevada"},         {"NH", "new hampshire"},
    {"NJ", "new jersey"},     {"NM", "new mexico"},     {"NY", "new york"},
    {"NC", "north carolina"}, {"ND", "north dakota"},   {"OH", "ohio"},
    {"OK", "oklahoma"},       {"OR", "oregon"},         {"PA", "pennsylvania"},
    {"RI", "rhode island"},   {"SC", "south carolina"}, {"SD", "south dakota"},
    {"TN", "tennessee"},      {"TX", "texas"},          {"UT", "utah"},
    {"VT", "vermont"},        {"VA", "virginia"},       {"WA", "washington"},
    {"WV", "west virginia"},  {"WI", "wisconsin"},      {"WY", "wyoming"},
};

}  // namespace

std::string sex_key(std::string_view label) {
  bool female = false, male = false;
  for (const auto& word : label_words(label)) {
    female |= is_one_of(word, {"f", "female", "females", "woman", "women", "girl", "girls"});
    male |= is_one_of(word, {"m", "male", "males", "man", "men", "boy", "boys"});
  }
  if (female != male) return female ? "female" : "male";
  return lower_label(label);
}

std::string origin_key(std::string_view label) {
  const OriginWords of(label_words(label));
  if (of.hispanic) return "hispanic";
  if (of.several) return "two or more";
  if (of.white) return "white";
  if (of.black) return "black";
  if (of.asian) return "asian";
  if (of.native) return "native";
  return lower_label(label);
}

std::string us_state_code(std::string_view label) {
  const std::string name = join_words(label_words(label));
  for (const auto& state : us_state_table)
    if (name == state.name || name == lower_label(state.code)) return std::string(state.code);
  return {};
}

PlaceKey place_key(std::string_view label) {
  PlaceKey key;
  if (const std::size_t comma = label.rfind(','); comma != std::string_view::npos) {
    key.state = us_state_code(label.substr(comma + 1));
    if (!key.state.empty()) label = label.substr(0, comma);
  }
  auto words = label_words(label);
  while (words.size() > 1 && is_one_of(words.back(), {"county", "parish", "borough", "city", "town"})) words.pop_back();
  key.name = join_words(words);
  return key;
}

}  // namespace persona
