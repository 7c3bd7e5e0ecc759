//! One column prepared for writing: everything that is the same in every row is text already.
#pragma once

#include "export_rows.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace persona {

//! Short texts side by side, copied by whole blocks: a copy may write `slack` bytes too many.
class Fragments {
 public:
  static constexpr std::size_t slack = 32;

  void add(std::string_view text);
  std::size_t longest() const { return longest_; }

  char* copy(std::size_t which, char* to) const {
    const char* from = bytes_.data() + begins_[which];
    const std::size_t size = begins_[which + 1] - begins_[which];
    std::memcpy(to, from, slack);
    if (size > slack) std::memcpy(to + slack, from + slack, size - slack);
    return to + size;
  }

 private:
  std::string bytes_ = std::string(slack, '\0');
  std::vector<std::size_t> begins_ = {0};
  std::size_t longest_ = 0;
};

//! Writes the cells of one column, each with what stands before it.
class CellWriter {
 public:
  //! @param first, only  whether the column is the first of its row, and whether there is no other
  CellWriter(const Column& column, RowSyntax syntax, bool first, bool only);

  //! Bytes that any cell of fixed-size values needs; `room(row)` comes on top for text and lists.
  std::size_t bound() const { return bound_; }
  bool has_variable_size() const { return type_ == ColumnType::text || type_ == ColumnType::list; }
  std::size_t room(std::int64_t row) const;

  //! @return the end of what was written
  char* write(std::int64_t row, char* to) const;

 private:
  void prepare_labels(const std::string& lead);
  char* write_number(double value, char* to) const;
  char* write_label(std::int64_t code, char* to) const { return labels_.copy(static_cast<std::size_t>(code), to); }
  char* write_text(std::string_view text, char* to) const;
  char* write_list(std::span<const std::int32_t> codes, char* to) const;

  const Column& column_;
  ColumnType type_;
  RowSyntax syntax_;
  int code_bytes_, decimals_;
  bool has_missing_;
  const std::byte* values_;
  std::int64_t offset_;
  Fragments fixed_;   // what stands before a value; a missing cell
  Fragments labels_;  // cells of a category; false, true; labels of a list
  std::size_t bound_ = 0;
};

}  // namespace persona
