//! From a specification to its people.
#include "bind_struct.hpp"
#include "bindings.hpp"
#include "generator.hpp"
#include "interruptible.hpp"

#include <persona/population/builder.hpp>
#include <persona/population/export.hpp>

#include <algorithm>
#include <optional>

namespace persona::python {
namespace py = pybind11;
namespace {

// A specification in any of the forms that users have.
PopulationSpec spec_of(const py::object& source) {
  if (py::isinstance<PopulationSpec>(source)) return source.cast<PopulationSpec>();
  if (py::isinstance<SpecBuilder>(source)) return unwrap(source.cast<const SpecBuilder&>().build());
  const auto type = py::type::of<PopulationSpec>();
  if (py::isinstance<py::dict>(source)) return type.attr("from_dict")(source).cast<PopulationSpec>();
  if (py::isinstance<py::str>(source)) {
    const auto text = source.cast<std::string>();
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first != text.npos && text[first] == '{') return unwrap(parse_spec(text));
  }
  return type.attr("read")(source).cast<PopulationSpec>();
}

Generator compile(const py::object& spec, std::shared_ptr<NameTable> names, std::uint64_t pilot_rows,
                  double least_acceptance) {
  const CompileOptions options{std::move(names), pilot_rows, least_acceptance};
  auto made = interruptible([parsed = spec_of(spec), &options](const Context& context) {
    return PersonaGenerator::compile(parsed, options, context);
  });
  return {std::move(made), options};
}

Population generate(const Generator& self, std::uint64_t count, std::uint64_t seed, std::uint64_t start,
                    unsigned threads, const py::object& progress) {
  const GenerateOptions options{.count = count, .seed = seed, .start = start, .parallelism = {threads}};
  return interruptible([&](const Context& context) { return self.generate(options, context); }, progress);
}

// A batch at a time: nothing is drawn before it is asked for, nothing is kept after.
class Stream {
 public:
  Stream(PersonaGenerator generator, const GenerateOptions& options)
      : generator_(std::move(generator)), next_(options), left_(options.count) {}

  Population next() {
    if (busy_) throw py::value_error("another thread is reading this stream");
    if (left_ == 0) throw py::stop_iteration();
    const Busy busy(busy_);
    next_.count = std::min(left_, next_.batch_rows);
    auto batch = interruptible([&](const Context& context) { return generator_.generate(next_, context); });
    next_.start += next_.count;
    left_ -= next_.count;
    return batch;
  }

 private:
  // Until the end of the scope, also when it throws. Only touched with the GIL.
  struct Busy {
    explicit Busy(bool& flag) : flag(flag) { flag = true; }
    ~Busy() { flag = false; }
    bool& flag;
  };

