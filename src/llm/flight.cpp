//! One call that several wait for.
#include "flight.hpp"

#include <utility>

namespace persona::llm {

bool Flight::join() {
  const std::lock_guard lock(mutex_);
  if (result_ || callers_ == 0) return false;
  ++callers_;
  return true;
}

bool Flight::leave() {
  {
    const std::lock_guard lock(mutex_);
    if (--callers_ > 0) return true;
  }
  stop_.request_stop();
  return false;
}

void Flight::add(const Delta& delta) {
  const std::lock_guard lock(mutex_);
  pieces_.push_back(HeldDelta::of(delta));
  changed_.notify_all();
}

void Flight::land(Result<CacheAnswer> result) {
  const std::lock_guard lock(mutex_);
  result_.emplace(std::move(result));
  changed_.notify_all();
}

Result<const HeldDelta*> Flight::next(std::size_t shown, Clock& clock, const Context& context) {
  std::unique_lock lock(mutex_);
  while (true) {
    if (shown < pieces_.size()) return &pieces_[shown];
    if (result_) return nullptr;
    if (Status wanted = still_wanted(clock, context); !wanted) return tl::unexpected(wanted.error());
    clock.wait_until(lock, changed_, context.deadline, context.stop);
  }
}

}  // namespace persona::llm
