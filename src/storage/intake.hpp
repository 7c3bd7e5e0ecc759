//! What every storage asks of a record and of the batches that follow it.
#pragma once

#include <persona/storage/storage.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace persona {

//! The record as it will be kept: checked, dated.
//! @errors invalid_argument
[[nodiscard]] PERSONA_EXPORT Result<PopulationRecord> checked_record(PopulationRecord record);

//! Checks batches and numbers their rows.
class PERSONA_EXPORT BatchIntake {
 public:
  explicit BatchIntake(const PopulationRecord& record);

  //! The batch with the column "index" first. @errors invalid_argument
  [[nodiscard]] Result<Population> accept(const Population& batch);

  bool started() const { return !fields_.empty(); }
  const std::vector<Field>& fields() const { return fields_; }  //!< "index" first; empty before the first batch
  std::int64_t count() const { return count_; }
  bool is_consecutive() const { return !own_index_; }  //!< each row's index is one more than the last

  //! The attributes to index, in column order. @errors invalid_argument: one that does not exist
  [[nodiscard]] Result<std::vector<std::string>> indexes() const;

 private:
  Status begin(std::span<const Column> columns);
  Status same_columns(std::span<const Column> columns) const;
  Result<Population> numbered(const Population& batch);
  Result<Population> renumbered(const Population& batch);

  std::string name_;
  std::vector<std::string> indexes_;
  std::vector<Field> fields_;
  bool own_index_ = false;  // the batches bring it
  std::int64_t next_ = 0;   // the least index the next row may have
  std::int64_t count_ = 0;
};

}  // namespace persona
