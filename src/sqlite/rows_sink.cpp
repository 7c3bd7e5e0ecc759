//! Writing populations: rows in one transaction, recipes as one line.
#include "sqlite/rows_sink.hpp"

#include "sqlite/batch_table.hpp"
#include "sqlite/catalog.hpp"
#include "sqlite/failure.hpp"
#include "sqlite/identifiers.hpp"
#include "sqlite/schema.hpp"
#include "storage/intake.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace persona::sqlite {
namespace {

constexpr std::size_t most_table_columns = 2000;  // SQLITE_MAX_COLUMN where nobody changed it

std::string_view sql_type(ColumnType type) {
  switch (type) {
    case ColumnType::float64: return "REAL";
    case ColumnType::int32:
    case ColumnType::int64:
    case ColumnType::boolean: return "INTEGER";
    default: return "TEXT";
  }
}

std::string create_table_sql(const CatalogEntry& entry) {
  std::string sql = fmt::format("CREATE TABLE {} (", sql_name(entry.table));
  for (const StoredField& field : entry.fields)
    sql += fmt::format("{}{} {}", &field == &entry.fields.front() ? "" : ", ", sql_name(field.column),
                       &field == &entry.fields.front() ? "INTEGER PRIMARY KEY" : sql_type(field.field.type));
  return sql.append(") STRICT");
}

// Days are kept as text that sorts; beyond four digits of a year it would not.
Status check_days(const Population& batch) {
  constexpr std::int32_t first_day = -719'528, last_day = 2'932'896;  // 0000-01-01, 9999-12-31
  for (const Column& column : batch.columns()) {
    if (column.type() != ColumnType::date) continue;
    for (std::int64_t row = 0; row < column.size(); ++row) {
      const std::int32_t days = column.int32s()[static_cast<std::size_t>(row)];
      if (column.is_valid(row) && (days < first_day || days > last_day))
        return fail(Errc::invalid_argument,
                    fmt::format("column '{}' holds a day outside the years 0 to 9999", column.name()));
    }
  }
  return {};
}

// Within the transaction of the sink: who reads meanwhile, or rolls it back, still has what is removed here.
Status make_free(SQLite::Database& database, const std::string& name, bool replace) {
  if (!replace) return check_free(database, name);
  const Result<CatalogEntry> old = find_entry(database, name);
  if (old) remove_entry(database, *old);
  if (!old && old.error().code != Errc::not_found) return tl::unexpected(old.error());
  return {};
}

//! What all sinks do: work until the first error, and nothing after.
class FileSink : public PopulationSink {
 protected:
  explicit FileSink(std::string path) : path_(std::move(path)) {}

  template <class Work>
  Status once_open(const Work& work) {
    if (closed_) return fail(Errc::invalid_argument, "the population was finished, or failed before");
    Status status = guarded(path_, work);
    if (!status) close();
    return status;
  }
  virtual void close() { closed_ = true; }

 private:
  std::string path_;
  bool closed_ = false;
};

class RowsSink final : public FileSink {
 public:
  RowsSink(const std::string& path, Connection connection, PopulationRecord record)
      : FileSink(path), connection_(std::move(connection)), transaction_(std::in_place, *connection_), intake_(record) {
    entry_.record = std::move(record);
  }

  Status append(const Population& batch) override {
    return once_open([&]() -> Status {
      Result<Population> rows = intake_.accept(batch);
      if (!rows) return tl::unexpected(rows.error());
      if (Status days = check_days(*rows); !days) return days;
      if (!insert_)
        if (Status made = make_table(); !made) return made;
      insert(*rows);
      return {};
    });
  }

  Status finish() override {
    return once_open([&]() -> Status {
      if (!insert_) {
        if (Result<Population> none = intake_.accept({}); !none) return tl::unexpected(none.error());
        if (Status made = make_table(); !made) return made;
      }
      entry_.record.count = intake_.count();
      make_indexes();
      insert_entry(*connection_, entry_);
      transaction_->commit();
      close();
      return {};
    });
  }

 private:
  Status make_table() {
    const std::vector<Field>& fields = intake_.fields();
    if (fields.size() > most_table_columns)
      return fail(Errc::unsupported,
                  fmt::format("an SQLite table has at most {} columns, '{}' needs {}; a recipe has no such limit",
                              most_table_columns, entry_.record.name, fields.size()));
    const std::vector<std::string> columns = column_names(fields, name_rules);
    for (std::size_t i = 0; i < fields.size(); ++i) entry_.fields.push_back({fields[i], columns[i]});
    entry_.table = free_name(*connection_, entry_.record.name);
    connection_->exec(create_table_sql(entry_));
    batch_.emplace(*connection_, fields.size());
    insert_.emplace(*connection_, fmt::format("INSERT INTO {} SELECT * FROM persona_batch", sql_name(entry_.table)));
    if (fields.size() > 1 && intake_.is_consecutive()) insert_next_.emplace(*connection_, insert_next_sql());
    return {};
  }

