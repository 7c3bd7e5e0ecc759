//! Where populations are kept.
#include "bind_struct.hpp"
#include "bindings.hpp"
#include "generator.hpp"
#include "interruptible.hpp"

#include <persona/storage/memory.hpp>
#ifdef PERSONA_PYTHON_SQLITE
#include <persona/storage/sqlite.hpp>
#endif

#include <memory>

namespace persona::python {
namespace py = pybind11;
namespace {

// What Python holds: closed early, or with its last owner.
class Handle {
 public:
  explicit Handle(std::shared_ptr<Storage> storage) : storage_(std::move(storage)) {}

  // Shared, so that closing in one thread does not end a call in another.
  std::shared_ptr<Storage> use() const {
    if (storage_ == nullptr) throw py::value_error("this storage is closed");
    return storage_;
  }
  void close() { storage_.reset(); }

 private:
  std::shared_ptr<Storage> storage_;
};

struct MemoryHandle : Handle {
  MemoryHandle() : Handle(std::make_shared<MemoryStorage>()) {}
};

// ("age", ">=", 65), ("state", "in", ["MA", "NH"]), ("income", "is_missing")
Filter filter_of(const py::tuple& tuple) {
  if (tuple.size() != 2 && tuple.size() != 3)
    throw py::value_error("a filter is (attribute, comparison, value), or (attribute, 'is_missing')");
  Filter filter{tuple[0].cast<std::string>(), from_word<Compare>(tuple[1].cast<std::string>()), {}};
  if (tuple.size() == 2) return filter;
  if (filter.compare == Compare::any_of) {
    for (const auto value : tuple[2]) filter.values.push_back(value.cast<Value>());
  } else {
    filter.values.push_back(tuple[2].cast<Value>());
  }
  return filter;
}

std::vector<Filter> filters_of(const std::vector<py::tuple>& tuples) {
  std::vector<Filter> filters;
  for (const auto& tuple : tuples) filters.push_back(filter_of(tuple));
  return filters;
}

// Where rows came from, as far as it is known.
PopulationRecord record_of(std::string name, const Origin& origin, const std::optional<PopulationSpec>& spec) {
  PopulationRecord record;
  record.name = std::move(name);
  record.spec_hash = origin.spec_hash;
  record.seed = origin.seed;
  record.start = origin.start;
  if (spec) record.spec = to_json(*spec);
  if (spec) record.spec_hash = content_hash(*spec);
  return record;
}

void put_batches(const Handle& self, const std::string& name, const py::iterable& batches,
                 const std::optional<PopulationSpec>& spec) {
  std::unique_ptr<PopulationSink> sink;
  for (const auto batch : batches) {
    const auto population = batch.cast<Population>();
    if (sink == nullptr) sink = unwrap(self.use()->create(record_of(name, population.origin(), spec)));
    interruptible([&](const Context&) { return sink->append(population); });
  }
  if (sink == nullptr) throw py::value_error("there is no population to keep");
  interruptible([&](const Context&) { return sink->finish(); });
}

void put_people(const Handle& self, const std::string& name, const py::object& people,
                const std::optional<PopulationSpec>& spec) {
  if (!py::isinstance<Population>(people)) return put_batches(self, name, people, spec);
  const auto& population = people.cast<const Population&>();
  const auto storage = self.use();
  const auto record = record_of(name, population.origin(), spec);
  interruptible([&](const Context&) { return persona::put(*storage, record, population); });
}

void put_recipe(const Handle& self, const std::string& name, const Generator& generator, std::uint64_t count,
                std::uint64_t seed, std::uint64_t start) {
  auto record = record_of(name, {generator.model().spec_hash(), seed, start}, generator.spec());
  record.form = StorageForm::recipe;
  record.names_hash = generator.model().names_hash();
  record.count = static_cast<std::int64_t>(count);
  const auto storage = self.use();
  interruptible([&](const Context&) -> Status {
    auto sink = storage->create(record);
    if (!sink) return tl::unexpected(sink.error());
    return (*sink)->finish();
  });
}

Population read_page(const Handle& self, const std::string& name, const std::vector<py::tuple>& filters,
                     const std::vector<std::string>& columns, std::optional<std::int64_t> after, std::int64_t limit) {
  const Query query{filters_of(filters), columns, after, limit};
  const auto storage = self.use();
  return interruptible([&](const Context& context) { return storage->read(name, query, context); });
}

std::int64_t count_rows(const Handle& self, const std::string& name, const std::vector<py::tuple>& filters) {
  const auto conditions = filters_of(filters);
  const auto storage = self.use();
  return interruptible([&](const Context& context) { return storage->count(name, conditions, context); });
}

void bind_record(py::module_& m) {
  using Record = PopulationRecord;
  bind_answer(m, "PopulationRecord",
              "What is known of a stored population without reading it. form is \"rows\" or \"recipe\"; spec is JSON;\n"
              "created_at is ISO 8601, UTC.",
              member("name", &Record::name), member("form", &Record::form), member("count", &Record::count),
              member("seed", &Record::seed), member("start", &Record::start), member("spec_hash", &Record::spec_hash),
              member("names_hash", &Record::names_hash), member("created_at", &Record::created_at),
              member("spec", &Record::spec));
}

void bind_handle(py::class_<Handle>& type) {
  type.def("put", &put_people, py::arg("name"), py::arg("people"), py::arg("spec") = py::none(),
           "Keeps a population, or batches from `PersonaGenerator.stream` with bounded memory. It appears whole or\n"
           "not at all.\n\nRaises AlreadyExists, Unavailable, IoError.")
      .def("put_recipe", &put_recipe, py::arg("name"), py::arg("generator"), py::arg("count"), py::arg("seed") = 0,
           py::arg("start") = 0, "Keeps specification, seed and count: a few kB, drawn again on reading.")
      .def(
          "list", [](const Handle& self) { return self.use()->list(); }, "Records in order of name.")
      .def(
          "find", [](const Handle& self, const std::string& name) { return self.use()->find(name); }, py::arg("name"),
          "Raises NotFound.")
      .def("read", &read_page, py::arg("name"), py::arg("filters") = py::list(), py::arg("columns") = py::list(),
           py::arg("after") = py::none(), py::arg("limit") = 1000,
           "One page in index order: rows with index > after that satisfy all filters; limit 0 is no limit.\n\n"
           "A filter is (\"age\", \">=\", 65), (\"state\", \"in\", [\"MA\", \"NH\"]) or (\"income\", \"is_missing\"), "
           "with == !=\n"
           "< <= > >= in is_missing is_present, and contains begins_with of text. The column \"index\" comes first;\n"
           "its last value is the next page's `after`. Raises NotFound, InvalidArgument.")
      .def("count", &count_rows, py::arg("name"), py::arg("filters") = py::list(), "How many satisfy all filters.")
      .def(
          "remove",
          [](const Handle& self, const std::string& name) {
            const auto storage = self.use();
            interruptible([&](const Context&) { return storage->remove(name); });
          },
          py::arg("name"), "Raises NotFound.")
      .def("close", &Handle::close, "Lets go of the file; the end of a `with` block does it too.")
      .def("__enter__", [](const py::object& self) { return self; })
      .def("__exit__", [](Handle& self, const py::args&) { self.close(); });
}

#ifdef PERSONA_PYTHON_SQLITE
Handle open_sqlite(const py::object& path, bool read_only, bool create, double busy_timeout, bool durable) {
  const auto file = py::module_::import("os").attr("fspath")(path).cast<std::string>();
  const auto wait = std::chrono::milliseconds(static_cast<std::int64_t>(busy_timeout * 1000));
  const sqlite::Options options{.read_only = read_only, .create = create, .busy_timeout = wait, .durable = durable};
  return Handle(interruptible([&](const Context&) { return sqlite::open(file, options); }));
}
#endif

}  // namespace

void bind_storage(py::module_& module) {
  bind_record(module);
  py::class_<Handle> type(module, "Storage", "Keeps populations. May be used from any thread.");
  bind_handle(type);
  py::class_<MemoryHandle, Handle>(module, "MemoryStorage", "A storage that lives as long as its object.")
      .def(py::init<>());
#ifdef PERSONA_PYTHON_SQLITE
  module.def("open_sqlite", &open_sqlite, py::arg("path"), py::arg("read_only") = false, py::arg("create") = true,
             py::arg("busy_timeout") = 5.0, py::arg("durable") = false,
             "A database file as a Storage. busy_timeout is in seconds.");
#endif
}

}  // namespace persona::python
