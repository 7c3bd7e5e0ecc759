//! Populations in a Postgres database.
#include "postgres/storage.hpp"

#include "postgres/catalog.hpp"
#include "postgres/entry_cache.hpp"
#include "postgres/failure.hpp"
#include "postgres/rows_reader.hpp"
#include "postgres/rows_sink.hpp"
#include "postgres/schema.hpp"
#include "storage/intake.hpp"
#include "storage/recipe.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace persona::postgres {
namespace {

//! Locks nothing itself: each call works on a connection of the pool.
class DatabaseStorage final : public Storage {
 public:
  DatabaseStorage(std::shared_ptr<Pool> pool, std::shared_ptr<Replicas> replicas, Options options)
      : pool_(std::move(pool)),
        replicas_(std::move(replicas)),
        options_(std::move(options)),
        recipes_(options_.names) {}

  Result<std::unique_ptr<PopulationSink>> create(const PopulationRecord& record) override {
    if (Status writable = check_writable(); !writable) return tl::unexpected(writable.error());
    Result<PopulationRecord> checked = checked_record(record);
    if (!checked) return tl::unexpected(checked.error());
    if (checked->form == StorageForm::rows) return open_rows_sink(pool_, replicas_, options_, *std::move(checked));
    if (Status ready = recipes_.prepare(*checked); !ready) return tl::unexpected(ready.error());
    return open_recipe_sink(pool_, replicas_, options_, *std::move(checked));
  }

  Result<std::vector<PopulationRecord>> list() const override {
    const Result<Pool::Lease> connection = pool_->take();
    if (!connection) return tl::unexpected(connection.error());
    if (Status same = check_unchanged(**connection, options_.schema); !same) return tl::unexpected(same.error());
    return list_entries(**connection);
  }

  Result<PopulationRecord> find(std::string_view name) const override {
    const Result<Pool::Lease> connection = pool_->take();
    if (!connection) return tl::unexpected(connection.error());
    const auto entry = look_up(**connection, name, {});
    if (!entry) return tl::unexpected(entry.error());
    return (*entry)->record;
  }

  Result<Population> read(std::string_view name, const Query& query, const Context& context) const override {
    return of_entry<Population>(
        name, context, [&](const PopulationRecord& record) { return recipes_.read(record, query, context); },
        [&](Connection& connection, const CatalogEntry& entry) {
          return read_rows(connection, entry, query, context);
        });
  }

  Result<std::int64_t> count(std::string_view name, const std::vector<Filter>& filters,
                             const Context& context) const override {
    if (filters.empty()) {  // it is known, but may be gone since
      if (Status go = context.check(); !go) return tl::unexpected(go.error());
      const Result<PopulationRecord> record = find(name);
      return record ? Result<std::int64_t>(record->count) : tl::unexpected(record.error());
    }
    return of_entry<std::int64_t>(
        name, context, [&](const PopulationRecord& record) { return recipes_.count(record, filters, context); },
        [&](Connection& connection, const CatalogEntry& entry) {
          return count_rows(connection, entry, filters, context);
        });
  }

  Status remove(std::string_view name) override {
    if (Status writable = check_writable(); !writable) return writable;
    Result<Pool::Lease> connection = pool_->take();
    if (!connection) return tl::unexpected(connection.error());
    if (Status same = check_unchanged(**connection, options_.schema); !same) return same;
    Result<Transaction> transaction = Transaction::begin(**connection);
    if (!transaction) return tl::unexpected(transaction.error());
    if (Status locked = lock_catalog(**connection); !locked) return locked;
    const Result<CatalogEntry> entry = find_entry(**connection, name);
    if (!entry) return tl::unexpected(entry.error());
    if (Status removed = remove_entry(**connection, *entry); !removed) return removed;
    known_.forget(name);
    Status committed = transaction->commit();
    replicas_->note_write(**connection);
    return committed;
  }

  Health health() const { return {.primary = pool_->health(), .replicas = replicas_->health()}; }

 private:
  using KnownEntry = std::shared_ptr<const CatalogEntry>;

  Status check_writable() const {
    if (!options_.read_only) return {};
    return fail(Errc::io, fmt::format("{} was opened read-only", pool_->target().where));
  }

