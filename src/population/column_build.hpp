//! Columns under construction: filled in place where their size is known, or value by value.
#pragma once

#include <persona/population/column.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace persona {

//! Bytes of one value; 0 for booleans (bits) and text (bytes of any number).
std::size_t value_bytes(const Field& field);

//! The fewest bytes (1, 2, 4) whose codes reach so many labels.
int code_bytes_for(std::size_t labels);

//! A column of fixed-width values or bits, to be written at any row. Nothing is initialised but
//! `validity` and the padding. Threads may write side by side in ranges that start at multiples of 64 rows.
class ColumnDraft {
 public:
  //! Of any type but text and list.
  ColumnDraft(Field field, std::int64_t rows);

  //! As above, in the memory of `old` where nobody else holds it and it is large enough.
  ColumnDraft(Field field, std::int64_t rows, Column old);

  const Field& field() const { return field_; }

  //! T as the type says: double, int32_t (also dates), int64_t, int8_t / int16_t / int32_t codes.
  template <class T>
  std::span<T> values() {
    return {reinterpret_cast<T*>(values_->data()), static_cast<std::size_t>(rows_)};
  }
  std::byte* bits() { return values_->data(); }  //!< of a boolean

  //! One bit a row, all set at first. Call once before threads write.
  std::byte* validity();

  Column finish() &&;

 private:
  Field field_;
  std::int64_t rows_;
  std::shared_ptr<Buffer> values_, validity_, spare_;
};

//! Bytes that grow, and end as a buffer of their size.
class GrowingBuffer {
 public:
  std::size_t size() const { return size_; }
  std::byte* data() { return buffer_ ? buffer_->data() : nullptr; }
  std::byte* extend(std::size_t bytes);  //!< where the new bytes begin
  void reserve(std::size_t bytes);
  template <class T>
  void push(T value) {
    *reinterpret_cast<T*>(extend(sizeof(T))) = value;
  }
  std::shared_ptr<const Buffer> finish() &&;

 private:
  std::shared_ptr<Buffer> buffer_;
  std::size_t size_ = 0;
};

//! A column of any type, value after value.
//! Exported for persona::sqlite, which is a library of its own.
class PERSONA_EXPORT ColumnAppender {
 public:
  explicit ColumnAppender(Field field) : ColumnAppender(std::make_shared<const Field>(std::move(field))) {}
  explicit ColumnAppender(std::shared_ptr<const Field> field);

  //! Room for so many values of fixed width at once, if it is empty.
  void reserve(std::int64_t rows);

  const Field& field() const { return *field_; }
  std::int64_t size() const { return rows_; }

  void append_missing();
  void append_number(double value);         //!< of float64
  void append_integer(std::int64_t value);  //!< whole numbers, days, codes, 0 and 1; must fit
  void append_text(std::string_view value);
  void append_list(std::span<const std::int32_t> codes);

  //! Any value, checked. @errors invalid_argument: names the column, the value and what would fit
  Status append(const Value& value);

  Column finish() &&;

 private:
  void set_code_bytes(int bytes);
  void mark(bool valid);
  Status append_label(const std::string& label);
  Status append_labels(const std::vector<std::string>& labels);
  Result<std::int32_t> code_of(const std::string& label);
  tl::unexpected<Error> misfit(const Value& value) const;

  std::shared_ptr<const Field> field_;
  GrowingBuffer values_, validity_, offsets_;
  std::int64_t rows_ = 0, nulls_ = 0;
  bool open_labels_ = false;  // labels are collected, not given
  std::vector<std::string> collected_;
  std::map<std::string, std::int32_t, std::less<>> codes_;
};

//! One below the other as `field`. Types are the same; labels of part p are renumbered by recode[p]
//! (empty: as they are).
Column join_columns(Field field, std::span<const Column> parts, std::span<const std::vector<std::int32_t>> recode = {});

}  // namespace persona
