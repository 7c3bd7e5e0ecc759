//! The Arrow C Data Interface as a consumer in C sees it.
#include <persona/population/arrow.hpp>
#include <persona/population/export.hpp>

#include "example.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>

#include <doctest/doctest.h>

using namespace persona;
using namespace persona::testing;

namespace {

struct Exported {
  ArrowSchema schema{};
  ArrowArray array{};
  explicit Exported(const Population& population) { export_arrow(population, &schema, &array); }
  ~Exported() {
    if (schema.release != nullptr) schema.release(&schema);
    if (array.release != nullptr) array.release(&array);
  }
};

std::function<Result<Population>()> batches_of(Population population, std::int64_t rows) {
  return [population, rows, first = std::int64_t{0}]() mutable -> Result<Population> {
    const std::int64_t count = std::min(rows, population.size() - first);
    first += count;
    return population.slice(first - count, count);
  };
}

}  // namespace

TEST_CASE("the schema says the type, the labels and the metadata of each column") {
  const Exported exported(example_population(10));
  CHECK(std::string(exported.schema.format) == "+s");
  const std::vector<std::string> formats = {"g", "g", "i", "l", "b", "tdD", "c", "U", "+l"};
  REQUIRE(exported.schema.n_children == 9);
  for (std::size_t k = 0; k < formats.size(); ++k) {
    CHECK(exported.schema.children[k]->format == formats[k]);
    CHECK((exported.schema.children[k]->flags & ARROW_FLAG_NULLABLE) != 0);
  }
  const ArrowSchema& level = *exported.schema.children[6];
  CHECK(std::string(level.name) == "level");
  CHECK(std::string(level.dictionary->format) == "u");
  CHECK((level.flags & ARROW_FLAG_DICTIONARY_ORDERED) != 0);
  const ArrowSchema& item = *exported.schema.children[8]->children[0];
  CHECK(std::string(item.format) == "i");
  CHECK(item.dictionary != nullptr);
  CHECK(level.metadata == nullptr);
  // One pair: its count, then each text behind its length, as native int32.
  const char expected[] = "\1\0\0\0\4\0\0\0unit\2\0\0\0km";
  CHECK(std::memcmp(exported.schema.children[0]->metadata, expected, sizeof expected - 1) == 0);
}

TEST_CASE("values are not copied, and slices are offsets") {
  const Population example = example_population(50);
  const Exported exported(example.slice(13, 20));
  CHECK(exported.array.length == 20);
  CHECK(exported.array.n_buffers == 1);
  for (std::size_t k = 0; k < example.columns().size(); ++k) {
    const Column::Parts& parts = example.columns()[k].parts();
    const ArrowArray& child = *exported.array.children[k];
    const bool offsets = parts.offsets != nullptr;
    CHECK(child.offset == 13);
    CHECK(child.length == 20);
    CHECK(child.null_count == example.slice(13, 20).columns()[k].null_count());
    CHECK(child.buffers[0] == parts.validity->data());
    CHECK(child.buffers[1] == (offsets ? parts.offsets : parts.values)->data());
  }
  const ArrowArray& labels = *exported.array.children[6]->dictionary;
  CHECK(labels.length == 3);
  CHECK(std::string(static_cast<const char*>(labels.buffers[2]), 3) == "low");
  CHECK(exported.array.children[8]->children[0]->buffers[1] == example.find("chosen")->parts().values->data());
}

TEST_CASE("exported memory outlives the population and ends with its last owner") {
  auto population = std::make_unique<Population>(example_population(20));
  const std::weak_ptr<const Buffer> watched = population->columns()[0].parts().values;
  ArrowSchema schema{};
  ArrowArray array{};
  export_arrow(*population, &schema, &array);
  population.reset();
  CHECK_FALSE(watched.expired());

  // A consumer may keep one child and release the rest.
  ArrowArray kept = *array.children[0];
  array.children[0]->release = nullptr;
  array.release(&array);
  CHECK((array.release == nullptr));
  CHECK_FALSE(watched.expired());
  CHECK(static_cast<const double*>(kept.buffers[1])[0] == -5.0);
  kept.release(&kept);
  CHECK(watched.expired());
  schema.release(&schema);
  CHECK((schema.release == nullptr));
}

