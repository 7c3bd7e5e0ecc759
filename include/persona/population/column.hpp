//! One attribute of many people: typed, contiguous, in the Arrow memory layout.
#pragma once

#include <persona/core/result.hpp>
#include <persona/core/value.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace persona {

enum class ColumnType {
  float64,
  int32,
  int64,
  boolean,   //!< one bit a person
  date,      //!< int32 days since 1970-01-01
  category,  //!< int8, int16 or int32 codes into labels
  text,      //!< UTF-8 behind int64 offsets
  list,      //!< lists of category codes (int32) behind int32 offsets
};

PERSONA_EXPORT std::string_view to_string(ColumnType type);

//! 64-byte aligned memory, freed with its last owner.
class Buffer {
 public:
  PERSONA_EXPORT static std::shared_ptr<Buffer> allocate(std::size_t bytes);
  PERSONA_EXPORT ~Buffer();
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  std::byte* data() { return data_; }
  const std::byte* data() const { return data_; }
  std::size_t size() const { return size_; }

 private:
  friend class GrowingBuffer;
  friend struct SmallBuffer;
  Buffer(std::byte* data, std::size_t size) : data_(data), size_(size) {}
  bool shrink(std::size_t bytes);  // false, and nothing done, where it would hold more memory than it needs
  std::byte* data_;
  std::size_t size_;
  bool is_small_ = false;  // its bytes follow it in memory, and go with it
};

//! What a column is, without its values.
struct Field {
  std::string name = {};
  ColumnType type = ColumnType::float64;
  std::string unit = {};
  std::string description = {};
  int decimals = -1;     //!< digits after the point that are ever needed; -1 is all
  bool ordered = false;  //!< labels are in rising order
  int code_bytes = 1;    //!< category codes: 1, 2 or 4
  std::shared_ptr<const std::vector<std::string>> labels = {};  //!< of category and list
  PERSONA_EXPORT bool operator==(const Field&) const;           //!< labels by value
};

//! An immutable column. Copies and slices share memory.
class Column {
 public:
  //! Wraps buffers that are already in the Arrow layout; nothing is copied or checked.
  struct Parts {
    std::shared_ptr<const Buffer> values = {};            //!< numbers, codes, bits, bytes of texts, codes of lists
    std::shared_ptr<const Buffer> validity = {};          //!< one bit a row, lowest first; null: all valid
    std::shared_ptr<const Buffer> offsets = {};           //!< of text (int64) and list (int32): one more than rows
    std::int64_t length = 0, offset = 0, null_count = 0;  //!< offset: rows skipped in every buffer
  };
  Column(Field field, Parts parts) : Column(std::make_shared<const Field>(std::move(field)), std::move(parts)) {}
  //! Of a field that other columns may have too. @pre it is not null
  Column(std::shared_ptr<const Field> field, Parts parts) : field_(std::move(field)), parts_(std::move(parts)) {}

  //! Makes a column from values. Labels not given are collected in order of first appearance;
  //! `code_bytes` grows where there are too many labels for it.
  //! @errors invalid_argument: a value that the field's type cannot hold, or no label of it
  [[nodiscard]] PERSONA_EXPORT static Result<Column> from_values(Field field, std::span<const Value> values);

  const Field& field() const { return *field_; }
  const Parts& parts() const { return parts_; }
  const std::string& name() const { return field_->name; }
  ColumnType type() const { return field_->type; }
  std::int64_t size() const { return parts_.length; }
  std::int64_t null_count() const { return parts_.null_count; }

  PERSONA_EXPORT bool is_valid(std::int64_t row) const;
  PERSONA_EXPORT Value value(std::int64_t row) const;        //!< missing is monostate
  PERSONA_EXPORT double number(std::int64_t row) const;      //!< code of a category, 0/1, days; NaN if missing or text
  PERSONA_EXPORT std::int64_t code(std::int64_t row) const;  //!< of a category; -1 if missing
  PERSONA_EXPORT std::string_view text(std::int64_t row) const;               //!< of text or category; "" if missing
  PERSONA_EXPORT std::span<const std::int32_t> list(std::int64_t row) const;  //!< codes of a list; empty if missing

  //! Contiguous values without a copy; empty where the type is another. Missing rows hold any value.
  PERSONA_EXPORT std::span<const double> float64s() const;
  PERSONA_EXPORT std::span<const std::int32_t> int32s() const;  //!< also dates, and codes of 4 bytes
  PERSONA_EXPORT std::span<const std::int64_t> int64s() const;
  PERSONA_EXPORT std::span<const std::int8_t> codes8() const;
  PERSONA_EXPORT std::span<const std::int16_t> codes16() const;

  //! Reads numbers as `number(row)` does, for rows first .. first + out.size().
  PERSONA_EXPORT void numbers(std::int64_t first, std::span<double> out) const;

  PERSONA_EXPORT Column slice(std::int64_t first, std::int64_t count) const;
  PERSONA_EXPORT Column take(std::span<const std::int64_t> rows) const;

 private:
  std::shared_ptr<const Field> field_;
  Parts parts_;
};

}  // namespace persona
