//! Populations from one storage into another, proved by their content.
#pragma once

#include <persona/core/context.hpp>
#include <persona/storage/storage.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace persona {

struct CopyOptions {
  std::vector<std::string> populations = {};  //!< by name; empty is all
  std::int64_t page = 10'000;                 //!< rows in memory at a time

  //! Those of the same name give way. Where the target was opened with `replace` they stay until theirs are whole,
  //! elsewhere they go first.
  bool replace = false;
};

//! What was copied, and is now the same on both sides.
struct CopiedPopulation {
  std::string name = {};
  StorageForm form = StorageForm::rows;
  std::int64_t count = 0;
  std::string content = {};  //!< see `population_content`
  bool operator==(const CopiedPopulation&) const = default;
};

//! Names what a population holds: SHA-256 over its attributes and every row of them, in order. Two storages keep the
//! same population if and only if they answer the same. Of a recipe, over what it is drawn from.
//!
//! @param page  rows in memory at a time; no matter to the answer
//! @errors as `Storage::read`
[[nodiscard]] PERSONA_EXPORT Result<std::string> population_content(const Storage& storage, std::string_view name,
                                                                    std::int64_t page = 10'000,
                                                                    const Context& context = {});

//! Copies page by page, recipes as recipes, then reads each back and compares. Works between any two storages: files,
//! databases, memory, an application's own. Each population appears whole or not at all. After an error, those before
//! it are removed again, unless they have replaced others.
//!
//! @return in order of name
//! @errors
//!   - already_exists: a name is taken and `replace` is not set; nothing was copied then
//!   - not_found: a population that was asked for
//!   - corrupted: what was written reads back otherwise; it was removed again
//!   - conflict: somebody replaced it meanwhile
//!   - as `Storage::create` and `Storage::read`
[[nodiscard]] PERSONA_EXPORT Result<std::vector<CopiedPopulation>> copy(const Storage& from, Storage& to,
                                                                        const CopyOptions& options = {},
                                                                        const Context& context = {});

}  // namespace persona
