//! A getaddrinfo of our own.
#include "names.hpp"

#include <dlfcn.h>
#include <netdb.h>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string_view>

namespace persona::testing {
namespace {

struct SlowNames {
  std::mutex mutex = {};
  std::condition_variable changed = {};
  int asking = 0;
  int answered = 0;  // releases so far
};

SlowNames& slow_names() {
  static auto* names = new SlowNames();  // a resolver thread may outlive main
  return *names;
}

void wait_for_release() {
  SlowNames& names = slow_names();
  std::unique_lock lock(names.mutex);
  ++names.asking;
  names.changed.notify_all();
  names.changed.wait(lock, [&, before = names.answered] { return names.answered > before; });
  --names.asking;
}

}  // namespace

void let_slow_names_answer() {
  SlowNames& names = slow_names();
  const std::lock_guard lock(names.mutex);
  ++names.answered;
  names.changed.notify_all();
}

bool await_slow_name() {
  SlowNames& names = slow_names();
  std::unique_lock lock(names.mutex);
  return names.changed.wait_for(lock, std::chrono::seconds(30), [&] { return names.asking > 0; });
}

}  // namespace persona::testing

extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints, addrinfo** found) {
  using Real = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
  static const auto real = reinterpret_cast<Real>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  const std::string_view name = node == nullptr ? "" : node;
  if (!name.ends_with(".test")) return real(node, service, hints, found);
  if (name == "nowhere.test") return EAI_NONAME;
  if (name == "slow.test") persona::testing::wait_for_release();
  return real(name == "v6.test" ? "::1" : "127.0.0.1", service, nullptr, found);
}
