//! Names of tables and columns: readable where they can be, safe always.
#include "storage/sql_names.hpp"

#include <unordered_set>

#include <fmt/format.h>

namespace persona {
namespace {

// The longest beginning of at most `bytes` that ends between characters.
std::string_view cut_name(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xc0) == 0x80) --bytes;
  return text.substr(0, bytes);
}

std::string with_ending(std::string_view wanted, const std::string& ending, std::size_t most_bytes) {
  const std::string_view begin = most_bytes == 0 ? wanted : cut_name(wanted, most_bytes - ending.size());
  return std::string(begin).append(ending);
}

}  // namespace

std::string sql_name(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) text.append(c == '"' ? 2 : 1, c);
  return text.append("\"");
}

std::string folded_name(std::string_view name) {
  std::string lower(name);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

std::string first_free_name(std::string_view wanted, const NameRules& rules,
                            const std::function<bool(const std::string&)>& is_taken) {
  std::string name = with_ending(wanted, "", rules.most_bytes);
  for (int i = 2; is_taken(name); ++i) name = with_ending(wanted, fmt::format("_{}", i), rules.most_bytes);
  return name;
}

std::vector<std::string> column_names(std::span<const Field> fields, const NameRules& rules) {
  const auto key = [&](std::string_view name) { return rules.folds_case ? folded_name(name) : std::string(name); };
  std::unordered_set<std::string> taken;
  for (const std::string_view own : rules.own_columns) taken.insert(key(own));
  std::vector<std::string> names;
  for (const Field& field : fields) {
    names.push_back(first_free_name(field.name, rules, [&](const auto& name) { return taken.contains(key(name)); }));
    taken.insert(key(names.back()));
  }
  return names;
}

}  // namespace persona
