//! Writing populations: rows by COPY in one transaction, recipes as one line.
#include "postgres/rows_sink.hpp"

#include "postgres/catalog.hpp"
#include "postgres/copy_rows.hpp"
#include "postgres/names.hpp"
#include "postgres/schema.hpp"
#include "storage/intake.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace persona::postgres {
namespace {

constexpr std::size_t most_table_columns = 1600;  // of any table of Postgres

std::string create_table_sql(const CatalogEntry& entry) {
  std::string sql = fmt::format("CREATE TABLE {} (", sql_name(entry.table));
  for (const StoredField& field : entry.fields)
    sql += fmt::format("{}{} {}", &field == &entry.fields.front() ? "" : ", ", sql_name(field.column),
                       &field == &entry.fields.front() ? "bigint NOT NULL" : sql_type(field.field.type));
  return sql.append(")");
}

//! What all sinks do: work until the first error, and nothing after.
class PostgresSink : public PopulationSink {
 protected:
  PostgresSink(Pool::Lease connection, std::shared_ptr<Replicas> replicas, PopulationRecord record)
      : replicas_(std::move(replicas)), connection_(std::move(connection)) {
    entry_.record = std::move(record);
  }

  template <class Work>
  Status once_open(const Work& work) {
    if (!connection_) return fail(Errc::invalid_argument, "the population was finished, or failed before");
    Status status = work(**connection_);
    if (!status) close();
    return status;
  }

  Status begin() {
    Result<Transaction> transaction = Transaction::begin(**connection_);
    if (!transaction) return tl::unexpected(transaction.error());
    transaction_.emplace(*std::move(transaction));
    return {};
  }

  Status commit() {
    Status committed = transaction_->commit();
    replicas_->note_write(**connection_);
    close();
    return committed;
  }

  void close() {
    transaction_.reset();
    connection_.reset();
  }

  CatalogEntry entry_;

 private:
  std::shared_ptr<Replicas> replicas_;
  std::optional<Pool::Lease> connection_;
  std::optional<Transaction> transaction_;  // rolled back before its connection is given back
};

class RowsSink final : public PostgresSink {
 public:
  RowsSink(Pool::Lease connection, std::shared_ptr<Replicas> replicas, PopulationRecord record, bool replace)
      : PostgresSink(std::move(connection), std::move(replicas), std::move(record)),
        intake_(entry_.record),
        replace_(replace) {}

  Status append(const Population& batch) override {
    return once_open([&](Connection& connection) -> Status {
      Result<Population> rows = intake_.accept(batch);
      if (!rows) return tl::unexpected(rows.error());
      if (entry_.table.empty())
        if (Status made = begin_rows(connection); !made) return made;
      return copy_rows(*rows, [&](std::string_view bytes) { return connection.copy(bytes); });
    });
  }

  Status finish() override {
    return once_open([&](Connection& connection) -> Status {
      if (entry_.table.empty()) {
        if (Result<Population> none = intake_.accept({}); !none) return tl::unexpected(none.error());
        if (Status made = begin_rows(connection); !made) return made;
      }
      if (Status sent = connection.copy(copy_trailer()); !sent) return sent;
      if (Status ended = connection.end_copy(); !ended) return ended;
      entry_.record.count = intake_.count();
      if (Status made = make_indexes(connection); !made) return made;
      if (Status locked = lock_catalog(connection); !locked) return locked;
      if (Status free = make_way(connection, entry_.record.name, replace_); !free) return free;
      if (Status kept = insert_entry(connection, entry_); !kept) return kept;
      return commit();
    });
  }

