//! Many people in little memory: batches into a file, with progress.
#include <persona.hpp>

#include <iostream>

using namespace persona;

namespace {

struct Counter final : Observer {
  void on_progress(const Progress& progress) override {
    std::cerr << "\r" << progress.task << " " << progress.done << " of " << progress.total << std::flush;
  }
};

int stop(const Error& error) {
  return std::cerr << to_string(error) << "\n", 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string spec_path = argc > 1 ? argv[1] : "examples/massachusetts.json";
  const std::string out_path = argc > 2 ? argv[2] : "people.csv";
  auto spec = read_spec(spec_path);
  if (!spec) return stop(spec.error());
  auto generator = PersonaGenerator::compile(std::move(*spec));
  if (!generator) return stop(generator.error());
  // [stream]
  auto file = format_of(out_path).and_then([&](FileFormat format) { return open_file_sink(out_path, format); });
  if (!file) return stop(file.error());
  Counter counter;
  auto done = generator->stream({.count = 1'000'000, .seed = 7}, **file, {.observer = &counter});
  if (!done) return stop(done.error());
  // [stream]
}
