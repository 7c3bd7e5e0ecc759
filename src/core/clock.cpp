//! The machine's clock.
#include <persona/core/clock.hpp>

#include <utility>

namespace persona {
namespace {

class MachineClock final : public Clock {
 public:
  std::chrono::steady_clock::time_point now() const override { return std::chrono::steady_clock::now(); }
  std::chrono::system_clock::time_point today() const override { return std::chrono::system_clock::now(); }

  void wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable_any& changed,
                  std::chrono::steady_clock::time_point time, const std::stop_token& stop) override {
    const auto once = [woken = false]() mutable { return std::exchange(woken, true); };
    if (time == std::chrono::steady_clock::time_point::max()) {
      changed.wait(lock, stop, once);
    } else {
      changed.wait_until(lock, stop, time, once);
    }
  }
};

}  // namespace

std::shared_ptr<Clock> system_clock() {
  static const auto clock = std::make_shared<MachineClock>();
  return clock;
}

bool sleep_until(Clock& clock, std::chrono::steady_clock::time_point time, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  while (!stop.stop_requested() && clock.now() < time) clock.wait_until(lock, never, time, stop);
  return !stop.stop_requested();
}

}  // namespace persona