  Result<KnownEntry> look_up(Connection& connection, std::string_view name, const Context& context) const {
    if (Status same = check_unchanged(connection, options_.schema); !same) return tl::unexpected(same.error());
    Result<CatalogEntry> found = find_entry(connection, name, context);
    if (!found) {
      if (found.error().code == Errc::not_found) known_.forget(name);
      return tl::unexpected(found.error());
    }
    KnownEntry entry = std::make_shared<const CatalogEntry>(*std::move(found));
    if (entry->record.form == StorageForm::rows) known_.keep(entry);
    return entry;
  }

  template <class T, class Recipe, class Work>
  Result<T> of_entry(std::string_view name, const Context& context, const Recipe& recipe, const Work& rows) const {
    if (Status go = context.check(); !go) return tl::unexpected(go.error());
    return replicas_->read(*pool_, context, [&](Pool::Lease connection) {
      return read_on<T>(std::move(connection), name, context, recipe, rows);
    });
  }

  // Recipes are drawn when the connection has been given back.
  template <class T, class Recipe, class Work>
  Result<T> read_on(Pool::Lease lease, std::string_view name, const Context& context, const Recipe& recipe,
                    const Work& rows) const {
    KnownEntry entry;
    {
      const Pool::Lease connection = std::move(lease);
      if ((entry = known_.find(name))) {
        Result<T> result = rows(*connection, *entry);
        if (result || !is_state(result.error(), "42P01")) return result;
        // It was removed, and perhaps there is another of its name.
      }
      Result<KnownEntry> found = look_up(*connection, name, context);
      if (!found) return tl::unexpected(found.error());
      entry = *std::move(found);
      if (entry->record.form == StorageForm::rows) {
        Result<T> result = rows(*connection, *entry);
        if (result || !is_state(result.error(), "42P01")) return result;
        return fail(Errc::not_found, fmt::format("population '{}' was removed meanwhile", name));
      }
    }
    return recipe(entry->record);
  }

  std::shared_ptr<Pool> pool_;
  std::shared_ptr<Replicas> replicas_;
  Options options_;
  RecipeReader recipes_;
  mutable EntryCache known_;
};

}  // namespace

Result<std::unique_ptr<Storage>> open_storage(const std::string& connection, Options options,
                                              std::shared_ptr<Replicas> replicas) {
  Result<Target> target = parse_target(connection, options);
  if (!target) return tl::unexpected(target.error());
  auto pool = std::make_shared<Pool>(*std::move(target), options);
  {
    const Result<Pool::Lease> first = pool->take();
    if (!first) return tl::unexpected(first.error());
    if (Status ready = prepare_schema(**first, options); !ready) return tl::unexpected(ready.error());
  }
  return std::make_unique<DatabaseStorage>(std::move(pool), std::move(replicas), std::move(options));
}

Result<std::unique_ptr<Storage>> open(const std::string& connection, Options options) {
  Result<std::shared_ptr<Replicas>> replicas = Replicas::of(options);
  if (!replicas) return tl::unexpected(replicas.error());
  return open_storage(connection, std::move(options), *std::move(replicas));
}

Result<Health> health(const Storage& storage) {
  if (const auto* ours = dynamic_cast<const DatabaseStorage*>(&storage)) return ours->health();
  return fail(Errc::invalid_argument, "this storage is none of Postgres");
}

Result<int> schema_version(const std::string& connection, const Options& options) {
  const Result<Target> target = parse_target(connection, options);
  if (!target) return tl::unexpected(target.error());
  const Result<std::unique_ptr<Connection>> connected = Connection::connect(*target);
  if (!connected) return tl::unexpected(connected.error());
  return version_of(**connected, options.schema);
}

Status migrate(const std::string& connection, int version, const Options& options) {
  if (version < 1 || version > schema_version())
    return fail(Errc::invalid_argument,
                fmt::format("there is no schema version {}; this persona knows 1 to {}", version, schema_version()));
  const Result<Target> target = parse_target(connection, options);
  if (!target) return tl::unexpected(target.error());
  const Result<std::unique_ptr<Connection>> connected = Connection::connect(*target);
  if (!connected) return tl::unexpected(connected.error());
  return bring_to(**connected, options, version);
}

}  // namespace persona::postgres
