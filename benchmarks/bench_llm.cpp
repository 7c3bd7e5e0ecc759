//! What persona adds to a call of a language model: above a raw socket, with many callers, from its caches, by token of
//! a stream, and with a thousand slow streams at once. The server is another process; `--serve` is that server alone,
//! `--calls PORT` a caller alone, `misses` and the like one part.
#include "llm_calls.hpp"
#include "llm_mock.hpp"
#include "raw_client.hpp"
#include "report.hpp"

#include <persona/storage/sqlite_llm.hpp>

#include <sys/resource.h>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <limits>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

using namespace persona;
using namespace persona::bench;

namespace {

constexpr int rounds = 15;
constexpr int short_rounds = 60;  // some of them meet a machine that does nothing else
constexpr int slow_streams = 1'000;

Cost best_of_rounds(int calls, const auto& call) {
  Cost best;
  for (int round = 0; round < rounds; ++round) best.better_of(measure(calls, call));
  return best;
}

bool bounded(const std::string& name, double value, const std::string& unit, double allowed) {
  char words[80];
  std::snprintf(words, sizeof words, "%g %s allowed", allowed, unit.c_str());
  return report({.name = name, .value = value, .unit = unit, .peer = words, .peer_value = allowed, .target = 1});
}

bool misses(const MockProcess& mock) {
  const auto provider = openai_at(mock.url("/v1"), 8);
  const auto stack = llm::standard_stack(provider, everything(provider));
  std::int64_t number = 0;
  ask(*stack, question(++number));
  RawClient socket(mock.port());
  const std::string bytes(socket.ask("GET /last HTTP/1.1\r\n\r\n"));  // what the stack has sent
  Cost raw, bare, full;
  for (int round = 0; round < short_rounds; ++round) {
    raw.better_of(measure(150, [&] { socket.ask(bytes); }));
    bare.better_of(measure(150, [&] { ask(*provider, question(++number)); }));
    full.better_of(measure(150, [&] { ask(*stack, question(++number)); }));
  }
  bool pass = report({"llm_miss_p50", full.p50_us, "us", "raw socket, the same bytes", raw.p50_us, 0});
  pass &= report({"llm_dialect_p50", bare.p50_us, "us", "raw socket, the same bytes", raw.p50_us, 0});
  pass &= bounded("llm_miss_above_socket", full.p50_us - raw.p50_us, "us", 120);
  pass &= report({"llm_miss_cpu_raw", full.cpu_us, "us CPU", "raw socket, the same bytes", raw.cpu_us, 0});
  pass &= report({"llm_dialect_cpu", bare.cpu_us, "us CPU", "raw socket, the same bytes", raw.cpu_us, 0});
  return bounded("llm_miss_cpu", full.cpu_us, "us CPU", 80) && pass;
}

bool many_callers(const MockProcess& mock) {
  const auto provider = openai_at(mock.url("/v1"), 32);
  const auto stack = llm::standard_stack(provider, everything(provider));
  constexpr int callers = 32, calls = 250;
  double best = std::numeric_limits<double>::infinity();
  std::atomic<std::int64_t> number = 0;
  for (int round = 0; round < rounds; ++round) {
    const double took = wall_us([&] {
      std::vector<std::jthread> threads;
      for (int caller = 0; caller < callers; ++caller) {
        threads.emplace_back([&] {
          for (int i = 0; i < calls; ++i) ask(*stack, question(++number));
        });
      }
    });
    if (round > 0) best = std::min(best, took / (callers * calls));
  }
  std::printf("32 callers: %.0f calls a second\n", 1e6 / best);
  return bounded("llm_32_callers", best, "us a call", 125);
}

bool hits(const MockProcess& mock) {
  const auto provider = openai_at(mock.url("/v1"), 8);
  const auto first = llm::standard_stack(provider, everything(provider));
  ask(*first, question(0));
  const Cost memory = best_of_rounds(1'000, [&] { ask(*first, question(0), llm::Source::memory_cache); });

  const std::string path = (std::filesystem::temp_directory_path() / "persona_bench_llm.db").string();
  const auto remove = [&] {
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(path + end);
  };
  remove();
  Cost stored;
  {
    auto options = everything(provider);
    options.memory = nullptr;
    options.stored = must(sqlite::open_cache(path));
    const auto second = llm::standard_stack(provider, options);
    for (int i = 0; i < 1'000; ++i) ask(*second, question(i));
    std::int64_t number = 0;
    stored = best_of_rounds(1'000, [&] { ask(*second, question(number++ % 1'000), llm::Source::stored_cache); });
  }
  remove();
  const bool pass = bounded("llm_memory_hit", memory.p50_us, "us", 10);
  return bounded("llm_sqlite_hit", stored.p50_us, "us", 150) && pass;
}

