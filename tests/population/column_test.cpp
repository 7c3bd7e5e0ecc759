//! Columns: values in, values out, slices and gathered rows.
#include <persona/population/column.hpp>

#include "example.hpp"
#include "population/bits.hpp"
#include "population/column_build.hpp"

#include <algorithm>
#include <cmath>

#include <doctest/doctest.h>

using namespace persona;
using namespace persona::testing;

namespace {

std::string error_of(Field field, Value value) {
  const Result<Column> column = Column::from_values(std::move(field), std::vector<Value>{std::move(value)});
  REQUIRE_FALSE(column);
  CHECK(column.error().code == Errc::invalid_argument);
  return column.error().message;
}

std::vector<Value> values_of(const Column& column) {
  std::vector<Value> values;
  for (std::int64_t row = 0; row < column.size(); ++row) values.push_back(column.value(row));
  return values;
}

}  // namespace

TEST_CASE("buffers are aligned to 64 bytes and padded with zeros to a multiple of 64") {
  for (const std::size_t bytes : {0, 1, 63, 64, 65, 512, 513, 1000, 9'000'000}) {
    const auto buffer = Buffer::allocate(bytes);
    CHECK(reinterpret_cast<std::uintptr_t>(buffer->data()) % 64 == 0);
    CHECK(buffer->size() == bytes);
    for (std::size_t i = bytes; i % 64 != 0; ++i) CHECK(buffer->data()[i] == std::byte{0});
  }
}

TEST_CASE("every type gives back the values it was made from") {
  const Population example = example_population(50);
  for (const Column& column : example.columns()) {
    CAPTURE(column.name());
    const std::vector<Value> values = values_of(column);
    const Column again = column_of(column.field(), values);
    CHECK(values_of(again) == values);
    CHECK(again.null_count() == std::ranges::count(values, Value()));
    CHECK(again.field() == column.field());
  }
}

TEST_CASE("a slice at any offset and the rows taken one by one say the same as the column") {
  const Population example = example_population(80);
  for (const Column& column : example.columns()) {
    CAPTURE(column.name());
    const std::vector<Value> values = values_of(column);
    for (const std::int64_t first : {0, 1, 7, 8, 13}) {
      const Column slice = column.slice(first, 61);
      std::vector<std::int64_t> rows;
      for (std::int64_t row = 0; row < 61; ++row) rows.push_back(first + row);
      const std::vector<Value> expected(values.begin() + first, values.begin() + first + 61);
      CHECK(values_of(slice) == expected);
      CHECK(slice.null_count() == std::ranges::count(expected, Value()));
      CHECK(slice.parts().values == column.parts().values);
      CHECK(values_of(column.take(rows)) == expected);
      CHECK(values_of(slice.slice(2, 5).take(std::vector<std::int64_t>{4, 0, 4})) ==
            std::vector<Value>{values[first + 6], values[first + 2], values[first + 6]});
    }
  }
}

TEST_CASE("numbers reads a range as number reads a row") {
  const Population example = example_population(40);
  for (const Column& whole : example.columns()) {
    const Column column = whole.slice(3, 37);
    std::vector<double> numbers(30);
    column.numbers(5, numbers);
    for (std::int64_t i = 0; i < 30; ++i) {
      const double one = column.number(5 + i);
      CHECK((numbers[i] == one || (std::isnan(numbers[i]) && std::isnan(one))));
    }
  }
}

TEST_CASE("typed views are there for their type alone") {
  const Population example = example_population(10);
  CHECK(example.find("real")->float64s().size() == 10);
  CHECK(example.find("real")->int64s().empty());
  CHECK(example.find("large")->int64s()[0] == -3'000'000'021'000);
  CHECK(example.find("day")->int32s()[0] == -3000);
  CHECK(example.find("level")->codes8()[2] == 2);
  CHECK(example.find("level")->codes16().empty());
  CHECK(example.find("text")->float64s().empty());
  CHECK(example.find("level")->code(6) == -1);
  CHECK(example.find("level")->text(1) == "mid, dle");
  CHECK(example.find("chosen")->list(6).size() == 2);
}

