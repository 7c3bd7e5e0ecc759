//! Turns the cells of one column back into values.
#pragma once

#include "population/column_build.hpp"
#include "postgres/binary.hpp"
#include "postgres/catalog.hpp"
#include "postgres/connection.hpp"
#include "postgres/copy_rows.hpp"

#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace persona::postgres {

class CellReader {
 public:
  //! @param codes  of its labels; outlives the reader
  //! @param rows  that are expected
  CellReader(std::shared_ptr<const Field> field, const LabelCodes& codes, std::int64_t rows)
      : appender_(std::move(field)), codes_(codes) {
    appender_.reserve(rows);
  }

  const Field& field() const { return appender_.field(); }
  Column finish() && { return std::move(appender_).finish(); }

  //! False where the cell holds no value of the attribute: somebody else wrote it. @pre it has the column's type
  bool read(const Rows& rows, int row, int column) {
    if (rows.is_null(row, column)) {
      appender_.append_missing();
      return true;
    }
    const std::string_view cell = rows.bytes(row, column);
    switch (field().type) {
      case ColumnType::float64: appender_.append_number(take_double(cell.data())); return true;
      case ColumnType::int32: appender_.append_integer(take_integer<std::int32_t>(cell.data())); return true;
      case ColumnType::int64: appender_.append_integer(take_integer<std::int64_t>(cell.data())); return true;
      case ColumnType::boolean: appender_.append_integer(cell[0] != 0 ? 1 : 0); return true;
      case ColumnType::text: appender_.append_text(cell); return true;
      case ColumnType::date: return read_date(take_integer<std::int32_t>(cell.data()));
      case ColumnType::category: return read_label(cell);
      case ColumnType::list: return read_list(cell);
    }
    return false;
  }

 private:
  bool read_date(std::int32_t days) {
    if (days < first_day - days_to_2000 || days > last_day - days_to_2000) return false;  // infinity
    appender_.append_integer(days + days_to_2000);
    return true;
  }

  bool read_label(std::string_view text) {
    const auto at = codes_.find(text);
    if (at == codes_.end()) return false;
    appender_.append_integer(at->second);
    return true;
  }

  bool read_list(std::string_view array) {
    list_.clear();
    const bool known = each_text(array, [&](std::string_view label) {
      const auto at = codes_.find(label);
      if (at != codes_.end()) list_.push_back(at->second);
      return at != codes_.end();
    });
    if (known) appender_.append_list(list_);
    return known;
  }

  ColumnAppender appender_;
  const LabelCodes& codes_;
  std::vector<std::int32_t> list_;
};

}  // namespace persona::postgres
