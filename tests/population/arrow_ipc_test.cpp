//! Arrow IPC read: files and streams come back equal; those cut off or changed at random end in an error.
#include <persona/population/arrow.hpp>
#include <persona/population/export.hpp>

#include "example.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

using namespace persona;
using namespace persona::testing;

namespace {

// In batches of so many rows.
void write_batches(PopulationSink& sink, const Population& population, std::int64_t rows) {
  for (std::int64_t first = 0; first == 0 || first < population.size(); first += rows)
    REQUIRE(sink.append(population.slice(first, std::min(rows, population.size() - first))));
  REQUIRE(sink.finish());
}

std::string ipc_stream(const Population& population, std::int64_t rows) {
  std::ostringstream out;
  write_batches(*make_stream_sink(out, FileFormat::arrow), population, rows);
  return out.str();
}

struct IpcFile {
  std::string path = (std::filesystem::temp_directory_path() / "persona-arrow-ipc-test.arrow").string();
  IpcFile(const Population& population, std::int64_t rows) {
    auto sink = open_file_sink(path, FileFormat::arrow);
    REQUIRE(sink);
    write_batches(**sink, population, rows);
  }
  IpcFile(const IpcFile&) = delete;
  IpcFile& operator=(const IpcFile&) = delete;
  ~IpcFile() { std::remove(path.c_str()); }
  std::string bytes() const {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
};

// Changed bytes may still be Arrow; then what is read must be readable to its end.
bool is_error_or_whole(std::string_view bytes) {
  const auto read = parse_arrow(bytes);
  if (!read) return !read.error().message.empty();
  std::size_t size = 0;
  for (const Column& column : read->columns())
    for (std::int64_t row = 0; row < column.size(); ++row) size += to_string(column.value(row)).size();
  return size < (std::size_t{1} << 40);
}

std::string error_of(std::string_view bytes) {
  const auto read = parse_arrow(bytes);
  REQUIRE_FALSE(read);
  return read.error().message;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("files and streams of one batch and of many come back equal") {
  const Population example = example_population(100);
  for (const std::int64_t rows : {100, 7, 64}) {
    const auto streamed = parse_arrow(ipc_stream(example, rows));
    REQUIRE_MESSAGE(streamed.has_value(), streamed.error().message);
    CHECK(*streamed == example);
    const IpcFile file(example, rows);
    const auto read = read_arrow(file.path);
    REQUIRE_MESSAGE(read.has_value(), read.error().message);
    CHECK(*read == example);
    for (std::size_t k = 0; k < example.columns().size(); ++k)
      CHECK(read->columns()[k].field() == example.columns()[k].field());
  }
  const IpcFile empty(example.slice(0, 0), 1);
  CHECK(read_arrow(empty.path).value() == example.slice(0, 0));
}

TEST_CASE("a stream needs no mark of its end, and may have old headers") {
  const Population example = example_population(10);
  const std::string bytes = ipc_stream(example, 10);
  CHECK(parse_arrow(std::string_view(bytes).substr(0, bytes.size() - 8)).value() == example);
  std::string old;  // of one column: schema and batch, without the mark before their sizes
  const Population real = example.select(std::vector<std::string>{"real"}).value();
  const std::string marked = ipc_stream(real, 10);
  const auto second = marked.find("\xff\xff\xff\xff", 4);
  REQUIRE(second != std::string::npos);
  old = marked.substr(4, second - 4) + marked.substr(second + 4);
  CHECK(parse_arrow(old).value() == real);
}

TEST_CASE("a file cut off anywhere is an error; a stream is one unless it ends between messages") {
  const Population example = example_population(12);
  const IpcFile file(example, 5);
  const std::string bytes = file.bytes();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const std::string cut = bytes.substr(0, size);  // of its own memory, so that a sanitizer sees reads behind it
    CHECK_FALSE(parse_arrow(cut));
  }
  const std::string stream = ipc_stream(example, 5);
  int whole = 0;
  for (std::size_t size = 0; size < stream.size(); ++size) {
    const std::string cut = stream.substr(0, size);
    const auto read = parse_arrow(cut);
    if (!read) continue;
    ++whole;
    CHECK(*read == example.slice(0, read->size()));
  }
  CHECK(whole == 6);  // after the schema, two dictionaries and three batches
}

TEST_CASE("bytes changed at random never do more than an error") {
  const Population example = example_population(12);
  const IpcFile file(example, 5);
  std::mt19937_64 random(20'261'121);
  for (const std::string& sound : {file.bytes(), ipc_stream(example, 5)}) {
    int errors = 0;
    for (int trial = 0; trial < 4000; ++trial) {
      std::string changed = sound;
      for (std::uint64_t left = 1 + random() % 4; left > 0; --left) {
        const std::size_t at = random() % changed.size();
        changed[at] = static_cast<char>(trial % 2 == 0 ? changed[at] ^ (1 << random() % 8) : random() % 256);
      }
      CHECK(is_error_or_whole(changed));
      errors += parse_arrow(changed) ? 0 : 1;
    }
    CHECK(errors > 400);  // one in ten; about a third are seen
  }
}

TEST_CASE("every byte of the metadata changed to its extremes is survived") {
  const Population example = example_population(3);
  const std::string sound = ipc_stream(example, 3);
  for (std::size_t at = 0; at < sound.size(); ++at)
    for (const char extreme : {'\x00', '\x7f', '\x80', '\xff'}) {
      std::string changed = sound;
      changed[at] = extreme;
      if (changed != sound) CHECK(is_error_or_whole(changed));
    }
}

TEST_CASE("what is not Arrow is told from what is damaged") {
  CHECK(error_of("") == "it ends before its schema");
  CHECK(error_of("ARROW1") == "it is cut off: an Arrow file ends in ARROW1");
  CHECK(error_of("a,b\n1,2\n") == "it is cut off in the message at byte 0");
  CHECK(error_of("FEA1....FEA1").find("Feather version 1") != std::string::npos);
  CHECK(parse_arrow("").error().code == Errc::corrupted);
  const auto none = read_arrow("/nowhere/people.arrow");
  REQUIRE_FALSE(none);
  CHECK(none.error().code == Errc::not_found);
  CHECK(none.error().path == "/nowhere/people.arrow");
  const IpcFile file(example_population(3), 3);
  const std::string text = file.bytes();
  CHECK(
      error_of(text.substr(0, text.size() - 10) + "\xff\xff\xff\x7f" + "ARROW1").find("a footer of 2147483647 bytes") ==
      0);
}

TEST_CASE("text that is not UTF-8 and names that stand twice are refused") {
  const std::string sound = ipc_stream(example_population(3), 3);
  CHECK(error_of(replaced(sound, "plain", "pl\xffin")) == "column 'text': row 0: text is not UTF-8");
  CHECK(error_of(replaced(sound, "small", "large")) == "two columns have the name 'large'");
}
