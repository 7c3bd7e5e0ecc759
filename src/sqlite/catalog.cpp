//! The table of populations.
#include "sqlite/catalog.hpp"

#include "sqlite/identifiers.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

namespace persona::sqlite {
namespace {

constexpr std::string_view select_entries =
    "SELECT name, form, spec, spec_hash, names_hash, seed, start, count, created_at, table_name, fields "
    "FROM persona_population";

tl::unexpected<Error> broken_entry(const std::string& name, std::string_view what) {
  return fail(Errc::corrupted, fmt::format("population '{}': {}", name, what));
}

// The attributes that have an index of their own, asked of the database itself.
std::vector<std::string> indexed_attributes(SQLite::Database& database, const CatalogEntry& entry) {
  Statement indexed(database,
                    "SELECT DISTINCT i.name FROM pragma_index_list(?) AS l, pragma_index_info(l.name) AS i "
                    "WHERE i.seqno = 0");
  indexed.bind(1, entry.table);
  std::vector<std::string> columns;
  while (indexed.step()) columns.emplace_back(indexed.text(0));
  std::vector<std::string> attributes;
  for (const StoredField& field : entry.fields)
    if (std::ranges::count(columns, field.column) > 0) attributes.push_back(field.field.name);
  return attributes;
}

Result<CatalogEntry> entry_of_row(SQLite::Database& database, Statement& row) {
  CatalogEntry entry;
  PopulationRecord& record = entry.record;
  record.name = row.text(0);
  record.form = row.text(1) == "recipe" ? StorageForm::recipe : StorageForm::rows;
  record.spec = row.text(2);
  record.spec_hash = row.text(3);
  record.names_hash = row.text(4);
  const std::string_view seed = row.text(5);
  if (const auto [end, error] = std::from_chars(seed.data(), seed.data() + seed.size(), record.seed);
      error != std::errc() || end != seed.data() + seed.size())
    return broken_entry(record.name, fmt::format("its seed '{}' is not a number", seed));
  record.start = static_cast<std::uint64_t>(row.integer(6));
  record.count = row.integer(7);
  record.created_at = row.text(8);
  if (record.form == StorageForm::recipe) return entry;
  entry.table = row.text(9);
  Result<std::vector<StoredField>> fields = parse_fields(row.text(10));
  if (!fields) return broken_entry(record.name, fields.error().message);
  entry.fields = *std::move(fields);
  for (const StoredField& stored : entry.fields) {
    entry.plain_fields.push_back(stored.field);
    entry.column_fields.push_back(std::make_shared<const Field>(stored.field));
    entry.codes.push_back(label_codes(stored.field));
    entry.all_columns.append(entry.all_columns.empty() ? "" : ", ").append(column_of(stored));
  }
  record.indexes = indexed_attributes(database, entry);
  return entry;
}

}  // namespace

Result<CatalogEntry> find_entry(SQLite::Database& database, std::string_view name) {
  Statement select(database, fmt::format("{} WHERE name = ?", select_entries));
  select.bind(1, std::string(name));
  if (select.step()) return entry_of_row(database, select);
  return fail(Errc::not_found, fmt::format("no population '{}'", name));
}

Result<std::vector<PopulationRecord>> list_entries(SQLite::Database& database) {
  std::vector<PopulationRecord> records;
  Statement select(database, fmt::format("{} ORDER BY name", select_entries));
  while (select.step()) {
    Result<CatalogEntry> entry = entry_of_row(database, select);
    if (!entry) return tl::unexpected(entry.error());
    records.push_back(std::move(entry->record));
  }
  return records;
}

Status check_free(SQLite::Database& database, const std::string& name) {
  Statement select(database, "SELECT 1 FROM persona_population WHERE name = ?");
  select.bind(1, name);
  if (!select.step()) return {};
  return fail(Errc::already_exists, fmt::format("there is a population '{}' already", name));
}

void insert_entry(SQLite::Database& database, const CatalogEntry& entry) {
  const PopulationRecord& record = entry.record;
  const bool recipe = record.form == StorageForm::recipe;
  Statement insert(database,
                   "INSERT INTO persona_population (name, form, spec, spec_hash, names_hash, seed, start, count, "
                   "created_at, table_name, fields) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  const Value values[] = {record.name,
                          std::string(recipe ? "recipe" : "rows"),
                          record.spec,
                          record.spec_hash,
                          record.names_hash,
                          std::to_string(record.seed),
                          static_cast<std::int64_t>(record.start),
                          record.count,
                          record.created_at,
                          recipe ? Value() : Value(entry.table),
                          to_json(entry.fields)};
  int index = 0;
  for (const Value& value : values) insert.bind(++index, value);
  insert.step();
}

void remove_entry(SQLite::Database& database, const CatalogEntry& entry) {
  Statement remove(database, "DELETE FROM persona_population WHERE name = ?");
  remove.bind(1, entry.record.name);
  remove.step();
  if (!entry.table.empty()) database.exec(fmt::format("DROP TABLE IF EXISTS {}", sql_name(entry.table)));
}

}  // namespace persona::sqlite
