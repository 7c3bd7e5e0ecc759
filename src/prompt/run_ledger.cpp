//! A ledger that lives as long as its object.
#include <persona/prompt/run_ledger.hpp>

#include <map>
#include <mutex>
#include <utility>

namespace persona::prompt {
namespace {

class MemoryRunLedger final : public RunLedger {
 public:
  Status begin(std::string_view run, std::string_view facts) override {
    const std::lock_guard lock(mutex_);
    const auto [kept, is_new] = runs_.try_emplace(std::string(run), KeptRun{std::string(facts), {}, {}, {}});
    if (!is_new && kept->second.facts != facts) {
      return fail(Errc::conflict, "run '" + std::string(run) + "' was begun with another program, data or options");
    }
    return {};
  }

  Result<std::optional<LedgerEntry>> find(std::string_view run, std::string_view request_hash,
                                          int sample) const override {
    const std::lock_guard lock(mutex_);
    const auto kept = runs_.find(run);
    if (kept == runs_.end()) return std::optional<LedgerEntry>();
    const auto place = kept->second.places.find(std::pair(std::string(request_hash), sample));
    if (place == kept->second.places.end()) return std::optional<LedgerEntry>();
    return std::optional(kept->second.entries[place->second]);
  }

  Status put(std::string_view run, const LedgerEntry& entry) override {
    const std::lock_guard lock(mutex_);
    KeptRun& kept = runs_[std::string(run)];
    const auto key = std::pair(entry.request_hash, entry.sample);
    if (kept.places.try_emplace(key, kept.entries.size()).second) kept.entries.push_back(entry);
    return {};
  }

  Result<std::vector<LedgerEntry>> entries(std::string_view run) const override {
    const std::lock_guard lock(mutex_);
    const auto kept = runs_.find(run);
    if (kept == runs_.end()) return fail(Errc::not_found, "there is no run '" + std::string(run) + "'");
    return kept->second.entries;
  }

  Status finish(std::string_view run, std::string_view report) override {
    const std::lock_guard lock(mutex_);
    runs_[std::string(run)].report = report;
    return {};
  }

  Result<std::string> report(std::string_view run) const override {
    const std::lock_guard lock(mutex_);
    const auto kept = runs_.find(run);
    if (kept == runs_.end()) return fail(Errc::not_found, "there is no run '" + std::string(run) + "'");
    return kept->second.report;
  }

  Result<std::vector<std::string>> runs() const override {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> names;
    for (const auto& [name, kept] : runs_) names.push_back(name);
    return names;
  }

 private:
  struct KeptRun {
    std::string facts, report;
    std::vector<LedgerEntry> entries;
    std::map<std::pair<std::string, int>, std::size_t> places;
  };
  mutable std::mutex mutex_;
  std::map<std::string, KeptRun, std::less<>> runs_;
};

}  // namespace

std::shared_ptr<RunLedger> memory_run_ledger() {
  return std::make_shared<MemoryRunLedger>();
}

}  // namespace persona::prompt
