//! Answers in memory, least recently used out first.
#include <persona/llm/cache.hpp>

#include <list>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace persona::llm {
namespace {

constexpr std::size_t bytes_around_entry = 256;  // list node, hash node, two strings

class MemoryCache final : public ResponseCache {
 public:
  explicit MemoryCache(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  Result<std::optional<CachedReply>> get(std::string_view key) override {
    const std::lock_guard lock(mutex_);
    const auto found = places_.find(key);
    if (found == places_.end()) return std::nullopt;
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->reply;
  }

  Status put(std::string_view key, const CachedReply& reply) override {
    const std::lock_guard lock(mutex_);
    remove(key);
    entries_.push_front({std::string(key), reply});
    places_.emplace(entries_.front().key, entries_.begin());
    bytes_ += size(entries_.front());
    while (bytes_ > most_bytes_) remove(entries_.back().key);
    return {};
  }

  Status erase(std::string_view key) override {
    const std::lock_guard lock(mutex_);
    remove(key);
    return {};
  }

 private:
  struct Entry {
    std::string key;
    CachedReply reply;
  };
  using Entries = std::list<Entry>;

  static std::size_t size(const Entry& entry) {
    const std::size_t copies = entry.reply.parsed ? 2 : 1;
    return bytes_around_entry + entry.key.size() + copies * entry.reply.reply.size();
  }

  void remove(std::string_view key) {
    const auto found = places_.find(key);
    if (found == places_.end()) return;
    const Entries::iterator entry = found->second;
    bytes_ -= size(*entry);
    places_.erase(found);
    entries_.erase(entry);
  }

  const std::size_t most_bytes_;
  std::mutex mutex_;
  Entries entries_;  // used last first
  std::unordered_map<std::string_view, Entries::iterator> places_;
  std::size_t bytes_ = 0;
};

}  // namespace

std::shared_ptr<ResponseCache> memory_cache(std::size_t most_bytes) {
  return std::make_shared<MemoryCache>(most_bytes);
}

}  // namespace persona::llm
