//! Populations from one storage into another, proved by their content.
#include <persona/storage/copy.hpp>

#include "storage/cell_bytes.hpp"

#include <persona/core/hash.hpp>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace persona {
namespace {

void describe_field(CellBytes& out, const Field& field) {
  out.text(field.name);
  out.text(to_string(field.type));
  out.text(field.unit);
  out.text(field.description);
  out.integer(field.decimals);
  out.integer(field.ordered ? 1 : 0);
  out.integer(field.labels ? static_cast<std::int64_t>(field.labels->size()) : -1);
  if (field.labels)
    for (const std::string& label : *field.labels) out.text(label);
}

void describe_cell(CellBytes& out, const Column& column, std::int64_t row) {
  if (!column.is_valid(row)) return out.missing();
  switch (column.type()) {
    case ColumnType::float64: return out.number(column.number(row));
    case ColumnType::int32: return out.integer(column.int32s()[static_cast<std::size_t>(row)]);
    case ColumnType::int64: return out.integer(column.int64s()[static_cast<std::size_t>(row)]);
    case ColumnType::boolean:
    case ColumnType::date: return out.integer(static_cast<std::int64_t>(column.number(row)));
    case ColumnType::category:
    case ColumnType::text: return out.text(column.text(row));
    case ColumnType::list: break;
  }
  const auto codes = column.list(row);
  out.integer(static_cast<std::int64_t>(codes.size()));
  for (const std::int32_t code : codes) out.text((*column.field().labels)[static_cast<std::size_t>(code)]);
}

//! Hashes rows in parts of one size, so that the answer does not depend on how they come.
class ContentHash {
 public:
  void begin(const Population& page) {
    if (begun_) return;
    begun_ = true;
    for (const Column& column : page.columns()) describe_field(cells_, column.field());
  }

  void add(const Population& page) {
    begin(page);
    for (std::int64_t row = 0; row < page.size(); ++row) {
      for (const Column& column : page.columns()) describe_cell(cells_, column, row);
      if (++rows_ % rows_in_a_part == 0) fold();
    }
  }

  void add(const PopulationRecord& recipe) {
    for (const std::string* text : {&recipe.spec, &recipe.spec_hash, &recipe.names_hash}) cells_.text(*text);
    for (const std::uint64_t number : {recipe.seed, recipe.start, static_cast<std::uint64_t>(recipe.count)})
      cells_.integer(static_cast<std::int64_t>(number));
  }

  std::string finish() {
    fold();
    return hash_;
  }

 private:
  static constexpr std::int64_t rows_in_a_part = 1000;

  void fold() {
    hash_ = content_hash(hash_ + cells_.bytes());
    cells_.clear();
  }

