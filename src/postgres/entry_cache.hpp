//! Descriptions of populations that were read before.
#pragma once

#include "postgres/catalog.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace persona::postgres {

//! Only of rows: the number of their table is never used again, so that a description is right or its table is gone.
class EntryCache {
 public:
  std::shared_ptr<const CatalogEntry> find(std::string_view name) const {
    const std::lock_guard lock(mutex_);
    const auto at = entries_.find(name);
    return at == entries_.end() ? nullptr : at->second;
  }

  void keep(std::shared_ptr<const CatalogEntry> entry) {
    const std::lock_guard lock(mutex_);
    if (entries_.size() >= most_) entries_.clear();
    entries_.insert_or_assign(entry->record.name, std::move(entry));
  }

  void forget(std::string_view name) {
    const std::lock_guard lock(mutex_);
    if (const auto at = entries_.find(name); at != entries_.end()) entries_.erase(at);
  }

 private:
  static constexpr std::size_t most_ = 256;
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const CatalogEntry>, std::less<>> entries_;
};

}  // namespace persona::postgres
