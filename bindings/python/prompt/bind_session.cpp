//! Budgets, ledgers and sessions.
#include "bind_prompt.hpp"
#include "fields_caster.hpp"
#include "llm/bind_fields.hpp"
#include "llm/call.hpp"
#include "llm/provider_caster.hpp"
#include "prompt/session_options.hpp"

#include <persona/prompt/session.hpp>
#ifdef PERSONA_PYTHON_SQLITE
#include <persona/storage/sqlite_prompt.hpp>
#endif

namespace persona::python {
namespace py = pybind11;
using namespace prompt;
namespace {

void bind_ledgers(py::module_& m) {
  py::class_<LedgerEntry> entry(
      m, "LedgerEntry",
      "One call of a model. attempt: of those that failed; reply: JSON, None where it failed;\n"
      "latency: seconds.");
  def_fields(entry, "LedgerEntry", field("request_hash", &LedgerEntry::request_hash),
             field("sample", &LedgerEntry::sample), field("attempt", &LedgerEntry::attempt),
             field("role", &LedgerEntry::role), field("program", &LedgerEntry::program),
             field("example", &LedgerEntry::example), json_field("request", &LedgerEntry::request),
             json_field("reply", &LedgerEntry::reply), json_field("error", &LedgerEntry::error),
             field("cost", &LedgerEntry::cost), field("tokens", &LedgerEntry::tokens),
             field("latency", &LedgerEntry::latency));
  py::class_<RunLedger, std::shared_ptr<RunLedger>>(
      m, "RunLedger",
      "What runs have asked and been answered, so that they can go on where they stopped. From `memory_run_ledger`,\n"
      "`persona.sqlite.open_run_ledger` or `persona.postgres.open_run_ledger`.")
      .def(
          "entries",
          [](const RunLedger& self, const std::string& run) {
            return call([&](const Context&) { return self.entries(run); });
          },
          py::arg("run"), "Raises NotFound.")
      .def(
          "report",
          [](const RunLedger& self, const std::string& run) {
            return call([&](const Context&) { return self.report(run); });
          },
          py::arg("run"), "JSON; empty while the run is under way. Raises NotFound.")
      .def_property_readonly("runs",
                             [](const RunLedger& self) { return call([&](const Context&) { return self.runs(); }); });
  m.def("memory_run_ledger", &memory_run_ledger, "A ledger that lives as long as its object.");
#ifdef PERSONA_PYTHON_SQLITE
  m.def(
      "open_run_ledger",
      [](const std::string& path, bool durable, bool create) {
        const sqlite::Options options{.create = create, .durable = durable};
        return call([&](const Context&) { return sqlite::open_run_ledger(path, options); });
      },
      py::arg("path"), py::arg("durable") = false, py::arg("create") = true,
      "Keeps runs in an SQLite file: tables persona_run and persona_run_call.");
#endif
}

}  // namespace

SessionOptions session_options(const SessionArguments& given) {
  return {.model = given.model,
          .model_name = given.model_name,
          .proposer = given.proposer,
          .proposer_name = given.proposer_name,
          .budget = given.budget,
          .ledger = given.ledger,
          .run = given.run,
          .max_output_tokens = given.max_output_tokens,
          .parallelism = {given.threads}};
}

void bind_session(py::module_& module) {
  bind_fields<Budget>(module, "Budget",
                      "A hard cap on everything a run asks of models. money: Money; time: seconds; None is no limit.",
                      field("money", &Budget::money), field("tokens", &Budget::tokens), field("calls", &Budget::calls),
                      field("time", &Budget::time));
  py::class_<Spent> spent(module, "Spent", "replayed_calls: answered from the ledger, paid before; time: seconds.");
  def_fields(spent, "Spent", field("money", &Spent::money), field("tokens", &Spent::tokens),
             field("calls", &Spent::calls), field("replayed_calls", &Spent::replayed_calls),
             field("time", &Spent::time));
  bind_ledgers(module);
  py::class_<Session>(module, "Session",
                      "What every model call of a run goes through: one budget, one ledger, one order.")
      .def(py::init([](llm::Provider model, std::string model_name, llm::Provider proposer, std::string proposer_name,
                       Budget budget, std::shared_ptr<RunLedger> ledger, std::string run,
                       std::int64_t max_output_tokens, unsigned threads) {
             return unwrap(Session::open(session_options({std::move(model), std::move(model_name), std::move(proposer),
                                                          std::move(proposer_name), budget, std::move(ledger),
                                                          std::move(run), max_output_tokens, threads})));
           }),
           PERSONA_SESSION_ARGUMENTS)
      .def_property_readonly("spent", &Session::spent)
      .def(
          "ask",
          [](Session& self, const std::vector<llm::Request>& requests, bool by_proposer, const CallContext* context) {
            return call([&](const Context& c) { return self.ask(requests, by_proposer, c); }, context);
          },
          py::arg("requests"), py::arg("by_proposer") = true, py::arg("context") = py::none(),
          "The replies in order, None where there is none; within the budget, and kept in the ledger.");
}

}  // namespace persona::python
