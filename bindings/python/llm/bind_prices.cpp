//! What tokens cost.
#include "bind_fields.hpp"
#include "bind_llm.hpp"

#include <persona/llm/price.hpp>

namespace persona::python {
namespace py = pybind11;
namespace {

using llm::Price;
using llm::PriceTable;
using Table = std::shared_ptr<PriceTable>;

Table shared(std::shared_ptr<const PriceTable> table) {
  return std::const_pointer_cast<PriceTable>(std::move(table));
}

std::chrono::sys_days day_or_today(const std::optional<std::chrono::sys_days>& day) {
  return day.value_or(std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()));
}

void bind_table(py::module_& m) {
  py::class_<PriceTable, Table>(m, "PriceTable", "Prices by model and day; does not change once made.")
      .def(py::init<std::vector<Price>>(), py::arg("prices"))
      .def_static(
          "built_in", [] { return shared(PriceTable::built_in()); },
          "Those known when this version was made, with their sources.")
      .def_static(
          "parse",
          [](const std::string& json, const PriceTable* base, bool trust) -> Table {
            return shared(unwrap(PriceTable::parse(json, base, trust)));
          },
          py::arg("json"), py::arg("base") = py::none(), py::arg("trust") = false,
          "A document of docs/prices.schema.json; its entries replace those of `base` with the same model and day.\n\n"
          "Raises InvalidArgument: malformed; more than half of the models are gone, or a price moved more than\n"
          "tenfold, and `trust` is false.")
      .def(
          "find",
          [](const PriceTable& self, const std::string& provider, const std::string& model,
             const std::optional<std::chrono::sys_days>& day) { return self.find(provider, model, day_or_today(day)); },
          py::arg("provider"), py::arg("model"), py::arg("day") = py::none(),
          "The price of a day, today where none is given. None is unknown, never free.")
      .def_property_readonly("prices", &PriceTable::prices, "All of them, by model, then day.")
      .def("to_json", &PriceTable::to_json, "As `parse` reads it.")
      .def("__len__", [](const PriceTable& self) { return self.prices().size(); });
}

}  // namespace

void bind_prices(py::module_& module) {
  using llm::TokenPrices;
  bind_fields<TokenPrices>(
      module, "TokenPrices",
      "Money for one token each. cached: input read from the provider's cache; cache_write: written\n"
      "to it, kept 5 minutes; cache_write_1h: kept an hour.",
      field("input", &TokenPrices::input), field("output", &TokenPrices::output), field("cached", &TokenPrices::cached),
      field("cache_write", &TokenPrices::cache_write), field("cache_write_1h", &TokenPrices::cache_write_1h));
  bind_fields<Price>(
      module, "Price",
      "What one model costs, from a day (`first_day`) until another (`until`, which is the first day no more).\n"
      "long_context: prices where the input is above long_context_from tokens; source: a URL.",
      field("model", &Price::model), field("standard", &Price::standard), field("long_context", &Price::long_context),
      field("long_context_from", &Price::long_context_from), field("batch_factor", &Price::batch_factor),
      field("max_input_tokens", &Price::max_input_tokens), field("max_output_tokens", &Price::max_output_tokens),
      field("first_day", &Price::from), field("until", &Price::until), field("source", &Price::source));
  bind_table(module);
  module.def("cost", &llm::cost, py::arg("price"), py::arg("usage"),
             "Money of all tokens, each at its own price. Usage that contradicts itself counts in full.");
}

}  // namespace persona::python
