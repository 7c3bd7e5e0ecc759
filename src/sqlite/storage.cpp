//! Populations in one SQLite file.
#include <persona/storage/sqlite.hpp>

#include "sqlite/catalog.hpp"
#include "sqlite/failure.hpp"
#include "sqlite/reader_pool.hpp"
#include "sqlite/rows_reader.hpp"
#include "sqlite/rows_sink.hpp"
#include "sqlite/schema.hpp"
#include "storage/intake.hpp"
#include "storage/recipe.hpp"

#include <memory>
#include <optional>
#include <utility>

#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>

namespace persona::sqlite {
namespace {

//! Locks nothing itself: each call works on a connection of its own.
class FileStorage final : public Storage {
 public:
  FileStorage(std::string path, Options options)
      : path_(std::move(path)), options_(std::move(options)), readers_(path_, options_), recipes_(options_.names) {
    options_.create = false;  // open has made the file; where it is gone, it is gone
  }

  Result<std::unique_ptr<PopulationSink>> create(const PopulationRecord& record) override {
    if (Status writable = check_writable(); !writable) return tl::unexpected(writable.error());
    Result<PopulationRecord> checked = checked_record(record);
    if (!checked) return tl::unexpected(checked.error());
    if (checked->form == StorageForm::rows) return open_rows_sink(path_, options_, *std::move(checked));
    if (Status ready = recipes_.prepare(*checked); !ready) return tl::unexpected(ready.error());
    return open_recipe_sink(path_, options_, *std::move(checked));
  }

  Result<std::vector<PopulationRecord>> list() const override {
    return reading({}, [](ReadyConnection& connection) { return list_entries(connection.database()); });
  }

  Result<PopulationRecord> find(std::string_view name) const override {
    return reading({}, [&](ReadyConnection& connection) -> Result<PopulationRecord> {
      Result<CatalogEntry> entry = find_entry(connection.database(), name);
      if (!entry) return tl::unexpected(entry.error());
      return std::move(entry->record);
    });
  }

  Result<Population> read(std::string_view name, const Query& query, const Context& context) const override {
    return of_entry<Population>(
        name, context, [&](const PopulationRecord& record) { return recipes_.read(record, query, context); },
        [&](ReadyConnection& connection, const CatalogEntry& entry) {
          return read_rows(connection, entry, query, context);
        });
  }

  Result<std::int64_t> count(std::string_view name, const std::vector<Filter>& filters,
                             const Context& context) const override {
    return of_entry<std::int64_t>(
        name, context, [&](const PopulationRecord& record) { return recipes_.count(record, filters, context); },
        [&](ReadyConnection& connection, const CatalogEntry& entry) { return count_rows(connection, entry, filters); });
  }

  Status remove(std::string_view name) override {
    if (Status writable = check_writable(); !writable) return writable;
    Result<Connection> connection = connect(path_, options_);
    if (!connection) return tl::unexpected(connection.error());
    return guarded(path_, [&]() -> Status {
      WriteTransaction transaction(**connection);
      if (Status same = check_unchanged(**connection, path_); !same) return same;
      const Result<CatalogEntry> entry = find_entry(**connection, name);
      if (!entry) return tl::unexpected(entry.error());
      remove_entry(**connection, *entry);
      transaction.commit();
      return {};
    });
  }

 private:
  Status check_writable() const {
    if (!options_.read_only) return {};
    return fail(Errc::io, fmt::format("'{}' was opened read-only", path_), path_);
  }

  // Runs `work` on a connection for reading.
  template <class Work>
  auto on_reader(const Context& context, const Work& work) const -> decltype(work(std::declval<ReadyConnection&>())) {
    if (Status go = context.check(); !go) return tl::unexpected(go.error());
    Result<ReaderPool::Reader> reader = readers_.take();
    if (!reader) return tl::unexpected(reader.error());
    auto result = guarded(path_, [&]() -> decltype(work(**reader)) {
      const InterruptScope interruptible((**reader).database(), context);
      return work(**reader);
    });
    if (Status go = context.check(); !result && result.error().code == Errc::cancelled && !go)
      return tl::unexpected(go.error());
    return result;
  }

  // The same on one that sees one state of the file throughout.
  template <class Work>
  auto reading(const Context& context, const Work& work) const -> decltype(work(std::declval<ReadyConnection&>())) {
    return on_reader(context, [&](ReadyConnection& reader) { return in_snapshot(reader, work); });
  }

  template <class Work>
  auto in_snapshot(ReadyConnection& reader, const Work& work) const -> decltype(work(reader)) {
    const SQLite::Transaction snapshot(reader.database());
    if (Status same = check_unchanged(reader.database(), path_); !same) return tl::unexpected(same.error());
    return work(reader);
  }

  // Of rows that were read before one statement is enough, while tables are as they were.
  template <class T, class Rows>
  std::optional<Result<T>> of_known(ReadyConnection& reader, std::string_view name, const Rows& rows) const {
    const auto entry = reader.known(name);
    if (!entry) return {};
    Result<T> result = guarded(path_, [&] { return rows(reader, *entry); });
    if (!result) reader.doubt();  // perhaps there is no such table any more
    if (reader.is_current()) return result;
    return {};
  }

  // Recipes are drawn when the file is let go of.
  template <class T, class Recipe, class Rows>
  Result<T> of_entry(std::string_view name, const Context& context, const Recipe& recipe, const Rows& rows) const {
    PopulationRecord record;
    Result<T> result = on_reader(context, [&](ReadyConnection& reader) -> Result<T> {
      if (auto known = of_known<T>(reader, name, rows)) return *std::move(known);
      return in_snapshot(reader, [&](ReadyConnection& connection) -> Result<T> {
        Result<CatalogEntry> found = find_entry(connection.database(), name);
        if (!found) return tl::unexpected(found.error());
        record = found->record;
        if (record.form == StorageForm::recipe) return T{};
        const auto entry = std::make_shared<const CatalogEntry>(*std::move(found));
        connection.keep(entry);
        return rows(connection, *entry);
      });
    });
    if (!result || record.form == StorageForm::rows) return result;
    return recipe(record);
  }

  std::string path_;
  Options options_;
  mutable ReaderPool readers_;
  RecipeReader recipes_;
};

}  // namespace

Result<std::unique_ptr<Storage>> open(const std::string& path, Options options) {
  if (Status ready = prepare_file(path, options, population_page_bytes); !ready) return tl::unexpected(ready.error());
  return std::make_unique<FileStorage>(path, std::move(options));
}

Result<int> schema_version(const std::string& path) {
  Result<Connection> connection = connect(path, {.read_only = true});
  if (!connection) return tl::unexpected(connection.error());
  return guarded(path, [&]() { return version_of(**connection, path); });
}

Status migrate(const std::string& path, int version) {
  if (version < 1 || version > schema_version())
    return fail(Errc::invalid_argument,
                fmt::format("there is no schema version {}; this persona knows 1 to {}", version, schema_version()));
  const Options options{.create = false};
  Result<Connection> connection = connect(path, options);
  if (!connection) return tl::unexpected(connection.error());
  return guarded(path, [&]() -> Status {
    if (const Result<int> current = version_of(**connection, path); !current) return tl::unexpected(current.error());
    use_write_ahead_log(**connection, options);
    return bring_to(**connection, path, version);
  });
}

}  // namespace persona::sqlite
