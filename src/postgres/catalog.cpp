//! The table of populations.
#include "postgres/catalog.hpp"

#include "postgres/binary.hpp"
#include "postgres/failure.hpp"
#include "postgres/names.hpp"

#include <charconv>
#include <utility>

#include <fmt/format.h>

namespace persona::postgres {
namespace {

const std::string select_entries =
    "SELECT name, form, spec, spec_hash, names_hash, seed, start, count, created_at, view_name, table_name, fields, "
    "indexes FROM persona_population";

tl::unexpected<Error> broken_entry(const std::string& name, std::string_view what) {
  return fail(Errc::corrupted, fmt::format("population '{}': {}", name, what));
}

Status read_rows_of_entry(CatalogEntry& entry, const Rows& rows, int row) {
  entry.view = rows.text(row, 9);
  entry.table = rows.text(row, 10);
  Result<std::vector<StoredField>> fields = parse_fields(rows.bytes(row, 11));
  if (!fields) return broken_entry(entry.record.name, fields.error().message);
  entry.fields = *std::move(fields);
  for (const StoredField& stored : entry.fields) {
    entry.plain_fields.push_back(stored.field);
    entry.column_fields.push_back(std::make_shared<const Field>(stored.field));
    entry.codes.push_back(label_codes(stored.field));
  }
  const bool known = each_text(rows.bytes(row, 12), [&](std::string_view attribute) {
    entry.record.indexes.emplace_back(attribute);
    return true;
  });
  return known ? Status() : broken_entry(entry.record.name, "the list of its indexes is none");
}

Result<CatalogEntry> entry_of(const Rows& rows, int row) {
  CatalogEntry entry;
  PopulationRecord& record = entry.record;
  record.name = rows.text(row, 0);
  record.form = rows.bytes(row, 1) == "recipe" ? StorageForm::recipe : StorageForm::rows;
  record.spec = rows.text(row, 2);
  record.spec_hash = rows.text(row, 3);
  record.names_hash = rows.text(row, 4);
  const std::string_view seed = rows.bytes(row, 5);
  if (const auto [end, error] = std::from_chars(seed.data(), seed.data() + seed.size(), record.seed);
      error != std::errc() || end != seed.data() + seed.size())
    return broken_entry(record.name, fmt::format("its seed '{}' is not a number", seed));
  record.start = static_cast<std::uint64_t>(rows.integer(row, 6));
  record.count = rows.integer(row, 7);
  record.created_at = rows.text(row, 8);
  if (record.form == StorageForm::rows)
    if (Status read = read_rows_of_entry(entry, rows, row); !read) return tl::unexpected(read.error());
  return entry;
}

Parameters one_text(std::string_view text) {
  const Value values[] = {std::string(text)};
  return Parameters(values);
}

}  // namespace

Result<CatalogEntry> find_entry(Connection& connection, std::string_view name, const Context& context) {
  const Result<Rows> rows = connection.run(select_entries + " WHERE name = $1", one_text(name), context);
  // A name that is no text is nobody's.
  if (!rows && rows.error().code != Errc::invalid_argument) return tl::unexpected(rows.error());
  if (!rows || rows->size() == 0) return fail(Errc::not_found, fmt::format("no population '{}'", name));
  return entry_of(*rows, 0);
}

Result<std::vector<PopulationRecord>> list_entries(Connection& connection) {
  const Result<Rows> rows = connection.run(select_entries + " ORDER BY name");
  if (!rows) return tl::unexpected(rows.error());
  std::vector<PopulationRecord> records;
  for (int row = 0; row < rows->size(); ++row) {
    Result<CatalogEntry> entry = entry_of(*rows, row);
    if (!entry) return tl::unexpected(entry.error());
    records.push_back(std::move(entry->record));
  }
  return records;
}

Status check_free(Connection& connection, const std::string& name) {
  const Result<Rows> rows = connection.run("SELECT 1 FROM persona_population WHERE name = $1", one_text(name));
  if (!rows) return tl::unexpected(rows.error());
  if (rows->size() == 0) return {};
  return fail(Errc::already_exists, fmt::format("there is a population '{}' already", name));
}

Status lock_catalog(Connection& connection) {
  return connection.execute("LOCK TABLE persona_population IN SHARE ROW EXCLUSIVE MODE");
}

Status insert_entry(Connection& connection, CatalogEntry entry) {
  const PopulationRecord& record = entry.record;
  const bool recipe = record.form == StorageForm::recipe;
  if (!recipe) {
    Result<std::string> view = free_name(connection, record.name);
    if (!view) return tl::unexpected(view.error());
    entry.view = *std::move(view);
    const std::string sql =
        fmt::format("CREATE VIEW {} AS SELECT * FROM {}", sql_name(entry.view), sql_name(entry.table));
    if (Status made = connection.execute(sql); !made) return made;
  }
  const Value values[] = {record.name,
                          std::string(recipe ? "recipe" : "rows"),
                          recipe ? Value() : Value(entry.view),
                          recipe ? Value() : Value(entry.table),
                          record.spec,
                          record.spec_hash,
                          record.names_hash,
                          std::to_string(record.seed),
                          static_cast<std::int64_t>(record.start),
                          record.count,
                          to_json(entry.fields),
                          record.indexes,
                          record.created_at};
  const Result<Rows> done = connection.run(
      "INSERT INTO persona_population (name, form, view_name, table_name, spec, spec_hash, names_hash, seed, start, "
      "count, fields, indexes, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
      Parameters(values));
  return done ? Status() : tl::unexpected(done.error());
}

Status remove_entry(Connection& connection, const CatalogEntry& entry) {
  const Result<Rows> done =
      connection.run("DELETE FROM persona_population WHERE name = $1", one_text(entry.record.name));
  if (!done) return tl::unexpected(done.error());
  if (entry.table.empty()) return {};
  return connection.execute(
      fmt::format("DROP VIEW IF EXISTS {}; DROP TABLE IF EXISTS {}", sql_name(entry.view), sql_name(entry.table)));
}

Status make_way(Connection& connection, const std::string& name, bool replace) {
  if (!replace) return check_free(connection, name);
  const Result<CatalogEntry> old = find_entry(connection, name);
  if (old) return remove_entry(connection, *old);
  return old.error().code == Errc::not_found ? Status() : tl::unexpected(old.error());
}

}  // namespace persona::postgres
