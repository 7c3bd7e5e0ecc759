//! CSV and NDJSON as text, and files that appear whole or not at all.
#include <persona/population/export.hpp>

#include "example.hpp"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <random>
#include <sstream>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace persona;
using namespace persona::testing;

namespace {

namespace files = std::filesystem;

// A folder of its own, removed at the end.
struct Folder {
  files::path path = files::temp_directory_path() / ("persona_export_" + std::to_string(std::random_device{}()));
  Folder() { files::create_directory(path); }
  ~Folder() { files::remove_all(path); }
  std::string operator/(const char* name) const { return (path / name).string(); }
  std::ptrdiff_t count() const { return std::distance(files::directory_iterator(path), {}); }
};

std::string read_file(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::string io_message(const std::string& path) {
  const auto sink = open_file_sink(path, FileFormat::csv);
  REQUIRE_FALSE(sink);
  CHECK(sink.error().code == Errc::io);
  CHECK(sink.error().path == path);
  return sink.error().message;
}

Population tiny() {
  return population_of({column_of({.name = "x"}, {1.5, 2.0})});
}

}  // namespace

TEST_CASE("NDJSON parses back to the values of each person") {
  const Population all = example_population(300);
  for (const Population& example : {all, all.slice(13, 200), all.slice(299, 1)}) {
    std::istringstream lines(to_ndjson(example));
    std::string line;
    for (std::int64_t row = 0; row < example.size(); ++row) {
      REQUIRE(std::getline(lines, line));
      CHECK(line == to_json(example.person(row)));
      const auto object = nlohmann::ordered_json::parse(line, nullptr, false);
      REQUIRE(object.is_object());
      CHECK(object.size() == 9);
      if (all.find("text")->is_valid(row) && example.size() == 300)
        CHECK(object["text"] == all.find("text")->text(row));
    }
    CHECK_FALSE(std::getline(lines, line));
  }
}

TEST_CASE("CSV is what RFC 4180 says") {
  const Population example = example_population(10).slice(1, 3);
  CHECK(to_csv(example) ==
        "real,money,small,large,yes,day,level,text,chosen\n"
        "-4.666666666666667,-0.49,-3,,false,1962-11-19,\"mid, dle\",\"comma, \"\"quote\"\"\",art\n"
        "-4.333333333333333,-0.46,,-1000000007000,false,1963-12-24,\"h\"\"igh\",\"zeilen\numbruch\t\\\",\"be, er\"\n"
        ",-0.41,-1,0,,1965-01-27,low,Zoë 名前 🙂,\"art;be, er\"\n");
}

TEST_CASE("what is no number is missing in text") {
  constexpr double inf = std::numeric_limits<double>::infinity();
  const Population odd = population_of({column_of({.name = "x"}, {inf, std::nan(""), -inf, 1.0}),
                                        column_of({.name = "y", .decimals = 2}, {Value(), inf, 0.5, -0.0})});
  CHECK(to_csv(odd) == "x,y\n,\n,\n,0.5\n1.0,-0.0\n");
  CHECK(to_ndjson(odd).substr(0, 20) == "{\"x\":null,\"y\":null}\n");
}

TEST_CASE("a single column has no empty lines") {
  const Population one = population_of({column_of({.name = "a\"b,c"}, {Value(), 1.0})});
  CHECK(to_csv(one) == "\"a\"\"b,c\"\n\"\"\n1.0\n");
  CHECK(to_ndjson(one) == "{\"a\\\"b,c\":null}\n{\"a\\\"b,c\":1.0}\n");
}

TEST_CASE("empty populations have a header, all-missing columns have rows") {
  CHECK(to_csv(example_population(0)) == "real,money,small,large,yes,day,level,text,chosen\n");
  CHECK(to_ndjson(example_population(0)).empty());
  CHECK(to_csv(Population()) == "\n");
  const Population none = population_of({column_of({.name = "a", .type = ColumnType::text}, {Value(), Value()}),
                                         column_of({.name = "b", .type = ColumnType::list}, {Value(), Value()})});
  CHECK(to_csv(none) == "a,b\n,\n,\n");
  CHECK(to_ndjson(none) == "{\"a\":null,\"b\":null}\n{\"a\":null,\"b\":null}\n");
}

TEST_CASE("long labels and long texts fit") {
  const std::string label(100'000, '"'), text(700'000, '\x01');
  const Population wide =
      population_of({column_of({.name = "l", .type = ColumnType::category}, {label, "x"}),
                     column_of({.name = "t", .type = ColumnType::text}, {text, "y"}),
                     column_of({.name = "m", .type = ColumnType::list}, {std::vector{label}, Value()})});
  const auto object = nlohmann::json::parse(to_ndjson(wide.slice(0, 1)), nullptr, false);
  REQUIRE(object.is_object());
  CHECK(object["l"] == label);
  CHECK(object["t"] == text);
  CHECK(object["m"][0] == label);
}

TEST_CASE("the format is told by the name") {
  CHECK(format_of("a/b.csv") == FileFormat::csv);
  CHECK(format_of("B.JSONL") == FileFormat::ndjson);
  CHECK(format_of("x.ndjson") == FileFormat::ndjson);
  CHECK(format_of("x.arrow") == FileFormat::arrow);
  CHECK(format_of("x.feather") == FileFormat::arrow);
  const auto unknown = format_of("people.xlsx");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().code == Errc::unsupported);
  CHECK(unknown.error().message.find("'people.xlsx'") != std::string::npos);
}

TEST_CASE("a file appears when it is finished, in batches as at once") {
  const Folder folder;
  const std::string path = folder / "people.csv";
  const Population example = example_population(100);
  {
    auto sink = open_file_sink(path, FileFormat::csv);
    REQUIRE(sink);
    CHECK((*sink)->append(example.slice(0, 41)));
    CHECK_FALSE(files::exists(path));
    CHECK((*sink)->append(example.slice(41, 59)));
    CHECK((*sink)->finish());
    CHECK_FALSE((*sink)->finish());
  }
  CHECK(read_file(path) == to_csv(example));
  CHECK(folder.count() == 1);
}

TEST_CASE("a sink destroyed before the end leaves what was there") {
  const Folder folder;
  const std::string path = folder / "people.csv";
  std::ofstream(path) << "old";
  for (int i = 0; i < 2; ++i) {
    auto sink = open_file_sink(path, FileFormat::csv);
    auto other = open_file_sink(path, FileFormat::csv);  // both at work under one name
    REQUIRE(sink);
    REQUIRE(other);
    CHECK((*sink)->append(tiny()));
    CHECK(folder.count() == 3);
  }
  CHECK(read_file(path) == "old");
  CHECK(folder.count() == 1);
}

TEST_CASE("a link stays a link to the new content") {
  const Folder folder;
  std::ofstream(folder / "real.csv") << "old";
  files::create_symlink("real.csv", folder / "link.csv");
  auto sink = open_file_sink(folder / "link.csv", FileFormat::csv);
  REQUIRE(sink);
  CHECK((*sink)->append(tiny()));
  CHECK((*sink)->finish());
  CHECK(files::is_symlink(folder / "link.csv"));
  CHECK(read_file(folder / "real.csv") == "x\n1.5\n2.0\n");
}

TEST_CASE("files that cannot be written are named") {
  const Folder folder;
  CHECK(io_message(folder / "none/x.csv") ==
        "cannot create '" + (folder / "none/x.csv") + "': No such file or directory");
  CHECK(io_message(folder.path.string()).find("Is a directory") != std::string::npos);
  if (!files::exists("/dev/full")) return;
  auto full = open_file_sink("/dev/full", FileFormat::csv);
  REQUIRE(full);
  const Status written = (*full)->append(tiny());
  REQUIRE_FALSE(written);
  CHECK(written.error() == Error{Errc::io, "cannot write '/dev/full': No space left on device", "/dev/full"});
  CHECK((*full)->finish().error() == written.error());
  CHECK(files::is_character_file("/dev/full"));
}

TEST_CASE("a broken stream is an error, and other columns are refused") {
  std::ostringstream out;
  const auto sink = make_stream_sink(out, FileFormat::ndjson);
  CHECK(sink->append(tiny()));
  CHECK(sink->append(example_population(2)).error().code == Errc::invalid_argument);
  CHECK(sink->finish());
  CHECK(out.str() == "{\"x\":1.5}\n{\"x\":2.0}\n");
  out.setstate(std::ios::badbit);
  CHECK(make_stream_sink(out, FileFormat::csv)->append(tiny()).error().code == Errc::io);
  std::ostringstream throwing;
  throwing.exceptions(std::ios::badbit);
  throwing.clear();
  CHECK(make_stream_sink(throwing, FileFormat::csv)->append(tiny()));
}
