//! Populations kept as a recipe: drawn again on every read.
#pragma once

#include "storage/checked_query.hpp"

#include <persona/population/model.hpp>
#include <persona/storage/storage.hpp>

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace persona {

//! Reads recipes; keeps the models it compiled last. Any thread may call it.
class PERSONA_EXPORT RecipeReader {
 public:
  //! @param names  null is the built-in table
  explicit RecipeReader(std::shared_ptr<const NameTable> names) : names_(std::move(names)) {}

  //! Fills in the hashes of a recipe about to be kept, after making sure that it can be read.
  //! @errors as `Storage::create`, and those of compiling
  [[nodiscard]] Status prepare(PopulationRecord& record) const;

  [[nodiscard]] Result<Population> read(const PopulationRecord& record, const Query& query,
                                        const Context& context) const;
  [[nodiscard]] Result<std::int64_t> count(const PopulationRecord& record, const std::vector<Filter>& filters,
                                           const Context& context) const;

 private:
  [[nodiscard]] Result<PopulationModel> model(const PopulationRecord& record, const Context& context) const;
  [[nodiscard]] Result<PopulationModel> compiled_model(const std::string& text, const Context& context) const;

  std::shared_ptr<const NameTable> names_;
  mutable std::mutex mutex_;
  mutable std::list<std::pair<std::string, PopulationModel>> models_;  // by specification, last used first
};

}  // namespace persona
