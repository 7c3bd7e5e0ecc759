//! A ledger that lives as long as its object.
#include <persona/prompt/run_ledger.hpp>

#include <map>
#include <mutex>
#include <tuple>
#include <utility>

namespace persona::prompt {
namespace {

class MemoryRunLedger final : public RunLedger {
 public:
  Status begin(std::string_view run, std::string_view facts) override {
    const std::lock_guard lock(mutex_);
    const auto [kept, is_new] = runs_.try_emplace(std::string(run), KeptRun{std::string(facts), {}, {}, {}});
    if (!is_new && kept->second.facts != facts) {
      return tl::unexpected(other_facts("run '" + std::string(run) + "'", kept->second.facts, facts));
    }
    return {};
  }

  Result<std::vector<LedgerEntry>> find(std::string_view run, std::string_view request_hash,
                                        int sample) const override {
    const std::lock_guard lock(mutex_);
    std::vector<LedgerEntry> attempts;
    const auto kept = runs_.find(run);
    if (kept == runs_.end()) return attempts;
    const auto& places = kept->second.places;
    const std::string hash(request_hash);
    for (auto place = places.lower_bound({hash, sample, 0}); place != places.end(); ++place) {
      const LedgerEntry& entry = kept->second.entries[place->second];
      if (entry.request_hash != hash || entry.sample != sample) break;
      attempts.push_back(entry);
    }
    return attempts;
  }

  Status put(std::string_view run, const LedgerEntry& entry) override {
    const std::lock_guard lock(mutex_);
    KeptRun& kept = runs_[std::string(run)];
    const Place place(entry.request_hash, entry.sample, entry.attempt);
    if (kept.places.try_emplace(place, kept.entries.size()).second) kept.entries.push_back(entry);
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
  using Place = std::tuple<std::string, int, int>;  // request hash, sample, attempt
  struct KeptRun {
    std::string facts, report;
    std::vector<LedgerEntry> entries;
    std::map<Place, std::size_t> places;
  };
  mutable std::mutex mutex_;
  std::map<std::string, KeptRun, std::less<>> runs_;
};

}  // namespace

std::shared_ptr<RunLedger> memory_run_ledger() {
  return std::make_shared<MemoryRunLedger>();
}

}  // namespace persona::prompt
