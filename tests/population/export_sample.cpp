//! Writes the example population in every format into a folder, for tests/python/export_peers_test.py.
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

int main(int argc, char** argv) {
  if (argc != 2) return std::fprintf(stderr, "usage: %s FOLDER\n", argv[0]), 2;
  const Status written = write_all(argv[1]);
  if (!written) std::fprintf(stderr, "%s\n", to_string(written.error()).c_str());
  return written ? 0 : 1;
}
