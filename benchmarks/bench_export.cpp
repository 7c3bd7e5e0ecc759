//! Exports of 1e6 people with 10 attributes: NDJSON against a nlohmann/json DOM.
//!
//! `bench_export csv` prints the processor time of one CSV export, and `bench_export arrow FILE` writes the
//! same people as an Arrow file: benchmarks/bench_export.py measures pandas with them.
#include "population/column_build.hpp"
#include "report.hpp"

#include <persona/population/export.hpp>

#include <cmath>
#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <vector>

using namespace persona;

namespace {

constexpr std::int64_t people = 1'000'000;
constexpr std::int64_t peer_people = 250'000;  // the peer is slow and linear: its time is scaled

// @param decimals  -1: not rounded
Column doubles(const std::string& name, int decimals, auto draw) {
  ColumnDraft draft({.name = name, .decimals = decimals}, people);
  const double unit = std::pow(10, decimals);
  for (double& value : draft.values<double>()) value = decimals < 0 ? draw() : std::round(draw() * unit) / unit;
  return std::move(draft).finish();
}

Column wholes(const std::string& name, auto draw) {
  ColumnDraft draft({.name = name, .type = ColumnType::int32}, people);
  for (std::int32_t& value : draft.values<std::int32_t>()) value = static_cast<std::int32_t>(draw());
  return std::move(draft).finish();
}

Column labels(const std::string& name, std::size_t count, auto label, auto& bits) {
  auto names = std::make_shared<std::vector<std::string>>();
  for (std::size_t i = 0; i < count; ++i) names->push_back(label(i));
  ColumnDraft draft({.name = name, .type = ColumnType::category, .labels = names}, people);
  for (std::int8_t& code : draft.values<std::int8_t>()) code = static_cast<std::int8_t>(bits() % count);
  return std::move(draft).finish();
}

// The columns of the reference model in statistics.md.
Population reference_people(bool rounded) {
  std::mt19937_64 bits(1);
  std::normal_distribution<double> normal;
  std::vector<Column> columns;
  columns.push_back(doubles("age", rounded ? 1 : -1, [&] { return 45 + 18 * normal(bits); }));
  columns.push_back(doubles("income", rounded ? 2 : -1, [&] { return std::exp(10.3 + 0.6 * normal(bits)); }));
  columns.push_back(doubles("height", rounded ? 1 : -1, [&] { return 170 + 9 * normal(bits); }));
  columns.push_back(doubles("score", rounded ? 4 : -1, [&] { return static_cast<double>(bits() >> 11) * 0x1p-53; }));
  columns.push_back(wholes("kids", [&] { return bits() % 6; }));
  columns.push_back(wholes("day", [&] { return 1 + bits() % 365; }));
  const auto numbered = [](const char* word) { return [word](std::size_t i) { return word + std::to_string(i); }; };
  columns.push_back(labels(
      "sex", 2, [](std::size_t i) { return std::string(i == 0 ? "female" : "male"); }, bits));
  columns.push_back(labels("region", 10, numbered("Region "), bits));
  columns.push_back(labels("occupation", 100, numbered("occupation_"), bits));
  columns.push_back(labels("education", 6, numbered("edu level "), bits));
  return Population::make(std::move(columns)).value();
}

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
  const double scale = static_cast<double>(people) / static_cast<double>(peer_people);
  return bench::report(
      {.name = name, .value = ours, .peer = "nlohmann::json DOM dump", .peer_value = scale * peer, .target = target});
}

int write_arrow(const Population& population, const char* path) {
  auto sink = open_file_sink(path, FileFormat::arrow);
  return sink && (*sink)->append(population) && (*sink)->finish() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const Population population = reference_people(true);
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
  const bool exact = measure_ndjson("ndjson_1e6x10_17_digits", reference_people(false), 0);
  return rounded && exact ? 0 : 1;
}
