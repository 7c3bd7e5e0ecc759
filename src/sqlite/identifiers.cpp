//! Names of tables and columns: readable where they can be, safe always.
#include "sqlite/identifiers.hpp"

#include "sqlite/connection.hpp"

#include <unordered_set>

#include <fmt/format.h>

namespace persona::sqlite {
namespace {

// As SQLite compares names: ASCII letters without case.
std::string folded(std::string_view name) {
  std::string lower(name);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

template <class Taken>
std::string first_free(const std::string& wanted, const Taken& taken) {
  std::string name = wanted;
  for (int i = 2; taken(name); ++i) name = fmt::format("{}_{}", wanted, i);
  return name;
}

}  // namespace

std::string sql_name(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) text.append(c == '"' ? 2 : 1, c);
  return text.append("\"");
}

std::string free_name(SQLite::Database& database, const std::string& wanted) {
  Statement same(database, "SELECT 1 FROM sqlite_schema WHERE lower(name) = ?");
  const auto taken = [&](const std::string& name) {
    same.reset();
    same.bind(1, folded(name));
    return same.step();
  };
  const std::string lower = folded(wanted);
  const bool reserved = lower.starts_with("sqlite_") || lower.starts_with("persona_");
  return first_free(reserved ? "population_" + wanted : wanted, taken);
}

std::vector<std::string> column_names(std::span<const Field> fields) {
  std::unordered_set<std::string> taken;
  std::vector<std::string> names;
  for (const Field& field : fields) {
    names.push_back(first_free(field.name, [&](const std::string& name) { return taken.contains(folded(name)); }));
    taken.insert(folded(names.back()));
  }
  return names;
}

}  // namespace persona::sqlite