TEST_CASE("one column alone, and a schema alone, can be exported") {
  ArrowSchema schema{};
  ArrowArray array{};
  const Population example = example_population(20);
  export_arrow(*example.find("level"), &schema, &array);
  CHECK(std::string(schema.name) == "level");
  CHECK(array.dictionary->length == 3);
  CHECK(array.null_count == 2);
  array.release(&array);
  schema.release(&schema);
  export_arrow_schema(example, &schema);
  CHECK(schema.n_children == 9);
  schema.release(&schema);
}

TEST_CASE("a stream gives its batches, then its end") {
  const Population example = example_population(100);
  ArrowArrayStream stream{};
  export_arrow_stream(example, batches_of(example, 30), &stream);
  ArrowSchema schema{};
  CHECK(stream.get_schema(&stream, &schema) == 0);
  CHECK(schema.n_children == 9);
  schema.release(&schema);
  std::int64_t rows = 0;
  for (int batch = 0; batch < 4; ++batch) {
    ArrowArray array{};
    REQUIRE(stream.get_next(&stream, &array) == 0);
    REQUIRE((array.release != nullptr));
    rows += array.length;
    array.release(&array);
  }
  CHECK(rows == 100);
  for (int again = 0; again < 2; ++again) {
    ArrowArray end{};
    CHECK(stream.get_next(&stream, &end) == 0);
    CHECK((end.release == nullptr));
  }
  CHECK(stream.get_last_error(&stream) == nullptr);
  stream.release(&stream);
  CHECK((stream.release == nullptr));
}

TEST_CASE("what goes wrong in a stream is told in its words") {
  const Population example = example_population(3);
  const auto error_of = [&](std::function<Result<Population>()> next, int code) {
    ArrowArrayStream stream{};
    export_arrow_stream(example, std::move(next), &stream);
    ArrowArray array{};
    CHECK(stream.get_next(&stream, &array) == code);
    CHECK((array.release == nullptr));
    const std::string message = stream.get_last_error(&stream);
    stream.release(&stream);
    return message;
  };
  CHECK(error_of([] { return Result<Population>(fail(Errc::cancelled, "stopped here")); }, ECANCELED) ==
        "stopped here");
  CHECK(error_of([]() -> Result<Population> { throw std::runtime_error("thrown"); }, EIO) == "thrown");
  CHECK(error_of([&] { return *example.select(std::vector<std::string>{"real"}); }, EINVAL).find("other columns") !=
        std::string::npos);
}

TEST_CASE("IPC files begin and end as the format says, and refuse other labels") {
  std::ostringstream out;
  const auto sink = make_stream_sink(out, FileFormat::arrow);
  const auto kinds = [](std::vector<std::string> names) {
    return population_of(
        {column_of({.name = "kind", .type = ColumnType::category, .labels = labels(std::move(names))}, {"b"})});
  };
  CHECK(sink->append(kinds({"a", "b"})));
  const Status other = sink->append(kinds({"b"}));
  REQUIRE_FALSE(other);
  CHECK(other.error().message == "column 'kind' of the batch differs from column 'kind' of the first one");
  CHECK(sink->append(kinds({"a", "b"})));
  CHECK(sink->finish());
  const std::string bytes = out.str();
  CHECK(bytes.size() % 64 == 8);  // messages of whole blocks of 64 bytes, then the end of the stream
  CHECK(bytes.substr(0, 4) == "\xff\xff\xff\xff");
  CHECK(bytes.substr(bytes.size() - 8) == std::string("\xff\xff\xff\xff\0\0\0\0", 8));
}