//! @return the tokens that were shown
int listen(llm::LLMProvider& provider, const llm::Request& request) {
  int tokens = 0;
  must(provider.stream(request, [&](const llm::Delta& delta) -> Status {
    const auto* text = std::get_if<llm::TextDelta>(&delta);
    tokens += text != nullptr && text->text == " token" ? 1 : 0;
    return {};
  }));
  return tokens;
}

bool bursts(const MockProcess& mock) {
  const auto provider = openai_at(mock.url("/v1"), 8);
  const auto stack = llm::standard_stack(provider, everything(provider));
  std::int64_t number = 0;
  bool whole = true;
  const Cost best = best_of_rounds(20, [&] { whole &= listen(*stack, question(++number)) == burst_tokens; });
  if (!whole) std::puts("a stream was not whole");
  return bounded("llm_sse_token", best.cpu_us / burst_tokens, "us CPU a token", 5) && whole;
}

std::ptrdiff_t threads_now() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/task"), std::filesystem::directory_iterator());
}

//! A stream blocks its caller, so that a thousand callers are a thousand threads of the application; what is counted
//! are the threads besides them and the one that counts.
bool slow_ones(const MockProcess& mock) {
  const auto provider = openai_at(mock.url("/slow/v1"), slow_streams);
  auto options = everything(provider);
  options.concurrency = {.start = slow_streams, .most = slow_streams};
  const auto stack = llm::standard_stack(provider, options);
  std::atomic<int> tokens = 0, done = 0;
  std::ptrdiff_t most = 0;
  const double cpu = cpu_ms([&] {
    std::vector<std::jthread> callers;
    for (int caller = 0; caller < slow_streams; ++caller) {
      callers.emplace_back([&, caller] {
        tokens += listen(*stack, question(caller));
        ++done;
      });
    }
    while (done == 0) {  // as long as all callers are there
      most = std::max(most, threads_now() - slow_streams - 1);
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  });
  RawClient socket(mock.port());
  const std::string open(socket.ask("GET /most HTTP/1.1\r\n\r\n"));
  std::printf("slow streams: %s open at once, %d tokens, %.1f us CPU a token that comes alone\n", open.c_str(),
              tokens.load(), 1e3 * cpu / tokens);
  const bool whole = tokens == slow_streams * slow_tokens && open == std::to_string(slow_streams);
  return bounded("llm_1000_streams_threads", static_cast<double>(most), "threads", 3) && whole;
}

//! For benchmarks in other languages: a line "stack 200" makes so many calls and is answered by their median time.
void make_calls(int port) {
  const auto provider = openai_at("http://127.0.0.1:" + std::to_string(port) + "/v1", 8);
  const auto stack = llm::standard_stack(provider, everything(provider));
  RawClient socket(port);
  std::int64_t number = 0;
  ask(*stack, question(++number));
  const std::string bytes(socket.ask("GET /last HTTP/1.1\r\n\r\n"));
  std::string what;
  for (int calls = 0; std::cin >> what >> calls;) {
    const Cost cost = what == "raw"       ? measure(calls, [&] { socket.ask(bytes); })
                      : what == "dialect" ? measure(calls, [&] { ask(*provider, question(++number)); })
                                          : measure(calls, [&] { ask(*stack, question(++number)); });
    std::cout << cost.p50_us << std::endl;
  }
}

void allow_many_sockets() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int count, char** words) {
  allow_many_sockets();
  const std::string_view only = count > 1 ? words[1] : "";
  if (only == "--serve") {
    serve_until_input_ends();
    return 0;
  }
  if (only == "--calls" && count > 2) {
    make_calls(std::atoi(words[2]));
    return 0;
  }
  const std::pair<std::string_view, bool (*)(const MockProcess&)> parts[] = {
      {"misses", misses}, {"callers", many_callers}, {"hits", hits}, {"bursts", bursts}, {"slow", slow_ones}};
  const MockProcess mock;
  bool pass = true;
  for (const auto& [name, part] : parts) pass &= only.empty() || only == name ? part(mock) : true;
  return pass ? 0 : 1;
}
