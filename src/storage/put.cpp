//! Whole populations into a storage, and out of it.
#include <persona/storage/storage.hpp>

#include <utility>

#include <fmt/format.h>

namespace persona {
namespace {

Status complete_from(PopulationRecord& record, const Population& population) {
  const Origin& origin = population.origin();
  record.count = population.size();
  if (record.form == StorageForm::recipe && origin.spec_hash.empty())
    return fail(
        Errc::invalid_argument,
        fmt::format("population '{}': rows that were chosen or joined have no recipe; keep them as rows", record.name));
  if (record.spec_hash.empty() && !origin.spec_hash.empty()) {
    record.spec_hash = origin.spec_hash;
    record.seed = origin.seed;
    record.start = origin.start;
  }
  const bool same = record.spec_hash == origin.spec_hash && record.seed == origin.seed && record.start == origin.start;
  if (record.form == StorageForm::rows || same) return {};
  return fail(Errc::invalid_argument,
              fmt::format("population '{}': the record's specification, seed or start are not those it was drawn with",
                          record.name));
}

}  // namespace

Status put(Storage& storage, PopulationRecord record, const Population& population) {
  if (Status status = complete_from(record, population); !status) return status;
  Result<std::unique_ptr<PopulationSink>> sink = storage.create(record);
  if (!sink) return tl::unexpected(sink.error());
  if (record.form == StorageForm::rows)
    if (Status status = (*sink)->append(population); !status) return status;
  return (*sink)->finish();
}

Status each_page(const Storage& storage, std::string_view name, Query query,
                 const std::function<Status(const Population&)>& take, const Context& context) {
  if (query.limit == 0) query.limit = 1000;
  for (;;) {
    const Result<Population> page = storage.read(name, query, context);
    if (!page) return tl::unexpected(page.error());
    if (page->size() > 0)
      if (Status taken = take(*page); !taken) return taken;
    if (page->size() < query.limit) return {};
    query.after = page->columns().front().int64s().back();
  }
}

}  // namespace persona
