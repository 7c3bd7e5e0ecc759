//! A batch of columns as a table that SQL can select from: the quickest way into SQLite.
//! https://www.sqlite.org/vtab.html
#pragma once

#include <persona/population/population.hpp>

#include <SQLiteCpp/Database.h>

#include <cstdint>
#include <string_view>
#include <vector>

struct sqlite3_context;

namespace persona::sqlite {

//! Where the values of one column lie.
struct BatchCells {
  ColumnType type = ColumnType::float64;
  Column column;
  const double* doubles = nullptr;
  const std::int32_t* ints = nullptr;  // also codes of 4 bytes and days
  const std::int64_t* longs = nullptr;
  const std::int8_t* codes8 = nullptr;
  const std::int16_t* codes16 = nullptr;
  std::vector<std::string_view> labels;
  bool nullable = false;

  explicit BatchCells(const Column& source);
  void give(sqlite3_context* context, std::int64_t row) const;
};

//! `SELECT * FROM persona_batch` on one connection: the rows of the batch held, missing as NULL, labels
//! and lists as text, days in ISO 8601. Outlives the connection.
class BatchTable {
 public:
  //! Registers the table. May throw SQLite::Exception.
  BatchTable(SQLite::Database& database, std::size_t columns);
  BatchTable(const BatchTable&) = delete;
  BatchTable& operator=(const BatchTable&) = delete;

  //! The rows from `first` on, `count` of them.
  void hold(const Population& batch, std::int64_t first, std::int64_t count);

  std::size_t columns() const { return columns_; }
  std::int64_t first() const { return first_; }
  std::int64_t end() const { return end_; }
  const BatchCells& cells(int column) const { return cells_[static_cast<std::size_t>(column)]; }

 private:
  std::size_t columns_;
  std::int64_t first_ = 0, end_ = 0;
  std::vector<BatchCells> cells_;
};

}  // namespace persona::sqlite
