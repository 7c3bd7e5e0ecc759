//! Many people, as columns.
#pragma once

#include <persona/population/column.hpp>
#include <persona/population/persona.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace persona {

//! Where the rows of a generated population came from; person `start + i` is row i.
struct Origin {
  std::string spec_hash = {};  //!< empty if not generated, or if the rows do not follow each other any more
  std::uint64_t seed = 0;
  std::uint64_t start = 0;
  bool operator==(const Origin&) const = default;
};

//! Equally long columns with distinct names. Values are shared, never copied without need.
class Population {
 public:
  Population() = default;

  //! @errors invalid_argument: unequal lengths, or a name twice
  [[nodiscard]] PERSONA_EXPORT static Result<Population> make(std::vector<Column> columns, Origin origin = {});

  std::int64_t size() const { return size_; }
  std::span<const Column> columns() const { return columns_; }
  const Origin& origin() const { return origin_; }

  //! nullptr where there is none
  PERSONA_EXPORT const Column* find(std::string_view name) const;
  //! @errors not_found: the message lists the columns there are
  [[nodiscard]] PERSONA_EXPORT Result<Column> column(std::string_view name) const;

  //! One person as a value. @pre row < size()
  PERSONA_EXPORT Persona person(std::int64_t row) const;

  //! The people for whom an expression holds: `filter("age >= 65 and sex == 'female'")`.
  //! @errors invalid_argument: the expression does not parse, or names no column
  [[nodiscard]] PERSONA_EXPORT Result<Population> filter(std::string_view expression) const;

  PERSONA_EXPORT Population slice(std::int64_t first, std::int64_t count) const;  //!< no copy
  PERSONA_EXPORT Population take(std::span<const std::int64_t> rows) const;
  [[nodiscard]] PERSONA_EXPORT Result<Population> select(std::span<const std::string> names) const;  //!< no copy

  //! `count` different people, every set equally likely, in rising row order.
  //! @errors invalid_argument: more than there are
  [[nodiscard]] PERSONA_EXPORT Result<Population> sample(std::int64_t count, std::uint64_t seed) const;

  //! One population per value of a category, yes-or-no, whole-number, date or text column, in rising order of
  //! value (of a category: in the order of its labels). Rows where it is missing come last under a missing value.
  //! @errors not_found; invalid_argument: a column of numbers or lists
  [[nodiscard]] PERSONA_EXPORT Result<std::vector<std::pair<Value, Population>>> group(std::string_view column) const;

  //! One below the other, in the first one's column order. Labels are merged where they differ.
  //! @errors invalid_argument: columns that differ in name or type, or labels ordered in contradictory ways
  [[nodiscard]] PERSONA_EXPORT static Result<Population> concatenate(std::span<const Population> parts);

  //! Bytes held by the columns.
  PERSONA_EXPORT std::size_t bytes() const;

 private:
  std::vector<Column> columns_;
  Origin origin_;
  std::int64_t size_ = 0;
};

//! Equal names, types, values and missing values, whatever the layout behind them.
PERSONA_EXPORT bool operator==(const Population& a, const Population& b);

}  // namespace persona
