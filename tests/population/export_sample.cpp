//! The example population in every format, for tests/python/export_peers_test.py, which loads this library.
#include <persona/population/arrow.hpp>
#include <persona/population/export.hpp>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <string>

#include "example.hpp"

using namespace persona;

namespace {

constexpr int sample_rows = 1000;

// In slices of odd length, so that bits and offsets begin anywhere.
Status write_sample(PopulationSink& sink, const Population& population) {
  std::int64_t first = 0;
  do {
    const std::int64_t count = std::min<std::int64_t>(333, population.size() - first);
    if (Status taken = sink.append(population.slice(first, count)); !taken) return taken;
    first += 333;
  } while (first < population.size());
  return sink.finish();
}

Status write_all(const std::string& folder) {
  const Population all = persona::testing::example_population(sample_rows);
  for (const char* name : {"/sample.csv", "/sample.ndjson", "/sample.arrow"}) {
    auto sink = open_file_sink(folder + name, *format_of(name));
    if (!sink) return tl::unexpected(sink.error());
    if (Status written = write_sample(**sink, all); !written) return written;
  }
  std::ofstream stream(folder + "/sample.arrows", std::ios::binary);
  if (Status written = write_sample(*make_stream_sink(stream, FileFormat::arrow), all); !written) return written;
  auto empty = open_file_sink(folder + "/empty.arrow", FileFormat::arrow);
  if (!empty) return tl::unexpected(empty.error());
  return write_sample(**empty, all.slice(0, 0));
}

}  // namespace

extern "C" {

//! Writes sample.csv, .ndjson, .arrow, .arrows and empty.arrow. @return 0, or 1 with a line on stderr
int write_samples(const char* folder) {
  const Status written = write_all(folder);
  if (!written) std::fprintf(stderr, "%s\n", to_string(written.error()).c_str());
  return written ? 0 : 1;
}

//! Rows 13 .. 812 through the C Data Interface.
void export_sample(ArrowSchema* schema, ArrowArray* array) {
  export_arrow(persona::testing::example_population(sample_rows).slice(13, 800), schema, array);
}

//! All rows, 333 at a time.
void export_sample_stream(ArrowArrayStream* stream) {
  const Population all = persona::testing::example_population(sample_rows);
  const auto next = [all, first = std::int64_t{0}]() mutable -> Result<Population> {
    const std::int64_t count = std::min<std::int64_t>(333, all.size() - first);
    first += count;
    return all.slice(first - count, count);
  };
  export_arrow_stream(all, next, stream);
}
}