  CellBytes cells_;
  std::string hash_;
  std::int64_t rows_ = 0;
  bool begun_ = false;
};

struct Watch {
  std::string_view task;
  std::uint64_t done, total;
};

// Hashes all pages, and hands each on.
Status read_hashed(const Storage& storage, const PopulationRecord& record, std::int64_t page_rows, ContentHash& hash,
                   Watch watch, const std::function<Status(const Population&)>& take, const Context& context) {
  const Query query{.limit = std::max<std::int64_t>(1, page_rows)};
  return each_page(
      storage, record.name, query,
      [&](const Population& page) -> Status {
        if (Status go = context.check(); !go) return go;
        hash.add(page);
        if (Status taken = take(page); !taken) return taken;
        watch.done += static_cast<std::uint64_t>(page.size());
        context.progress({watch.task, watch.done, watch.total});
        return {};
      },
      context);
}

Result<std::string> content_of(const Storage& storage, const PopulationRecord& record, std::int64_t page_rows,
                               Watch watch, const Context& context) {
  ContentHash hash;
  if (record.form == StorageForm::recipe) {
    hash.add(record);
    return hash.finish();
  }
  const auto pass = [](const Population&) -> Status { return {}; };
  if (Status read = read_hashed(storage, record, page_rows, hash, watch, pass, context); !read)
    return tl::unexpected(read.error());
  return hash.finish();
}

Result<std::unique_ptr<PopulationSink>> open_sink(Storage& to, const PopulationRecord& record, bool replace) {
  auto sink = to.create(record);
  if (sink || sink.error().code != Errc::already_exists || !replace) return sink;
  if (Status removed = to.remove(record.name); !removed && removed.error().code != Errc::not_found)
    return tl::unexpected(removed.error());
  return to.create(record);
}

// @return the content as it was read
Result<std::string> write_one(const Storage& from, Storage& to, const PopulationRecord& record,
                              const CopyOptions& options, Watch watch, const Context& context) {
  auto sink = open_sink(to, record, options.replace);
  if (!sink) return tl::unexpected(sink.error());
  ContentHash hash;
  Status status;
  if (record.form == StorageForm::recipe)
    hash.add(record);
  else
    status = read_hashed(
        from, record, options.page, hash, watch, [&](const Population& page) { return (*sink)->append(page); },
        context);
  if (!status) return tl::unexpected(status.error());
  const Result<PopulationRecord> after = from.find(record.name);
  if (!after) return tl::unexpected(after.error());
  if (*after != record)
    return fail(Errc::conflict, fmt::format("population '{}' was replaced while it was copied", record.name));
  if (Status go = context.check(); !go) return tl::unexpected(go.error());
  if (Status finished = (*sink)->finish(); !finished) return tl::unexpected(finished.error());
  return hash.finish();
}

Result<CopiedPopulation> copy_one(const Storage& from, Storage& to, const PopulationRecord& record,
                                  const CopyOptions& options, Watch watch, const Context& context) {
  const Result<std::string> written = write_one(from, to, record, options, watch, context);
  if (!written) return tl::unexpected(written.error());
  const Result<PopulationRecord> kept = to.find(record.name);
  if (!kept) return tl::unexpected(kept.error());
  watch.done += static_cast<std::uint64_t>(record.form == StorageForm::rows ? record.count : 0);
  const Result<std::string> read = content_of(to, *kept, options.page, watch, context);
  if (!read) {
    if (!options.replace) static_cast<void>(to.remove(record.name));
    return tl::unexpected(read.error());
  }
  const bool same = kept->form == record.form && kept->count == record.count && kept->spec_hash == record.spec_hash;
  if (same && *read == *written) return CopiedPopulation{record.name, record.form, record.count, *read};
  const Status removed = to.remove(record.name);
  return fail(Errc::corrupted,
              fmt::format("population '{}' reads back otherwise than it was written; it was {}", record.name,
                          removed ? "removed again" : "not removed: " + removed.error().message));
}

Result<std::vector<PopulationRecord>> chosen(const Storage& from, const std::vector<std::string>& names) {
  Result<std::vector<PopulationRecord>> all = from.list();
  if (!all || names.empty()) return all;
  for (const std::string& name : names)
    if (std::ranges::find(*all, name, &PopulationRecord::name) == all->end())
      return fail(Errc::not_found, fmt::format("no population '{}'", name));
  std::erase_if(*all, [&](const PopulationRecord& record) { return std::ranges::count(names, record.name) == 0; });
  return all;
}

void undo(Storage& to, const std::vector<CopiedPopulation>& copied) {
  for (const CopiedPopulation& one : copied) static_cast<void>(to.remove(one.name));
}

}  // namespace

Result<std::string> population_content(const Storage& storage, std::string_view name, std::int64_t page,
                                       const Context& context) {
  const Result<PopulationRecord> record = storage.find(name);
  if (!record) return tl::unexpected(record.error());
  return content_of(storage, *record, page, {"reading", 0, static_cast<std::uint64_t>(record->count)}, context);
}

Result<std::vector<CopiedPopulation>> copy(const Storage& from, Storage& to, const CopyOptions& options,
                                           const Context& context) {
  const Result<std::vector<PopulationRecord>> records = chosen(from, options.populations);
  if (!records) return tl::unexpected(records.error());
  Watch watch{"copying", 0, 0};
  for (const PopulationRecord& record : *records) {
    if (!options.replace && to.find(record.name))
      return fail(Errc::already_exists, fmt::format("there is a population '{}' already", record.name));
    if (record.form == StorageForm::rows) watch.total += 2 * static_cast<std::uint64_t>(record.count);
  }
  std::vector<CopiedPopulation> copied;
  for (const PopulationRecord& record : *records) {
    Result<CopiedPopulation> one = copy_one(from, to, record, options, watch, context);
    if (!one) {
      if (!options.replace) undo(to, copied);
      return tl::unexpected(one.error());
    }
    if (record.form == StorageForm::rows) watch.done += 2 * static_cast<std::uint64_t>(record.count);
    copied.push_back(*std::move(one));
  }
  return copied;
}

}  // namespace persona
