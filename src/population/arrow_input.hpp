//! Columns as Arrow brings them, from the C Data Interface or out of an IPC body, and how they become ours.
#pragma once

#include <persona/population/population.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace persona {

enum class ArrowKind { unsupported, nothing, boolean, integer, floating, date32, date64, text, text_view, list };

struct ArrowType {
  ArrowKind kind = ArrowKind::unsupported;
  int bytes = 0;  //!< of a number, or of an offset of text and lists
  bool is_signed = true;
  std::string words;  //!< as Arrow writes it, "timestamp[us]"
};

//! @param format  of the C Data Interface: "i", "tsu:UTC"
ArrowType arrow_type(std::string_view format);

struct ArrowField {
  std::string name = {};
  ArrowType type = {};                               //!< of the indexes where there is a dictionary
  std::shared_ptr<const ArrowType> dictionary = {};  //!< of its values
  std::shared_ptr<const ArrowField> item = {};       //!< of a list
  std::int64_t dictionary_id = 0;                    //!< of IPC
  bool ordered = false;
  std::string unit = {}, description = {};
  int decimals = -1;
};

//! Takes over what a field's metadata says of units and the like; the rest is others'.
void take_arrow_metadata(ArrowField& field, std::string_view key, std::string_view value);

//! @errors unsupported: names the column and its Arrow type; invalid_argument: a name that is not UTF-8
Status check_arrow_field(const ArrowField& field);

//! Memory that somebody else holds, at any alignment.
struct ArrowBytes {
  static constexpr std::int64_t unknown = std::numeric_limits<std::int64_t>::max();
  const std::byte* data = nullptr;
  std::int64_t size = 0;

  template <class T>
  T at(std::int64_t i) const {
    T value;
    std::memcpy(&value, data + i * static_cast<std::int64_t>(sizeof(T)), sizeof(T));
    return value;
  }
};

//! The values of a dictionary, each label once.
struct ArrowDictionary {
  std::shared_ptr<const std::vector<std::string>> labels = std::make_shared<const std::vector<std::string>>();
  std::vector<std::int32_t> codes = {};  //!< of each value of the dictionary: its label, -1 where missing
};

struct ArrowValues {
  std::int64_t length = 0, offset = 0;
  std::int64_t null_count = -1;  //!< -1: not known
  ArrowBytes validity = {}, offsets = {}, values = {};
  std::vector<ArrowBytes> shared = {};           //!< what views point into
  std::int64_t most_text = ArrowBytes::unknown;  //!< bytes that views may come to, which can share theirs
  std::shared_ptr<const ArrowValues> item = {};
  std::shared_ptr<const ArrowDictionary> dictionary = {};  //!< null: no values

  bool is_valid(std::int64_t row) const {
    return validity.data == nullptr ||
           (std::to_integer<int>(validity.data[(offset + row) / 8]) >> (offset + row) % 8 & 1);
  }
};

//! Lengths that make sense, and a validity bitmap where there is one to be. @errors invalid_argument
Status check_arrow_values(const std::string& column, const ArrowValues& values);

//! @errors invalid_argument: fewer bytes than `bytes`, or none; `what` says of what
Status need_arrow_bytes(const std::string& column, std::string_view what, ArrowBytes given, std::int64_t bytes);

//! Where the texts of a column lie; every one has been checked to lie in its buffer and to be UTF-8.
Result<std::vector<std::string_view>> arrow_texts(const std::string& column, const ArrowType& type,
                                                  const ArrowValues& values);

//! @param more  a dictionary of the same labels and values that these follow
Result<std::shared_ptr<const ArrowDictionary>> read_arrow_dictionary(const std::string& column, const ArrowType& type,
                                                                     const ArrowValues& values,
                                                                     const ArrowDictionary* more = nullptr);

//! The index of each row, checked to be one of the dictionary, as its label's code; -1 where missing.
Result<std::vector<std::int32_t>> arrow_codes(const ArrowField& field, const ArrowValues& values);

//! A column of its own memory.
//! @errors invalid_argument: a value that no column of ours can hold, or bytes that are not what they claim
Result<Column> read_arrow_column(const ArrowField& field, const ArrowValues& values);
Result<Column> read_arrow_labels(const ArrowField& field, const ArrowValues& values);  //!< of dictionaries
Result<Column> read_arrow_lists(const ArrowField& field, const ArrowValues& values);

//! The batches as one; without any, columns without rows.
Result<Population> join_arrow_batches(const std::vector<ArrowField>& fields, std::vector<Population> batches);

}  // namespace persona