TEST_CASE("labels that were not given are collected, with codes as wide as they need") {
  std::vector<Value> many;
  for (int i = 0; i < 400; ++i) many.push_back("label " + std::to_string(i % 300));
  const Column column = column_of({.name = "place", .type = ColumnType::category}, many);
  CHECK(column.field().labels->size() == 300);
  CHECK(column.field().code_bytes == 2);
  CHECK(column.text(299) == "label 299");
  CHECK(column.code(301) == 1);
  CHECK(column_of({.name = "x", .type = ColumnType::category}, {"b", "a", "b"}).field().code_bytes == 1);
}

TEST_CASE("a value that does not fit is refused by name") {
  CHECK(error_of({.name = "age", .type = ColumnType::int32}, 3'000'000'000) ==
        "column 'age': row 0: '3000000000' is not a value of type int32");
  CHECK(error_of({.name = "age", .type = ColumnType::int32}, 1.5).find("'1.5' is not a value") != std::string::npos);
  CHECK(error_of({.name = "on", .type = ColumnType::boolean}, std::int64_t{1}).find("boolean") != std::string::npos);
  CHECK(error_of({.name = "day", .type = ColumnType::date}, "2020-01-01").find("date") != std::string::npos);
  CHECK(error_of({.name = "note", .type = ColumnType::text}, "\xff") == "column 'note': row 0: text is not UTF-8");
  const Field sex{.name = "sex", .type = ColumnType::category, .labels = labels({"female", "male"})};
  CHECK(error_of(sex, "mael") ==
        "column 'sex': row 0: no label 'mael'; there are 'female', 'male'; did you mean 'male'?");
}

TEST_CASE("whole numbers are accepted where they lose nothing") {
  CHECK(column_of({.name = "n", .type = ColumnType::int32}, {4.0}).value(0) == Value(std::int64_t{4}));
  CHECK(column_of({.name = "x"}, {std::int64_t{4}}).value(0) == Value(4.0));
}

TEST_CASE("a draft is filled in place and uses memory that nobody else holds") {
  ColumnDraft draft({.name = "x"}, 100);
  std::ranges::fill(draft.values<double>(), 1.5);
  clear_bit(draft.validity(), 42);
  Column column = std::move(draft).finish();
  CHECK(column.null_count() == 1);
  CHECK(column.value(41) == Value(1.5));
  CHECK(column.value(42) == Value());

  const std::byte* memory = column.parts().values->data();
  CHECK(ColumnDraft({.name = "y"}, 100, column).bits() != memory);
  CHECK(ColumnDraft({.name = "y"}, 90, std::move(column)).bits() == memory);
}

TEST_CASE("bits are counted, filled and copied between any positions") {
  std::vector<std::byte> from(40), to(40);
  for (std::int64_t i = 0; i < 320; ++i) put_bit(from.data(), i, (i * i) % 7 < 3);
  for (const std::int64_t a : {0, 3, 8, 17})
    for (const std::int64_t b : {0, 5, 8, 23})
      for (const std::int64_t count : {0, 1, 8, 130, 200}) {
        std::ranges::fill(to, std::byte{0xff});
        copy_bits(from.data(), a, to.data(), b, count);
        std::int64_t ones = 0;
        for (std::int64_t i = 0; i < 320; ++i) {
          const bool inside = i >= b && i < b + count;
          CHECK(bit_at(to.data(), i) == (inside ? bit_at(from.data(), a + i - b) : true));
          ones += inside && bit_at(to.data(), i);
        }
        CHECK(count_bits(to.data(), b, count) == ones);
        fill_bits(to.data(), b, count, false);
        CHECK(count_bits(to.data(), 0, 320) == 320 - count);
      }
}
