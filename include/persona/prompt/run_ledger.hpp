//! What a run has asked and been answered, so that it can go on where it stopped.
#pragma once

#include <persona/core/money.hpp>
#include <persona/core/result.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace persona::prompt {

//! One call of a model.
struct LedgerEntry {
  std::string request_hash = {};
  int sample = 0;
  int attempt = 0;           //!< of those that failed and were asked again
  std::string role = {};     //!< "task", "proposer", "judge", "flow"
  std::string program = {};  //!< hash, where one was run
  std::string example = {};  //!< id, where there is one
  std::string request = {};  //!< JSON
  std::string reply = {};    //!< JSON; empty: it failed
  std::string error = {};    //!< JSON
  std::optional<Money> cost = {};
  std::int64_t tokens = 0;
  std::chrono::microseconds latency{0};
};

//! Keeps runs: plain tables where it is a database. Every member may be called from any thread; what
//! `put` returned from survives the death of the process.
class RunLedger {
 public:
  virtual ~RunLedger() = default;

  //! A run's fixed facts: program, data, options as JSON. @errors conflict: it was begun with others (`other_facts`)
  [[nodiscard]] virtual Status begin(std::string_view run, std::string_view facts) = 0;
  //! All attempts, in order.
  [[nodiscard]] virtual Result<std::vector<LedgerEntry>> find(std::string_view run, std::string_view request_hash,
                                                              int sample) const = 0;
  //! What stands under the same request, sample and attempt already stays.
  [[nodiscard]] virtual Status put(std::string_view run, const LedgerEntry& entry) = 0;
  [[nodiscard]] virtual Result<std::vector<LedgerEntry>> entries(std::string_view run) const = 0;
  //! The finished report, as JSON; empty while it runs.
  [[nodiscard]] virtual Status finish(std::string_view run, std::string_view report) = 0;
  [[nodiscard]] virtual Result<std::string> report(std::string_view run) const = 0;
  [[nodiscard]] virtual Result<std::vector<std::string>> runs() const = 0;

 protected:
  RunLedger() = default;
  RunLedger(const RunLedger&) = default;
  RunLedger& operator=(const RunLedger&) = default;
};

PERSONA_EXPORT std::shared_ptr<RunLedger> memory_run_ledger();

//! For those who write ledgers: the error that names which facts differ. @param what  "run 'first'"
PERSONA_EXPORT Error other_facts(std::string_view what, std::string_view kept, std::string_view given);

}  // namespace persona::prompt
