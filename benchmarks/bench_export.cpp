//! Exports of 1e6 people with 10 attributes: NDJSON against a nlohmann/json DOM.
//!
//! `bench_export csv` prints the processor time of one CSV export, and `bench_export arrow FILE` writes the
//! same people as an Arrow file: benchmarks/bench_export.py measures pandas with them.
#include "reference_people.hpp"
#include "report.hpp"

#include <persona/population/export.hpp>

#include <cmath>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

using namespace persona;

namespace {

constexpr std::int64_t peer_people = 250'000;  // the peer is slow and linear: its time is scaled

void write_people(const Population& population, FileFormat format) {
  auto sink = open_file_sink("/dev/null", format);
  if (!sink || !(*sink)->append(population) || !(*sink)->finish()) std::abort();
}

// What a program without persona would write: one JSON object a person, dumped.
void write_dom(const Population& population) {
  std::FILE* out = std::fopen("/dev/null", "wb");
  for (std::int64_t row = 0; row < peer_people; ++row) {
    nlohmann::json object;
    for (const Column& column : population.columns()) {
      if (column.type() == ColumnType::float64)
        object[column.name()] = column.float64s()[static_cast<std::size_t>(row)];
      if (column.type() == ColumnType::int32) object[column.name()] = column.int32s()[static_cast<std::size_t>(row)];
      if (column.type() == ColumnType::category) object[column.name()] = std::string(column.text(row));
    }
    const std::string line = object.dump() + "\n";
    std::fwrite(line.data(), 1, line.size(), out);
  }
  std::fclose(out);
}

bool measure_ndjson(const char* name, const Population& population, double target) {
  const auto [ours, peer] = bench::best_of(
      5, [&] { write_people(population, FileFormat::ndjson); }, [&] { write_dom(population); });
  const double scale = static_cast<double>(bench::people) / static_cast<double>(peer_people);
  return bench::report(
      {.name = name, .value = ours, .peer = "nlohmann::json DOM dump", .peer_value = scale * peer, .target = target});
}

int write_arrow(const Population& population, const char* path) {
  auto sink = open_file_sink(path, FileFormat::arrow);
  return sink && (*sink)->append(population) && (*sink)->finish() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const Population population = bench::reference_people(true);
  const std::string_view command = argc > 1 ? argv[1] : "";
  if (command == "arrow" && argc == 3) return write_arrow(population, argv[2]);
  if (command == "csv") {
    // Best of three within the call: the first touches memory that is not mapped yet.
    double best = 1e300;
    for (int i = 0; i < 3; ++i)
      best = std::min(best, bench::cpu_ms([&] { write_people(population, FileFormat::csv); }));
    return std::printf("%.3f\n", best), 0;
  }
  const bool rounded = measure_ndjson("ndjson_1e6x10", population, 8);
  const bool exact = measure_ndjson("ndjson_1e6x10_17_digits", bench::reference_people(false), 0);
  return rounded && exact ? 0 : 1;
}
