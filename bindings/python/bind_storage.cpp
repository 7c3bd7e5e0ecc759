//! Where populations are kept.
#include "bind_struct.hpp"
#include "bindings.hpp"
#include "generator.hpp"
#include "llm/call.hpp"
#include "storage/handle.hpp"

#include <persona/storage/memory.hpp>

#include <memory>

namespace persona::python {
namespace py = pybind11;
namespace {

using StorageHandle = Handle<Storage>;

struct MemoryHandle : StorageHandle {
  MemoryHandle() : StorageHandle(std::make_shared<MemoryStorage>(), "storage") {}
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
PopulationRecord record_of(std::string name, const Origin& origin, const std::optional<PopulationSpec>& spec,
                           std::vector<std::string> indexes = {}) {
  PopulationRecord record;
  record.indexes = std::move(indexes);
  record.name = std::move(name);
  record.spec_hash = origin.spec_hash;
  record.seed = origin.seed;
  record.start = origin.start;
  if (spec) record.spec = to_json(*spec);
  if (spec) record.spec_hash = content_hash(*spec);
  return record;
}

void put_batches(const StorageHandle& self, const std::string& name, const py::iterable& batches,
                 const std::optional<PopulationSpec>& spec, const std::vector<std::string>& indexes) {
  const auto storage = self.use();
  std::unique_ptr<PopulationSink> sink;
  for (const auto batch : batches) {
    const auto population = batch.cast<Population>();
    const auto record = record_of(name, population.origin(), spec, indexes);
    if (sink == nullptr) sink = call([&](const Context&) { return storage->create(record); });
    call([&](const Context&) { return sink->append(population); });
  }
  if (sink == nullptr) throw py::value_error("there is no population to keep");
  call([&](const Context&) { return sink->finish(); });
}

void put_people(const StorageHandle& self, const std::string& name, const py::object& people,
                const std::optional<PopulationSpec>& spec, const std::vector<std::string>& indexes) {
  if (!py::isinstance<Population>(people)) return put_batches(self, name, people, spec, indexes);
  const auto& population = people.cast<const Population&>();
  const auto storage = self.use();
  const auto record = record_of(name, population.origin(), spec, indexes);
  call([&](const Context&) { return persona::put(*storage, record, population); });
}

void put_recipe(const StorageHandle& self, const std::string& name, const Generator& generator, std::uint64_t count,
                std::uint64_t seed, std::uint64_t start) {
  auto record = record_of(name, {generator.model().spec_hash(), seed, start}, generator.spec());
  record.form = StorageForm::recipe;
  record.names_hash = generator.model().names_hash();
  record.count = static_cast<std::int64_t>(count);
  const auto storage = self.use();
  call([&](const Context&) -> Status {
    auto sink = storage->create(record);
    if (!sink) return tl::unexpected(sink.error());
    return (*sink)->finish();
  });
}

Population read_page(const StorageHandle& self, const std::string& name, const std::vector<py::tuple>& filters,
                     const std::vector<std::string>& columns, std::optional<std::int64_t> after, std::int64_t limit,
                     const CallContext* context) {
  const Query query{filters_of(filters), columns, after, limit};
  const auto storage = self.use();
  return call([&](const Context& given) { return storage->read(name, query, given); }, context);
}

std::int64_t count_rows(const StorageHandle& self, const std::string& name, const std::vector<py::tuple>& filters,
                        const CallContext* context) {
  const auto conditions = filters_of(filters);
  const auto storage = self.use();
  return call([&](const Context& given) { return storage->count(name, conditions, given); }, context);
}

void bind_record(py::module_& m) {
  using Record = PopulationRecord;
  bind_answer(m, "PopulationRecord",
              "What is known of a stored population without reading it. form is \"rows\" or \"recipe\"; spec is JSON;\n"
              "created_at is ISO 8601, UTC; indexes: the attributes whose filters are to be fast.",
              member("name", &Record::name), member("form", &Record::form), member("count", &Record::count),
              member("seed", &Record::seed), member("start", &Record::start), member("spec_hash", &Record::spec_hash),
              member("names_hash", &Record::names_hash), member("created_at", &Record::created_at),
              member("spec", &Record::spec), member("indexes", &Record::indexes));
}

void bind_handle(py::class_<StorageHandle>& type) {
  type.def("put", &put_people, py::arg("name"), py::arg("people"), py::arg("spec") = py::none(),
           py::arg("indexes") = py::list(),
           "Keeps a population, or batches from `PersonaGenerator.stream` with bounded memory. It appears whole or\n"
           "not at all. indexes: attributes whose filters are to be fast.\n\n"
           "Raises AlreadyExists, Unavailable, IoError.")
      .def("put_recipe", &put_recipe, py::arg("name"), py::arg("generator"), py::arg("count"), py::arg("seed") = 0,
           py::arg("start") = 0, "Keeps specification, seed and count: a few kB, drawn again on reading.")
      .def(
          "list",
          [](const StorageHandle& self) {
            const auto storage = self.use();
            return call([&](const Context&) { return storage->list(); });
          },
          "Records in order of name.")
      .def(
          "find",
          [](const StorageHandle& self, const std::string& name) {
            const auto storage = self.use();
            return call([&](const Context&) { return storage->find(name); });
          },
          py::arg("name"), "Raises NotFound.")
      .def("read", &read_page, py::arg("name"), py::arg("filters") = py::list(), py::arg("columns") = py::list(),
           py::arg("after") = py::none(), py::arg("limit") = 1000, py::arg("context") = py::none(),
           "One page in index order: rows with index > after that satisfy all filters; limit 0 is no limit.\n\n"
           "A filter is (\"age\", \">=\", 65), (\"state\", \"in\", [\"MA\", \"NH\"]) or (\"income\", \"is_missing\"), "
           "with == !=\n"
           "< <= > >= in is_missing is_present, and contains begins_with of text. The column \"index\" comes first;\n"
           "its last value is the next page's `after`.\n\nRaises NotFound, InvalidArgument, Cancelled, "
           "DeadlineExceeded.")
      .def("count", &count_rows, py::arg("name"), py::arg("filters") = py::list(), py::arg("context") = py::none(),
           "How many satisfy all filters.\n\nRaises as `read`.")
      .def(
          "remove",
          [](const StorageHandle& self, const std::string& name) {
            const auto storage = self.use();
            call([&](const Context&) { return storage->remove(name); });
          },
          py::arg("name"), "Raises NotFound.");
  def_closing(type);
}

}  // namespace

void bind_storage(py::module_& module) {
  bind_record(module);
  py::class_<StorageHandle> type(module, "Storage", "Keeps populations. May be used from any thread.");
  bind_handle(type);
  py::class_<MemoryHandle, StorageHandle>(module, "MemoryStorage", "A storage that lives as long as its object.")
      .def(py::init<>());
}

}  // namespace persona::python