 private:
  Status begin_rows(Connection& connection) {
    const std::vector<Field>& fields = intake_.fields();
    if (fields.size() > most_table_columns)
      return fail(Errc::unsupported,
                  fmt::format("a Postgres table has at most {} columns, '{}' needs {}; a recipe has no such limit",
                              most_table_columns, entry_.record.name, fields.size()));
    if (Status begun = begin(); !begun) return begun;
    const Result<Rows> number = connection.run("SELECT nextval('persona_rows_number')");
    if (!number) return tl::unexpected(number.error());
    entry_.table = fmt::format("persona_rows_{}", number->integer(0, 0));
    const std::vector<std::string> columns = column_names(fields, name_rules);
    for (std::size_t i = 0; i < fields.size(); ++i) entry_.fields.push_back({fields[i], columns[i]});
    if (Status made = connection.execute(create_table_sql(entry_)); !made) return made;
    const std::string copy = fmt::format("COPY {} FROM STDIN (FORMAT binary, FREEZE)", sql_name(entry_.table));
    if (Status begun = connection.begin_copy(copy); !begun) return begun;
    return connection.copy(copy_header());
  }

  // After the rows, which is several times faster than before them.
  Status make_indexes(Connection& connection) {
    entry_.record.indexes = *intake_.indexes();
    std::string sql = fmt::format("ALTER TABLE {0} ADD PRIMARY KEY (\"index\");", sql_name(entry_.table));
    for (const std::string& attribute : entry_.record.indexes) {
      const auto field = std::ranges::find(entry_.fields, attribute, [](const StoredField& f) { return f.field.name; });
      const bool list = field->field.type == ColumnType::list;
      sql += fmt::format("CREATE INDEX ON {} {};", sql_name(entry_.table),
                         list ? fmt::format("USING gin ({})", sql_name(field->column))
                              : fmt::format("({}, \"index\")", sql_name(field->column)));
    }
    return connection.execute(sql + "ANALYZE " + sql_name(entry_.table));
  }

  BatchIntake intake_;
  bool replace_;
};

class RecipeSink final : public PostgresSink {
 public:
  RecipeSink(Pool::Lease connection, std::shared_ptr<Replicas> replicas, PopulationRecord record, bool replace)
      : PostgresSink(std::move(connection), std::move(replicas), std::move(record)), replace_(replace) {}

  Status append(const Population&) override {
    return once_open([&](Connection&) -> Status {
      return fail(Errc::invalid_argument,
                  fmt::format("population '{}' is a recipe and takes no rows", entry_.record.name));
    });
  }

  Status finish() override {
    return once_open([&](Connection& connection) -> Status {
      if (Status begun = begin(); !begun) return begun;
      if (Status locked = lock_catalog(connection); !locked) return locked;
      if (Status free = make_way(connection, entry_.record.name, replace_); !free) return free;
      if (Status kept = insert_entry(connection, entry_); !kept) return kept;
      return commit();
    });
  }

 private:
  bool replace_;
};

template <class Sink>
Result<std::unique_ptr<PopulationSink>> open_sink(const std::shared_ptr<Pool>& pool, std::shared_ptr<Replicas> replicas,
                                                  const Options& options, PopulationRecord record) {
  Result<Pool::Lease> connection = pool->take();
  if (!connection) return tl::unexpected(connection.error());
  if (Status same = check_unchanged(**connection, options.schema); !same) return tl::unexpected(same.error());
  if (!options.replace)
    if (Status free = check_free(**connection, record.name); !free) return tl::unexpected(free.error());
  return std::make_unique<Sink>(*std::move(connection), std::move(replicas), std::move(record), options.replace);
}

}  // namespace

Result<std::unique_ptr<PopulationSink>> open_rows_sink(const std::shared_ptr<Pool>& pool,
                                                       std::shared_ptr<Replicas> replicas, const Options& options,
                                                       PopulationRecord record) {
  return open_sink<RowsSink>(pool, std::move(replicas), options, std::move(record));
}

Result<std::unique_ptr<PopulationSink>> open_recipe_sink(const std::shared_ptr<Pool>& pool,
                                                         std::shared_ptr<Replicas> replicas, const Options& options,
                                                         PopulationRecord record) {
  return open_sink<RecipeSink>(pool, std::move(replicas), options, std::move(record));
}

}  // namespace persona::postgres
