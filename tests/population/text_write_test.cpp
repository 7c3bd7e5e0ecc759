//! Numbers, days and text as they are written into exports.
#include "population/text_write.hpp"

#include "core/utf8.hpp"
#include "population/text_table.hpp"

#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <string>

#include <doctest/doctest.h>

using namespace persona;

namespace {

std::string integer(std::int64_t value) {
  char text[longest_number];
  return {text, write_integer(text, value)};
}

std::string number(double value, int decimals = -1) {
  char text[longest_number];
  return {text, write_double(text, value, decimals)};
}

std::string day(std::int32_t days) {
  char text[longest_number];
  return {text, write_date(text, Date{days})};
}

double read_back(const std::string& text) {
  double value = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  CHECK(end.ptr == text.data() + text.size());
  return value;
}

}  // namespace

TEST_CASE("whole numbers of every length are written as std::to_string writes them") {
  std::int64_t value = 7;
  for (int digits = 1; digits < 19; ++digits, value = value * 10 + digits % 10)
    for (const std::int64_t near : {value - 1, value, -value}) CHECK(integer(near) == std::to_string(near));
  for (const std::int64_t edge :
       {std::int64_t{0}, std::int64_t{9}, std::int64_t{10}, std::int64_t{99}, std::int64_t{100},
        std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()})
    CHECK(integer(edge) == std::to_string(edge));
}

TEST_CASE("doubles are short, keep a point or an exponent, and read back the same") {
  CHECK(number(45) == "45.0");
  CHECK(number(-0.0) == "-0.0");
  CHECK(number(0.1) == "0.1");
  CHECK(number(1e16) == "1e+16");
  CHECK(number(1e-7) == "1e-07");
  CHECK(number(123456789012345680.0) == "1.2345678901234568e+17");
  CHECK(number(std::numeric_limits<double>::denorm_min()) == "5e-324");
  CHECK(number(-std::numeric_limits<double>::max()) == "-1.7976931348623157e+308");
  std::mt19937_64 bits(5);
  for (int i = 0; i < 20000; ++i) {
    const std::uint64_t word = bits();
    double value = 0;
    std::memcpy(&value, &word, sizeof value);
    if (std::isfinite(value)) CHECK(read_back(number(value)) == value);
  }
}

TEST_CASE("the number of decimals is a hint that never changes the text") {
  std::mt19937_64 bits(6);
  for (int decimals = 0; decimals <= 9; ++decimals) {
    const double unit = std::pow(10, decimals);
    for (int i = 0; i < 5000; ++i) {
      const auto digits = static_cast<double>(static_cast<std::int64_t>(bits()) >> (bits() % 60));
      for (const double value : {digits / unit, std::nextafter(digits / unit, 0.0), digits / unit / 3, digits * 1e-3})
        CHECK(number(value, decimals) == number(value));
    }
  }
  for (const double value : {0.0, -0.0, 1e-5, 99999.99999, 999999999999999.0, 1e15, 1e300, 0.5, 2.5, -1e-9})
    for (int decimals = -1; decimals < 12; ++decimals) CHECK(number(value, decimals) == number(value));
  CHECK(number(-12.30, 2) == "-12.3");
  CHECK(number(7, 0) == "7.0");
}

TEST_CASE("days are ISO 8601, also far away") {
  for (const std::int32_t days : {0, -1, 18262, -719528, -719529, 2932896, 2932897, -141428, 11016})
    CHECK(day(days) == to_string(Date{days}));
  CHECK(day(18262) == "2020-01-01");
}

TEST_CASE("JSON text is escaped where it must be, and invalid bytes are replaced") {
  CHECK(json_text("") == "\"\"");
  CHECK(json_text("a\"b\\c\n\t\r\x01") == "\"a\\\"b\\\\c\\n\\t\\r\\u0001\"");
  CHECK(json_text("Zoë 🙂") == "\"Zoë 🙂\"");
  CHECK(json_text("a\xff"
                  "b\xe2\x82") ==
        "\"a\xef\xbf\xbd"
        "b\xef\xbf\xbd\xef\xbf\xbd\"");
  CHECK(json_text("\xed\xa0\x80") == "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
}

TEST_CASE("CSV text is quoted where it must be, and empty text differs from a missing value") {
  CHECK(csv_text("plain text") == "plain text");
  CHECK(csv_text("") == "\"\"");
  CHECK(csv_text("a,b") == "\"a,b\"");
  CHECK(csv_text("a\"b") == "\"a\"\"b\"");
  CHECK(csv_text("a\nb") == "\"a\nb\"");
  CHECK(csv_text("a\rb") == "\"a\rb\"");
  CHECK(csv_text("\xc3") == "\xef\xbf\xbd");
}

TEST_CASE("tables keep to their width") {
  TextTable table;
  table.add_column("name", TextAlign::left);
  table.add_column("much", TextAlign::right, 2);
  table.add_column("more", TextAlign::right, 1);
  table.add_column("never", TextAlign::left, 3);
  table.add_row({"Zoë\n", "1", "2", ""});
  CHECK(TextTable(table).to_text(80) == "name  much  more\n────────────────\nZoë      1     2\n");
  CHECK(TextTable(table).to_text(12) == "name  more\n──────────\nZoë      2\n");
  CHECK(TextTable(table).to_text(3) == "na…\n───\nZoë\n");
  CHECK(fit_width("ëëëë", 4) == "ëëëë");
  CHECK(fit_width("ëëëë", 3) == "ëë…");
  CHECK(fit_width("ë", 0).empty());
}