  PersonaGenerator generator_;
  GenerateOptions next_;
  std::uint64_t left_;
  bool busy_ = false;
};

Stream stream(const Generator& self, std::uint64_t count, std::uint64_t seed, std::uint64_t start,
              std::uint64_t batch_rows, unsigned threads) {
  if (batch_rows == 0) throw py::value_error("batch_rows must be at least 1");
  return {self, {.count = count, .seed = seed, .start = start, .batch_rows = batch_rows, .parallelism = {threads}}};
}

void write_file(const Generator& self, const py::object& path, std::uint64_t count, std::uint64_t seed,
                std::uint64_t start, unsigned threads, std::optional<FileFormat> format, const py::object& progress) {
  const auto file = py::module_::import("os").attr("fspath")(path).cast<std::string>();
  const GenerateOptions options{.count = count, .seed = seed, .start = start, .parallelism = {threads}};
  const auto work = [&](const Context& context) -> Status {
    const auto chosen = format ? Result<FileFormat>(*format) : format_of(file);
    if (!chosen) return tl::unexpected(chosen.error());
    auto sink = open_file_sink(file, *chosen);
    if (!sink) return tl::unexpected(sink.error());
    return self.stream(options, **sink, context);
  };
  interruptible(work, progress);
}

FidelityReport check_people(const Generator& self, const Population& population, bool exact, double level) {
  return interruptible([&](const Context&) { return self.check(population, {exact, level}); });
}

void bind_drawing(py::class_<Generator>& type) {
  type.def("generate", &generate, py::arg("count") = 1, py::arg("seed") = 0, py::arg("start") = 0,
           py::arg("threads") = 0, py::arg("progress") = py::none(),
           "Persons start .. start + count - 1 of a seed, the same whatever `count` and `threads` (0: one per\n"
           "processor). progress(done, total) is called with numbers of people.\n\n"
           "Raises InvalidArgument: start + count beyond 2**63; KeyboardInterrupt on Ctrl-C.")
      .def("stream", &stream, py::arg("count"), py::arg("seed") = 0, py::arg("start") = 0,
           py::arg("batch_rows") = 65'536, py::arg("threads") = 0,
           "The same as an iterator of populations of up to batch_rows people; memory is one batch.")
      .def("write", &write_file, py::arg("path"), py::arg("count"), py::arg("seed") = 0, py::arg("start") = 0,
           py::arg("threads") = 0, py::arg("format") = py::none(), py::arg("progress") = py::none(),
           "The same into a .csv, .ndjson or .arrow file, with bounded memory. It appears whole or not at all.\n\n"
           "Raises IoError, Unsupported.")
      .def("persona", &PersonaGenerator::persona, py::arg("seed"), py::arg("index"),
           "One person alone: row `index` of every population of that seed.");
}

}  // namespace

void bind_generator(py::module_& module) {
  py::class_<Stream>(module, "PopulationStream", "Batches of people, from PersonaGenerator.stream.")
      .def("__iter__", [](const py::object& self) { return self; })
      .def("__next__", &Stream::next);
  py::class_<Generator> type(module, "PersonaGenerator",
                             "Compile a specification once, then draw as many people as you like.\n\n"
                             "    generator = persona.PersonaGenerator.compile(\"town.json\")\n"
                             "    people = generator.generate(count=1_000_000, seed=7)\n\n"
                             "Never changes; may be shared between threads and used after a fork.");
  type.def_static("compile", &compile, py::arg("spec"), py::kw_only(), py::arg("names") = nullptr,
                  py::arg("pilot_rows") = CompileOptions{}.pilot_rows,
                  py::arg("least_acceptance") = CompileOptions{}.least_acceptance,
                  "From a PopulationSpec, a SpecBuilder, a dict, JSON text or a path.\n\n"
                  "names: a NameTable, None is the built-in one. pilot_rows: people drawn to measure what\n"
                  "constraints do. Raises InvalidArgument; Infeasible: a correlation outside the reach of its\n"
                  "marginals, or constraints that fewer than least_acceptance of the candidates satisfy.")
      .def_property_readonly("spec", &PersonaGenerator::spec, "The specification it was compiled from.")
      .def_property_readonly("report", &PersonaGenerator::report, "What compiling found, a CompileReport.")
      .def_property_readonly(
          "spec_hash", [](const Generator& self) { return self.model().spec_hash(); },
          "SHA-256 of the specification, 64 hex digits.")
      .def_property_readonly(
          "names_hash", [](const Generator& self) { return self.model().names_hash(); },
          "Of the name table; empty where no attribute needs it.")
      .def_property_readonly(
          "fields", [](const Generator& self) { return self.model().fields(); }, "Of the columns, in order.")
      .def_property_readonly("_options",
                             [](const Generator& self) {
                               const auto names = std::const_pointer_cast<NameTable>(self.options.names);
                               return py::make_tuple(names, self.options.pilot_rows, self.options.least_acceptance);
                             })
      .def("check", &check_people, py::arg("population"), py::arg("exact") = false, py::arg("level") = 0.01,
           "Does a population keep to the specification? exact sorts instead of sketching; level is the chance\n"
           "that a right population has any failing line.")
      .def("__repr__", [](const Generator& self) {
        return "<PersonaGenerator '" + self.spec().name + "': " + std::to_string(self.model().fields().size()) +
               " attributes>";
      });
  bind_drawing(type);
}

}  // namespace persona::python
