//! Time that a test moves.
#include <persona/testing/fake_clock.hpp>

#include <set>

namespace persona::testing {

struct FakeClock::State {
  mutable std::mutex mutex;
  std::chrono::steady_clock::time_point now{std::chrono::hours(1000)};
  std::chrono::steady_clock::duration waited{0};
  std::multiset<std::condition_variable_any*> sleepers;
  bool jump = true;
};

FakeClock::FakeClock(bool jump) : state_(std::make_unique<State>()) {
  state_->jump = jump;
}

FakeClock::~FakeClock() = default;

std::chrono::steady_clock::time_point FakeClock::now() const {
  const std::lock_guard lock(state_->mutex);
  return state_->now;
}

std::chrono::system_clock::time_point FakeClock::today() const {
  using namespace std::chrono;
  return sys_days(year(2026) / 1 / 1) +
         duration_cast<std::chrono::system_clock::duration>(now().time_since_epoch() - hours(1000));
}

void FakeClock::wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable_any& changed,
                           std::chrono::steady_clock::time_point time, const std::stop_token& stop) {
  if (stop.stop_requested()) return;
  const bool is_forever = time == std::chrono::steady_clock::time_point::max();
  {
    const std::lock_guard guard(state_->mutex);
    if (state_->now >= time) return;
    if (state_->jump && !is_forever) {
      state_->waited += time - state_->now;
      state_->now = time;
      return;
    }
    state_->sleepers.insert(&changed);
  }
  {
    const std::stop_callback wake(stop, [&changed] { changed.notify_all(); });
    // `advance` cannot take the caller's lock, so a notification may be missed: look again soon.
    changed.wait_for(lock, std::chrono::milliseconds(1));
  }
  const std::lock_guard guard(state_->mutex);
  state_->sleepers.erase(state_->sleepers.find(&changed));
}

void FakeClock::advance(std::chrono::steady_clock::duration time) {
  const std::lock_guard guard(state_->mutex);
  state_->now += time;
  state_->waited += state_->sleepers.empty() ? std::chrono::steady_clock::duration{0} : time;
  for (auto* sleeper : state_->sleepers) sleeper->notify_all();
}

std::chrono::steady_clock::duration FakeClock::waited() const {
  const std::lock_guard lock(state_->mutex);
  return state_->waited;
}

}  // namespace persona::testing
