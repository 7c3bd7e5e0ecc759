//! Flatbuffers read without trust: what lies outside of its buffer reads as absent, and the buffer is then unsound.
//! @source{https://flatbuffers.dev/internals}
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace persona {

//! The bytes of one flatbuffer, which outlive it. What was read counts only if `is_sound()` afterwards.
class FlatBytes {
 public:
  explicit FlatBytes(std::span<const std::byte> bytes);

  bool is_sound() const { return sound_; }
  void condemn() { sound_ = false; }

  bool holds(std::size_t place, std::size_t size) const {
    return place <= bytes_.size() && size <= bytes_.size() - place;
  }
  //! T() outside of the bytes.
  template <class T>
  T at(std::size_t place) {
    T value{};
    if (!holds(place, sizeof(T))) return condemn(), value;
    std::memcpy(&value, bytes_.data() + place, sizeof(T));
    return value;
  }
  //! Texts and tables may be shared, but not without end.
  std::string_view text(std::size_t place, std::size_t size);
  void visit_table();

 private:
  std::span<const std::byte> bytes_;
  std::size_t text_left_, tables_left_;
  bool sound_ = true;
};

class FlatRows;

//! A table; fields count from 0. An absent table has no fields.
class FlatFields {
 public:
  FlatFields() = default;
  FlatFields(FlatBytes& bytes, std::size_t place);
  static FlatFields root(FlatBytes& bytes);

  bool is_there() const { return bytes_ != nullptr; }

  template <class T>
  T scalar(int field, T absent = T()) const {
    const std::size_t place = place_of(field, sizeof(T));
    return place == 0 ? absent : bytes_->template at<T>(place);
  }
  FlatFields table(int field) const;
  std::string_view text(int field) const;
  //! @param element_bytes  of a struct, or 4 of a table
  FlatRows rows(int field, std::size_t element_bytes) const;

 private:
  std::size_t place_of(int field, std::size_t size) const;  // 0: absent
  std::size_t target_of(int field) const;                   // what an offset points to; 0: absent

  FlatBytes* bytes_ = nullptr;
  std::size_t table_ = 0, table_bytes_ = 0, offsets_ = 0, offsets_bytes_ = 0;
};

//! A vector of structs or tables.
class FlatRows {
 public:
  FlatRows() = default;
  FlatRows(FlatBytes& bytes, std::size_t place, std::size_t element_bytes);

  std::size_t size() const { return size_; }
  FlatFields table(std::size_t i) const;
  //! Of struct i, what lies so many bytes behind its beginning.
  template <class T>
  T member(std::size_t i, std::size_t behind = 0) const {
    return bytes_ == nullptr ? T() : bytes_->template at<T>(first_ + i * element_bytes_ + behind);
  }

 private:
  FlatBytes* bytes_ = nullptr;
  std::size_t first_ = 0, size_ = 0, element_bytes_ = 1;
};

}  // namespace persona
