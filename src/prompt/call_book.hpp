//! Equal requests of one session are asked once, one after the other, and counted once.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace persona::prompt {

class CallBook {
 public:
  using Key = std::pair<std::string, int>;  // request hash, sample

  //! Waits until nobody else is at this request. Calls of a model end by themselves or by the context.
  //! @return whether its price is counted already
  bool enter(const Key& key) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !places_[key].is_open; });
    places_[key].is_open = true;
    return places_[key].is_counted;
  }

  void leave(const Key& key, bool is_counted) {
    const std::lock_guard lock(mutex_);
    places_[key] = {false, is_counted};
    changed_.notify_all();
  }

 private:
  struct Place {
    bool is_open = false, is_counted = false;
  };
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<Key, Place> places_;
};

}  // namespace persona::prompt
