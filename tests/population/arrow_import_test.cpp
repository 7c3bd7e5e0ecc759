//! Populations out of the Arrow C Data Interface: every type, every layout, and what is refused.
#include <persona/population/arrow.hpp>

#include "example.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace persona;
using namespace persona::testing;

namespace {

// A record batch of one column, owned by the test; counts how often it is released.
struct ForeignBatch {
  std::vector<const void*> buffers;
  ArrowSchema type{}, labels{};
  ArrowArray values{}, dictionary{};
  int released = 0;

  ForeignBatch(const char* format, std::int64_t rows, std::vector<const void*> given) : buffers(std::move(given)) {
    type.format = format;
    type.name = "x";
    values.length = rows;
    values.null_count = -1;
    values.buffers = buffers.data();
    values.n_buffers = static_cast<std::int64_t>(buffers.size());
  }

  void add_labels(std::int64_t count, std::vector<const void*>& memory) {
    labels.format = "u";
    type.dictionary = &labels;
    dictionary.length = count;
    dictionary.null_count = -1;
    dictionary.buffers = memory.data();
    dictionary.n_buffers = 3;
    values.dictionary = &dictionary;
  }

  Result<Population> import(std::int64_t first = 0, std::int64_t rows = -1) {
    ArrowSchema* types[] = {&type};
    ArrowArray* columns[] = {&values};
    const void* none[] = {nullptr};
    ArrowSchema schema{.format = "+s", .name = "", .n_children = 1, .children = types};
    schema.release = [](ArrowSchema* s) { ++*static_cast<int*>(s->private_data), s->release = nullptr; };
    ArrowArray array{.length = rows < 0 ? values.length : rows, .offset = first, .n_buffers = 1, .n_children = 1};
    array.buffers = none;
    array.children = columns;
    array.release = [](ArrowArray* a) { ++*static_cast<int*>(a->private_data), a->release = nullptr; };
    schema.private_data = array.private_data = &released;
    auto read = import_arrow(&schema, &array);
    CHECK(released == 2);  // also on an error
    released = 0;
    return read;
  }

  std::vector<Value> read(std::int64_t first = 0, std::int64_t rows = -1) {
    const auto population = import(first, rows);
    REQUIRE_MESSAGE(population.has_value(), population.error().message);
    std::vector<Value> out;
    for (std::int64_t row = 0; row < population->size(); ++row) out.push_back(population->columns()[0].value(row));
    return out;
  }
  std::string error() {
    const auto population = import();
    REQUIRE_FALSE(population);
    return population.error().message;
  }
};

template <class T>
std::vector<Value> read_numbers(const char* format, std::vector<T> numbers) {
  return ForeignBatch(format, static_cast<std::int64_t>(numbers.size()), {nullptr, numbers.data()}).read();
}

Result<Population> through_arrow(const Population& population) {
  ArrowSchema schema{};
  ArrowArray array{};
  export_arrow(population, &schema, &array);
  auto back = import_arrow(&schema, &array);
  CHECK((schema.release == nullptr));
  CHECK((array.release == nullptr));
  return back;
}

using Values = std::vector<Value>;

}  // namespace

TEST_CASE("what is exported comes back equal, with its fields") {
  const Population example = example_population(100);
  for (const Population& part : {example, example.slice(13, 50), example.slice(7, 0), example.slice(0, 1)}) {
    const auto back = through_arrow(part);
    REQUIRE_MESSAGE(back.has_value(), back.error().message);
    CHECK(*back == part);
    for (std::size_t k = 0; k < part.columns().size(); ++k)
      CHECK(back->columns()[k].field() == part.columns()[k].field());
  }
}

TEST_CASE("numbers of every width are read") {
  CHECK(read_numbers<std::int8_t>("c", {-128, 127}) == Values{std::int64_t{-128}, std::int64_t{127}});
  CHECK(read_numbers<std::uint8_t>("C", {255}) == Values{std::int64_t{255}});
  CHECK(read_numbers<std::int16_t>("s", {-32768}) == Values{std::int64_t{-32768}});
  CHECK(read_numbers<std::uint16_t>("S", {65535}) == Values{std::int64_t{65535}});
  CHECK(read_numbers<std::uint32_t>("I", {4294967295U}) == Values{std::int64_t{4294967295}});
  CHECK(read_numbers<std::int64_t>("l", {-5}) == Values{std::int64_t{-5}});
  CHECK(read_numbers<std::uint64_t>("L", {1ULL << 62}) == Values{std::int64_t{1} << 62});
  CHECK(read_numbers<float>("f", {0.5F, -3}) == Values{0.5, -3.0});
  // Of float16: one, the least and the greatest there are, the least that is normal, minus infinity.
  CHECK(read_numbers<std::uint16_t>("e", {0x3c00, 0x0001, 0x7bff, 0x0400, 0xfc00}) ==
        Values{1.0, 0x1p-24, 65504.0, 0x1p-14, -std::numeric_limits<double>::infinity()});
  CHECK(read_numbers<std::int64_t>("tdm", {86'400'000, -1, 0}) == Values{Date{1}, Date{-1}, Date{0}});
  ForeignBatch nothing("n", 2, {});
  nothing.values.null_count = 2;
  CHECK(nothing.read() == Values{Value(), Value()});
}

