//! Values as Postgres sends them: big-endian, lengths before bytes.
//! https://www.postgresql.org/docs/15/protocol-overview.html#PROTOCOL-FORMAT-CODES
#pragma once

#include <persona/core/value.hpp>

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

namespace persona::postgres {

//! Numbers of types (`pg_type.oid`), the same in every database.
enum TypeId : unsigned {
  bool_id = 16,
  int8_id = 20,
  int4_id = 23,
  text_id = 25,
  float8_id = 701,
  text_array_id = 1009,
  date_id = 1082
};

inline constexpr std::int32_t days_to_2000 = 10'957;                    // Postgres counts days from 2000-01-01
inline constexpr std::int32_t first_day = -2'451'545 + days_to_2000;    // 4714-11-24 BC
inline constexpr std::int32_t last_day = 2'145'031'948 + days_to_2000;  // 5874897-12-31

//! The bytes of a whole number, the most significant first.
template <class T>
void put_integer(char* to, T number) {
  auto bits = static_cast<std::make_unsigned_t<T>>(number);
  for (std::size_t i = sizeof(T); i-- > 0; bits = static_cast<decltype(bits)>(bits >> 4 >> 4))
    to[i] = static_cast<char>(bits & 0xff);
}

template <class T>
T take_integer(const char* from) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) bits = bits << 8 | static_cast<unsigned char>(from[i]);
  return static_cast<T>(bits);
}

//! Takes big-endian numbers and bytes one after the other; what lies beyond the end is empty.
class BinaryReader {
 public:
  explicit BinaryReader(std::string_view bytes) : bytes_(bytes) {}

  std::int32_t take_int() {
    const std::string_view four = take_bytes(4);
    return four.size() == 4 ? take_integer<std::int32_t>(four.data()) : 0;
  }
  std::string_view take_bytes(std::int32_t count) {
    const std::string_view taken = bytes_.substr(0, count < 0 ? 0 : static_cast<std::size_t>(count));
    bytes_.remove_prefix(taken.size());
    return taken;
  }
  bool is_at_end() const { return bytes_.empty(); }

 private:
  std::string_view bytes_;
};

//! Calls `take` with each text of a one-dimensional text[]. @return false where it is another array, or one holds NULL
template <class Take>
bool each_text(std::string_view array, const Take& take) {
  BinaryReader reader(array);
  const std::int32_t dimensions = reader.take_int();
  const bool has_missing = reader.take_int() != 0;
  const auto type = static_cast<unsigned>(reader.take_int());
  if (dimensions == 0) return true;
  if (dimensions != 1 || has_missing || type != text_id) return false;
  const std::int32_t count = reader.take_int();
  reader.take_int();  // the first one's number
  for (std::int32_t i = 0; i < count; ++i)
    if (!take(reader.take_bytes(reader.take_int()))) return false;
  return true;
}

inline double take_double(const char* from) {
  return std::bit_cast<double>(take_integer<std::uint64_t>(from));
}

template <class T>
void append_number(std::string& to, T number) {
  char bytes[sizeof(T)];
  put_integer(bytes, number);
  to.append(bytes, sizeof(T));
}

//! Days as Postgres counts them; those it does not know lie before and after all others.
inline std::int32_t postgres_days(Date date) {
  if (date.days < first_day) return INT32_MIN;
  if (date.days > last_day) return INT32_MAX;
  return date.days - days_to_2000;
}

}  // namespace persona::postgres
