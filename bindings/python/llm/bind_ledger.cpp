//! Money that cannot be overspent.
#include "bind_fields.hpp"
#include "bind_llm.hpp"
#include "call.hpp"
#include "provider_caster.hpp"

#include <persona/llm/budget.hpp>
#ifdef PERSONA_PYTHON_SQLITE
#include <persona/storage/sqlite_llm.hpp>
#endif

namespace persona::python {
namespace py = pybind11;
namespace {

using llm::Ledger;

// These wait for a file at most, or a lock.
template <class Work>
auto without_gil(Work&& work) {
  auto result = [&] {
    const py::gil_scoped_release release;
    return work();
  }();
  return unwrap(std::move(result));
}

void bind_accounts(py::module_& m) {
  using namespace llm;
  bind_fields<Charge>(m, "Charge", "What a call takes.", field("money", &Charge::money),
                      field("tokens", &Charge::tokens), field("calls", &Charge::calls));
  bind_fields<Cap>(m, "Cap", "What an account may spend in all; None is no limit.", field("money", &Cap::money),
                   field("tokens", &Cap::tokens), field("calls", &Cap::calls));
  bind_fields<Balance>(m, "Balance", "Of an account. reserved: by calls under way.", field("cap", &Balance::cap),
                       field("spent", &Balance::spent), field("reserved", &Balance::reserved));
}

}  // namespace

void bind_ledger(py::module_& module) {
  bind_accounts(module);
  py::class_<Ledger, std::shared_ptr<Ledger>>(
      module, "Ledger",
      "Keeps accounts: spent + reserved never passes the cap, whoever calls from whichever thread or process. An\n"
      "account without a cap is counted all the same. From `memory_ledger`, `persona.sqlite.open_ledger` or\n"
      "`persona.postgres.open_ledger`.")
      .def(
          "set_cap",
          [](Ledger& self, const std::string& account, const llm::Cap& cap) {
            without_gil([&] { return self.set_cap(account, cap); });
          },
          py::arg("account"), py::arg("cap"), "What the account may spend in all, from now on.")
      .def(
          "balance",
          [](const Ledger& self, const std::string& account) {
            return without_gil([&] { return self.balance(account); });
          },
          py::arg("account"), "A Balance; of an account that nobody used, an empty one.")
      .def(
          "reserve",
          [](Ledger& self, const std::vector<std::string>& accounts, const llm::Charge& most) {
            return without_gil([&] { return self.reserve(accounts, most); });
          },
          py::arg("accounts"), py::arg("most"),
          "From all accounts or from none. Returns a name for `settle`.\n\nRaises QuotaExceeded.")
      .def(
          "settle",
          [](Ledger& self, const std::string& reservation, const llm::Charge& charge) {
            without_gil([&] { return self.settle(reservation, charge); });
          },
          py::arg("reservation"), py::arg("charge"),
          "Books what it took in fact, and gives the rest back.\n\nRaises NotFound: settled already.");
  module.def("memory_ledger", &llm::memory_ledger, "A Ledger that lives as long as its object.");
#ifdef PERSONA_PYTHON_SQLITE
  module.def(
      "open_ledger",
      [](const std::string& path, std::chrono::milliseconds busy_timeout, std::chrono::seconds lease) {
        return call([&](const Context&) {
          return sqlite::open_ledger(path, {.file = {.busy_timeout = busy_timeout}, .lease = lease});
        });
      },
      py::arg("path"), py::arg("busy_timeout") = 5.0, py::arg("lease") = 3600.0);
#endif
  using llm::MeterOptions;
  bind_fields<MeterOptions>(
      module, "MeterOptions",
      "prices: a PriceTable, None is the built-in one; ledger: None tells costs and caps nothing; account: charged\n"
      "for every call, besides \"tenant:NAME\" and the call's own; max_output_tokens: asked for where the request has\n"
      "none and a ledger is kept; allow_unknown_prices: calls whose price is not known count tokens only.",
      field("prices", &MeterOptions::prices), field("ledger", &MeterOptions::ledger),
      field("account", &MeterOptions::account), field("max_output_tokens", &MeterOptions::max_output_tokens),
      field("allow_unknown_prices", &MeterOptions::allow_unknown_prices), field("clock", &MeterOptions::clock));
  module.def("metered", &llm::metered, py::arg("provider"), py::arg("options") = MeterOptions{},
             "Prices every attempt, and books it: reserved at its most before it is sent, settled after.\n\n"
             "Calls raise QuotaExceeded; Unsupported: no price for the model, and a ledger.");
  module.def("most_of", &llm::most_of, py::arg("request"), py::arg("price"), "The Charge of a request, at most.");
}

}  // namespace persona::python
