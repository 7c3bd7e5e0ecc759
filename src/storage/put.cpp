//! A whole population into a storage.
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

}  // namespace persona
