//! Values as text, written into memory that is known to be large enough. No locale, no allocation.
#pragma once

#include <persona/core/value.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace persona {

//! No number or day written below is longer.
inline constexpr std::size_t longest_number = 32;

//! Each returns the end of what it wrote.
char* write_integer(char* to, std::int64_t value);

//! The shortest text that reads back as the same double, always with a point or an exponent: "45.0".
//! @param decimals  a hint: values with at most so many digits after the point are written faster
//! @pre finite
char* write_double(char* to, double value, int decimals = -1);

//! ISO 8601, "2019-07-04".
char* write_date(char* to, Date date);

//! In quotation marks, escaped; bytes that are not UTF-8 become U+FFFD.
std::string json_text(std::string_view text);

//! As a field of RFC 4180: in quotation marks only where it needs them; bytes that are not UTF-8 become
//! U+FFFD. Empty text is `""`, to differ from a missing value.
std::string csv_text(std::string_view text);

}  // namespace persona
