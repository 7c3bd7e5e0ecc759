//! A storage that lives as long as its object.
#include <persona/storage/memory.hpp>

#include "storage/index_column.hpp"
#include "storage/intake.hpp"
#include "storage/recipe.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace persona {

struct MemoryStorage::State {
  struct Stored {
    PopulationRecord record;
    Population rows;  // "index" first; of a recipe nothing
  };

  explicit State(std::shared_ptr<const NameTable> names) : recipes(std::move(names)) {}

  Result<Stored> find(std::string_view name) const {
    const std::lock_guard lock(mutex);
    const auto at = populations.find(name);
    if (at == populations.end()) return fail(Errc::not_found, fmt::format("no population '{}'", name));
    return at->second;
  }

  Status free_name(const std::string& name) const {  // call with the lock held
    if (!populations.contains(name)) return {};
    return fail(Errc::already_exists, fmt::format("there is a population '{}' already", name));
  }

  mutable std::mutex mutex;
  std::map<std::string, Stored, std::less<>> populations;
  RecipeReader recipes;
};

namespace {

template <class State>
class MemorySink final : public PopulationSink {
 public:
  MemorySink(std::shared_ptr<State> state, PopulationRecord record)
      : state_(std::move(state)), record_(std::move(record)), intake_(record_) {}

  Status append(const Population& batch) override {
    if (Status open = still_open(); !open) return open;
    if (record_.form == StorageForm::recipe)
      return fail(Errc::invalid_argument, fmt::format("population '{}' is a recipe and takes no rows", record_.name));
    Result<Population> rows = intake_.accept(batch);
    if (!rows) {
      closed_ = true;
      return tl::unexpected(rows.error());
    }
    batches_.push_back(*std::move(rows));
    return {};
  }

  Status finish() override {
    if (Status open = still_open(); !open) return open;
    closed_ = true;
    Population rows;
    if (record_.form == StorageForm::rows) {
      if (batches_.empty()) batches_.push_back(with_index({}, 0));
      Result<Population> joined = Population::concatenate(batches_);
      if (!joined) return tl::unexpected(joined.error());
      rows = *std::move(joined);
      batches_.clear();
      record_.count = rows.size();
      if (intake_.started()) record_.indexes = *intake_.indexes();
    }
    const std::lock_guard lock(state_->mutex);
    if (Status free = state_->free_name(record_.name); !free) return free;
    std::string name = record_.name;
    state_->populations.emplace(std::move(name), typename State::Stored{std::move(record_), std::move(rows)});
    return {};
  }

 private:
  Status still_open() const {
    if (!closed_) return {};
    return fail(Errc::invalid_argument, "the population was finished, or failed before");
  }

  std::shared_ptr<State> state_;
  PopulationRecord record_;
  BatchIntake intake_;
  std::vector<Population> batches_;
  bool closed_ = false;
};

std::vector<Field> stored_fields(const Population& rows) {
  std::vector<Field> fields;
  for (const Column& column : rows.columns()) fields.push_back(column.field());
  return fields;
}

}  // namespace

MemoryStorage::MemoryStorage(std::shared_ptr<const NameTable> names)
    : state_(std::make_shared<State>(std::move(names))) {}
MemoryStorage::~MemoryStorage() = default;

Result<std::unique_ptr<PopulationSink>> MemoryStorage::create(const PopulationRecord& record) {
  Result<PopulationRecord> checked = checked_record(record);
  if (!checked) return tl::unexpected(checked.error());
  if (checked->form == StorageForm::recipe)
    if (Status ready = state_->recipes.prepare(*checked); !ready) return tl::unexpected(ready.error());
  const std::lock_guard lock(state_->mutex);
  if (Status free = state_->free_name(checked->name); !free) return tl::unexpected(free.error());
  return std::make_unique<MemorySink<State>>(state_, *std::move(checked));
}

Result<std::vector<PopulationRecord>> MemoryStorage::list() const {
  const std::lock_guard lock(state_->mutex);
  std::vector<PopulationRecord> records;
  for (const auto& [name, stored] : state_->populations) records.push_back(stored.record);
  return records;
}

Result<PopulationRecord> MemoryStorage::find(std::string_view name) const {
  Result<State::Stored> stored = state_->find(name);
  if (!stored) return tl::unexpected(stored.error());
  return stored->record;
}

Result<Population> MemoryStorage::read(std::string_view name, const Query& query, const Context& context) const {
  if (Status go = context.check(); !go) return tl::unexpected(go.error());
  const Result<State::Stored> stored = state_->find(name);
  if (!stored) return tl::unexpected(stored.error());
  if (stored->record.form == StorageForm::recipe) return state_->recipes.read(stored->record, query, context);
  const Result<CheckedQuery> checked = check_query(stored_fields(stored->rows), query);
  if (!checked) return tl::unexpected(checked.error());
  const auto index = stored->rows.columns().front().int64s();
  const auto first = query.after ? std::ranges::upper_bound(index, *query.after) : index.begin();
  return matching_page(*checked, stored->rows, first - index.begin());
}

Result<std::int64_t> MemoryStorage::count(std::string_view name, const std::vector<Filter>& filters,
                                          const Context& context) const {
  if (Status go = context.check(); !go) return tl::unexpected(go.error());
  const Result<State::Stored> stored = state_->find(name);
  if (!stored) return tl::unexpected(stored.error());
  if (stored->record.form == StorageForm::recipe) return state_->recipes.count(stored->record, filters, context);
  const auto checked = check_filters(stored_fields(stored->rows), filters);
  if (!checked) return tl::unexpected(checked.error());
  return count_matching(*checked, stored->rows);
}

Status MemoryStorage::remove(std::string_view name) {
  const std::lock_guard lock(state_->mutex);
  const auto at = state_->populations.find(name);
  if (at == state_->populations.end()) return fail(Errc::not_found, fmt::format("no population '{}'", name));
  state_->populations.erase(at);
  return {};
}

}  // namespace persona
