//! Populations in databases.
#include "database.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace persona::cli {
namespace {

constexpr std::int64_t page_rows = 65'536;

std::string names_of(const std::vector<PopulationRecord>& records) {
  std::string names;
  for (const auto& record : records) names += (names.empty() ? "'" : ", '") + record.name + "'";
  return names;
}

std::int64_t index_of(const Population& page, std::int64_t row) {
  return std::get<std::int64_t>(page.columns().front().value(row));
}

// Rows without the column that only paging needs, and that tells where they come from.
Result<Population> as_drawn(const Population& page, const PopulationRecord& record) {
  const std::int64_t first = index_of(page, 0);
  Origin origin;
  if (index_of(page, page.size() - 1) - first == page.size() - 1)
    origin = {record.spec_hash, record.seed, static_cast<std::uint64_t>(first)};
  return Population::make({page.columns().begin() + 1, page.columns().end()}, std::move(origin));
}

}  // namespace

bool is_database(const std::string& path) {
  if (is_postgres(path)) return true;
  const auto extension = std::filesystem::path(path).extension();
  return extension == ".db" || extension == ".sqlite" || extension == ".sqlite3";
}

Result<std::unique_ptr<Storage>> open_database(const PlaceArguments& arguments) {
  const auto place = place_of(arguments);
  return place ? (*place)->populations(false, false) : tl::unexpected(place.error());
}

Result<std::unique_ptr<PopulationSink>> DatabaseSink::make(const PlaceArguments& arguments,
                                                           const PopulationRecord& record, Options options) {
  auto place = place_of(arguments);
  if (!place) return tl::unexpected(place.error());
  const bool is_new = !is_postgres(arguments.address) && !(*place)->exists();
  auto sink = std::unique_ptr<DatabaseSink>(new DatabaseSink(*std::move(place), is_new));
  auto storage = sink->place_->populations(true, options.replace);
  if (!storage) return tl::unexpected(storage.error());
  sink->storage_ = std::move(*storage);
  auto inner = sink->storage_->create(record);
  if (!inner && inner.error().code == Errc::already_exists)
    return fail(Errc::already_exists,
                fmt::format("a population '{}' exists already: choose another --name, or --replace it", record.name),
                shown(arguments.address));
  if (!inner) return tl::unexpected(inner.error());
  sink->sink_ = std::move(*inner);
  return sink;
}

Status DatabaseSink::finish() {
  auto status = sink_->finish();
  finished_ = status.has_value();
  return status;
}

DatabaseSink::~DatabaseSink() {
  sink_.reset();
  const auto records = storage_ ? storage_->list() : Result<std::vector<PopulationRecord>>{};
  storage_.reset();
  // Another process may have kept something in it meanwhile.
  if (is_new_ && !finished_ && records && records->empty()) place_->remove();
}

Result<PopulationRecord> choose_population(const Storage& storage, const std::string& path, const std::string& name) {
  const auto records = storage.list();
  if (!records) return tl::unexpected(records.error());
  if (records->empty()) return fail(Errc::not_found, "there are no populations in it", path);
  if (name.empty() && records->size() > 1)
    return fail(Errc::invalid_argument,
                fmt::format("choose one of its populations with --name: {}", names_of(*records)), path);
  if (name.empty()) return records->front();
  const auto found = std::find_if(records->begin(), records->end(), [&](const auto& r) { return r.name == name; });
  if (found == records->end())
    return fail(Errc::not_found, fmt::format("there is no population '{}', but {}", name, names_of(*records)), path);
  return *found;
}

Status read_pages(const Storage& storage, const PopulationRecord& record, std::int64_t limit, const Context& context,
                  const std::function<Status(const Population&)>& take) {
  Query query;
  for (std::int64_t left = limit == 0 ? record.count : std::min(limit, record.count); left > 0;) {
    query.limit = std::min(page_rows, left);
    const auto page = storage.read(record.name, query, context);
    if (!page) return tl::unexpected(page.error());
    if (page->size() == 0) break;
    left -= page->size();
    query.after = index_of(*page, page->size() - 1);
    const auto rows = as_drawn(*page, record);
    if (!rows) return tl::unexpected(rows.error());
    if (auto taken = take(*rows); !taken) return taken;
  }
  return {};
}

}  // namespace persona::cli