TEST_CASE("offsets of the batch and of the column add up, and missing rows stay missing") {
  const std::int32_t numbers[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  const unsigned char valid[] = {0b1101'1111, 0b11};  // row 5 is missing
  ForeignBatch batch("i", 7, {valid, numbers});
  batch.values.offset = 3;
  CHECK(batch.read(1, 3) == Values{std::int64_t{4}, Value(), std::int64_t{6}});
  const unsigned char bits[] = {0b0110'0000, 0b1};
  ForeignBatch yes("b", 4, {nullptr, bits});
  yes.values.offset = 5;
  CHECK(yes.read() == Values{true, true, false, true});
}

TEST_CASE("text is read behind short, long and no offsets") {
  const std::int32_t offsets[] = {0, 2, 2, 5};
  const std::int64_t wide[] = {0, 2, 2, 5};
  CHECK(ForeignBatch("u", 3, {nullptr, offsets, "abcde"}).read() == Values{"ab", "", "cde"});
  CHECK(ForeignBatch("U", 3, {nullptr, wide, "abcde"}).read() == Values{"ab", "", "cde"});
  CHECK(ForeignBatch("u", 0, {nullptr, nullptr, nullptr}).read().empty());
  std::string views(32, '\0');
  const std::string shared = "..a text of many letters";
  const std::int32_t second[] = {22, 0, 0, 2};
  views[0] = 3;
  std::memcpy(views.data() + 4, "abc", 3);
  std::memcpy(views.data() + 16, second, 16);
  const std::int64_t sizes[] = {static_cast<std::int64_t>(shared.size())};
  CHECK(ForeignBatch("vu", 2, {nullptr, views.data(), shared.data(), sizes}).read() ==
        Values{"abc", "a text of many letters"});
  const std::int64_t less[] = {static_cast<std::int64_t>(shared.size()) - 1};
  CHECK(ForeignBatch("vu", 2, {nullptr, views.data(), shared.data(), less}).error() ==
        "column 'x': row 1: a text at byte 2 of a buffer of 23");
}

TEST_CASE("a dictionary gives labels in its order, each once; indexes have any type") {
  const std::int32_t offsets[] = {0, 1, 2, 3, 3};
  const unsigned char valid[] = {0b0111};  // the fourth label is missing
  std::vector<const void*> memory = {valid, offsets, "bab"};
  const std::uint16_t indexes[] = {2, 1, 3, 0};
  ForeignBatch batch("S", 4, {nullptr, indexes});
  batch.add_labels(4, memory);
  CHECK(batch.read() == Values{"b", "a", Value(), "b"});
  batch.type.flags = ARROW_FLAG_DICTIONARY_ORDERED;
  const auto read = batch.import();
  REQUIRE(read);
  const Field& field = read->columns()[0].field();
  CHECK(*field.labels == std::vector<std::string>{"b", "a"});
  CHECK(field.ordered);
  CHECK(field.code_bytes == 1);
  const std::int64_t wrong[] = {0, -1};
  ForeignBatch beyond("l", 2, {nullptr, wrong});
  beyond.add_labels(4, memory);
  CHECK(beyond.error() == "column 'x': row 1: index -1 of 4 labels");
}

TEST_CASE("a stream's batches are joined, and their dictionaries merged") {
  const auto kinds = [](std::vector<std::string> names, std::vector<Value> values) {
    return population_of(
        {column_of({.name = "kind", .type = ColumnType::category, .labels = labels(std::move(names))}, values)});
  };
  std::vector<Population> batches = {kinds({"a", "b"}, {"b", Value()}), kinds({"c", "a"}, {"c", "a"}),
                                     kinds({"a"}, {})};
  ArrowArrayStream stream{};
  const auto next = [&, at = std::size_t{0}]() mutable -> Result<Population> { return batches[at++]; };
  export_arrow_stream(batches[0], next, &stream);
  const auto joined = import_arrow_stream(&stream);
  CHECK((stream.release == nullptr));
  REQUIRE(joined);
  CHECK(*joined == kinds({"a", "b", "c"}, {"b", Value(), "c", "a"}));
  CHECK(*joined->columns()[0].field().labels == std::vector<std::string>{"a", "b", "c"});

  export_arrow_stream(
      example_population(3), [] { return Result<Population>(Population()); }, &stream);
  const auto empty = import_arrow_stream(&stream);
  REQUIRE_MESSAGE(empty.has_value(), empty.error().message);
  CHECK(*empty == example_population(3).slice(0, 0));

  export_arrow_stream(
      Population(), [] { return Result<Population>(fail(Errc::cancelled, "stopped here")); }, &stream);
  const auto stopped = import_arrow_stream(&stream);
  REQUIRE_FALSE(stopped);
  CHECK(stopped.error() == Error{Errc::cancelled, "stopped here", ""});
  CHECK((stream.release == nullptr));
}

TEST_CASE("values beyond our columns are refused by column and row") {
  const std::uint64_t large[] = {1, 1ULL << 63};
  CHECK(ForeignBatch("L", 2, {nullptr, large}).error() ==
        "column 'x': row 1: 9223372036854775808 is beyond a 64-bit whole number");
  const unsigned char first_only[] = {0b01};
  CHECK(ForeignBatch("L", 2, {first_only, large}).read() == Values{std::int64_t{1}, Value()});
  const std::int64_t far[] = {std::numeric_limits<std::int64_t>::min()};
  CHECK(ForeignBatch("tdm", 1, {nullptr, far}).error() ==
        "column 'x': row 0: -9223372036854775808 ms is beyond the calendar");
  const std::int32_t offsets[] = {0, 1};
  CHECK(ForeignBatch("u", 1, {nullptr, offsets, "\xff"}).error() == "column 'x': row 0: text is not UTF-8");
}

TEST_CASE("types without a column are refused by their name") {
  const auto type_error = [](const char* format) { return ForeignBatch(format, 0, {nullptr, nullptr}).error(); };
  CHECK(type_error("tsu:UTC") ==
        "column 'x' is of the Arrow type timestamp[us, tz=UTC], which is not read: leave it "
        "out, or cast it to a number, text, labels or date32");
  const std::vector<std::pair<const char*, std::string>> others = {{"+s", "type struct"},
                                                                   {"d:10,2", "type decimal(10,2)"},
                                                                   {"z", "type binary"},
                                                                   {"+m", "type map"},
                                                                   {"w:16", "type fixed_size_binary"},
                                                                   {"tss:", "type timestamp[s]"},
                                                                   {"?", "type '?'"},
                                                                   {"tDn", "type duration"}};
  for (const auto& [format, words] : others) CHECK(type_error(format).find(words) != std::string::npos);
}

TEST_CASE("structural nonsense is refused") {
  const std::int32_t numbers[] = {1, 2, 3};
  const std::int32_t falling[] = {0, 3, 1};
  ForeignBatch batch("i", -1, {nullptr, numbers});
  CHECK(batch.error() == "column '(the record batch)': its length is -1");
  CHECK(ForeignBatch("i", 3, {nullptr, nullptr}).error() == "column 'x': its values are missing");
  CHECK(ForeignBatch("i", 3, {}).error() == "column 'x': its values are missing");
  CHECK(ForeignBatch("u", 2, {nullptr, falling, "abc"}).error() == "column 'x': row 2: offset 1 after 3");
  CHECK(ForeignBatch("u", 2, {nullptr, nullptr, "abc"}).error() == "column 'x': its offsets are missing");
  batch.values = {.length = 3, .null_count = 2, .offset = 0, .n_buffers = 2, .buffers = batch.buffers.data()};
  CHECK(batch.error() == "column 'x': its validity bits are missing");
  batch.values.null_count = 4;
  CHECK(batch.error() == "column 'x': its null count is 4");
  batch.values.null_count = 0;
  batch.values.offset = -3;
  CHECK(batch.error() == "column 'x': its offset is -3");
  batch.values.offset = 0;
  CHECK(batch.import(1, 3).error().message == "column 'x' has 3 rows, the record batch 4");

  ArrowSchema schema{};
  ArrowArray array{};
  CHECK(import_arrow(&schema, &array).error().message == "the Arrow schema or array has been released");
  CHECK(import_arrow(nullptr, nullptr).error().code == Errc::invalid_argument);
  CHECK(import_arrow_stream(nullptr).error().code == Errc::invalid_argument);
  export_arrow(*example_population(3).find("real"), &schema, &array);
  CHECK(import_arrow(&schema, &array).error().message ==
        "a record batch is wanted (a struct), this is an array of type float64");
}
