//! Where populations are kept.
#pragma once

#include <persona/core/context.hpp>
#include <persona/core/result.hpp>
#include <persona/population/sink.hpp>
#include <persona/storage/query.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace persona {

//! How a population is kept.
enum class StorageForm {
  rows,    //!< every value
  recipe,  //!< specification, seed and count: a few kB, drawn again on read
};

//! What is known of a stored population without reading it.
struct PopulationRecord {
  std::string name = {};  //!< unique in its storage
  StorageForm form = StorageForm::rows;
  std::string spec = {};  //!< the specification as JSON; empty for rows of other origin
  std::string spec_hash = {}, names_hash = {};
  std::uint64_t seed = 0, start = 0;
  std::int64_t count = 0;
  std::string created_at = {};            //!< ISO 8601, UTC; set by the storage
  std::vector<std::string> indexes = {};  //!< attributes whose filters are to be fast; of rows only
  bool operator==(const PopulationRecord&) const = default;
};

//! Keeps populations. Every member may be called from any thread.
//!
//! Adapters pass the contract in `persona/testing/storage_contract.hpp`; so can an application's own.
class Storage {
 public:
  virtual ~Storage() = default;

  //! Opens a population for writing. `append` its batches, then `finish`; until then nobody sees
  //! it, and a sink destroyed early leaves nothing.
  //!
  //! Rows are numbered from `start`, unless the batches bring a whole-number column "index", which
  //! must rise. Their `count` is counted, not believed.
  //! A recipe takes no batches: `finish` alone keeps it. It is compiled here, so that what is kept
  //! can be read; hashes left empty are filled in.
  //!
  //! @errors
  //!   - already_exists, unavailable, io
  //!   - invalid_argument: a name that is no text; a recipe without specification, or whose hash is another's
  //!   - unsupported: a recipe drawn with other names than this storage has
  [[nodiscard]] virtual Result<std::unique_ptr<PopulationSink>> create(const PopulationRecord& record) = 0;

  //! In order of name.
  [[nodiscard]] virtual Result<std::vector<PopulationRecord>> list() const = 0;

  //! @errors not_found
  [[nodiscard]] virtual Result<PopulationRecord> find(std::string_view name) const = 0;

  //! One page in index order: rows after `query.after` that satisfy the filters. The column
  //! "index" comes first and is what the next page's `after` is taken from.
  //! @errors not_found; invalid_argument: a filter or column that does not exist or does not fit, `path`
  //!         is "/filters/0" or "/columns/0"; unsupported: a recipe this storage has not the names for;
  //!         cancelled, deadline_exceeded
  [[nodiscard]] virtual Result<Population> read(std::string_view name, const Query& query = {},
                                                const Context& context = {}) const = 0;

  //! How many satisfy the filters; `after` and `limit` do not count.
  [[nodiscard]] virtual Result<std::int64_t> count(std::string_view name, const std::vector<Filter>& filters = {},
                                                   const Context& context = {}) const = 0;

  //! @errors not_found
  [[nodiscard]] virtual Status remove(std::string_view name) = 0;

 protected:
  Storage() = default;
  Storage(const Storage&) = default;
  Storage& operator=(const Storage&) = default;
};

//! Keeps a whole population. `record.count` is taken from it, and where its rows came from where the
//! record does not say.
//! @errors as `create`; invalid_argument: a recipe for rows that were chosen or joined
[[nodiscard]] PERSONA_EXPORT Status put(Storage& storage, PopulationRecord record, const Population& population);

//! Calls `take` with one page after the other, of `query.limit` rows (0: 1000), until there are no more or it fails.
//! One page is in memory at a time.
//! @errors as `read`; what `take` returns
[[nodiscard]] PERSONA_EXPORT Status each_page(const Storage& storage, std::string_view name, Query query,
                                              const std::function<Status(const Population&)>& take,
                                              const Context& context = {});

}  // namespace persona