  // Without the index: SQLite appends at the end what it numbers itself, one more than the last, and need
  // not look whether the number is free. That is a sixth of the time.
  std::string insert_next_sql() const {
    std::string columns, cells;
    for (std::size_t i = 1; i < entry_.fields.size(); ++i) {
      columns += fmt::format("{}{}", i == 1 ? "" : ", ", sql_name(entry_.fields[i].column));
      cells += fmt::format("{}c{}", i == 1 ? "" : ", ", i);
    }
    return fmt::format("INSERT INTO {} ({}) SELECT {} FROM persona_batch", sql_name(entry_.table), columns, cells);
  }

  void insert(const Population& rows) {
    std::int64_t first = 0;
    if (insert_next_ && !begun_ && rows.size() > 0) first = insert_rows(*insert_, rows, 0, 1);  // gives the number
    insert_rows(insert_next_ ? *insert_next_ : *insert_, rows, first, rows.size() - first);
    begun_ = begun_ || rows.size() > 0;
  }

  std::int64_t insert_rows(Statement& statement, const Population& rows, std::int64_t first, std::int64_t count) {
    batch_->hold(rows, first, count);
    statement.step();
    statement.reset();
    return first + count;
  }

  void make_indexes() {
    const std::vector<std::string> indexes = *intake_.indexes();
    for (const std::string& attribute : indexes) {
      const auto field = std::ranges::find(entry_.fields, attribute, [](const StoredField& f) { return f.field.name; });
      const std::string name = free_name(*connection_, entry_.table + "_" + field->column);
      connection_->exec(
          fmt::format("CREATE INDEX {} ON {} ({})", sql_name(name), sql_name(entry_.table), sql_name(field->column)));
    }
  }

  void close() override {
    FileSink::close();
    insert_.reset();
    insert_next_.reset();
    transaction_.reset();
    connection_.reset();  // gives the lock back, and the log if nobody else has the file open
  }

  // Destroyed from the last to the first: the statement needs the connection, which needs the batch.
  std::optional<BatchTable> batch_;
  Connection connection_;
  std::optional<WriteTransaction> transaction_;
  std::optional<Statement> insert_, insert_next_;
  bool begun_ = false;  // there is a row
  BatchIntake intake_;
  CatalogEntry entry_;
};

class RecipeSink final : public FileSink {
 public:
  RecipeSink(const std::string& path, Connection connection, PopulationRecord record, bool replace)
      : FileSink(path), connection_(std::move(connection)), replace_(replace) {
    entry_.record = std::move(record);
  }

  Status append(const Population&) override {
    return once_open([&]() -> Status {
      return fail(Errc::invalid_argument,
                  fmt::format("population '{}' is a recipe and takes no rows", entry_.record.name));
    });
  }

  Status finish() override {
    return once_open([&]() -> Status {
      WriteTransaction transaction(*connection_);
      if (Status free = make_free(*connection_, entry_.record.name, replace_); !free) return free;
      insert_entry(*connection_, entry_);
      transaction.commit();
      close();
      return {};
    });
  }

 private:
  Connection connection_;
  bool replace_;
  CatalogEntry entry_;
};

}  // namespace

Result<std::unique_ptr<PopulationSink>> open_rows_sink(const std::string& path, const Options& options,
                                                       PopulationRecord record) {
  Result<Connection> connection = connect(path, options);
  if (!connection) return tl::unexpected(connection.error());
  return guarded(path, [&]() -> Result<std::unique_ptr<PopulationSink>> {
    SQLite::Database& database = **connection;
    const std::string name = record.name;
    auto sink = std::make_unique<RowsSink>(path, *std::move(connection), std::move(record));
    if (Status same = check_unchanged(database, path); !same) return tl::unexpected(same.error());
    if (Status free = make_free(database, name, options.replace); !free) return tl::unexpected(free.error());
    return sink;
  });
}

Result<std::unique_ptr<PopulationSink>> open_recipe_sink(const std::string& path, const Options& options,
                                                         PopulationRecord record) {
  Result<Connection> connection = connect(path, options);
  if (!connection) return tl::unexpected(connection.error());
  return guarded(path, [&]() -> Result<std::unique_ptr<PopulationSink>> {
    if (Status same = check_unchanged(**connection, path); !same) return tl::unexpected(same.error());
    if (!options.replace)
      if (Status free = check_free(**connection, record.name); !free) return tl::unexpected(free.error());
    return std::make_unique<RecipeSink>(path, *std::move(connection), std::move(record), options.replace);
  });
}

}  // namespace persona::sqlite
