//! The call that is measured, and how: the same in every part of bench_llm.
#pragma once

#include "report.hpp"

#include <persona/http/curl.hpp>
#include <persona/llm/openai.hpp>
#include <persona/llm/stack.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace persona::bench {

double wall_us(const auto& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count();
}

//! Of the calls of a round: the median time on the wall, and the mean of the processor's.
struct Cost {
  double p50_us = std::numeric_limits<double>::infinity(), cpu_us = p50_us;

  void better_of(const Cost& other) {
    p50_us = std::min(p50_us, other.p50_us);
    cpu_us = std::min(cpu_us, other.cpu_us);
  }
};

Cost measure(int calls, const auto& call) {
  std::vector<double> times(static_cast<std::size_t>(calls));
  const double cpu = cpu_ms([&] {
    for (double& time : times) time = wall_us(call);
  });
  std::nth_element(times.begin(), times.begin() + calls / 2, times.end());
  return {times[static_cast<std::size_t>(calls / 2)], 1e3 * cpu / calls};
}

template <class T>
T must(Result<T> result) {
  if (result) return *std::move(result);
  std::fprintf(stderr, "bench_llm: %s\n", to_string(result.error()).c_str());
  std::exit(2);
}

//! 1.7 KB on the wire; the number makes it one that was never asked.
inline llm::Request question(std::int64_t number) {
  static const std::string persona =
      "You are a person of a survey and answer as this person would, in one sentence.\n" + [] {
        std::string lines;
        for (int i = 0; i < 24; ++i)
          lines += "attribute " + std::to_string(i) + ": a value of some more words than one\n";
        return lines;
      }();
  llm::Request request{.model = "gpt-4o-mini", .max_output_tokens = 200, .temperature = 0};
  request.messages = {llm::Message::system(persona),
                      llm::Message::user("Question " + std::to_string(number) + ": would you buy it for ten dollars?")};
  return request;
}

//! Everything that the stack has, but for hedges, which send more than was asked for, and the stored cache.
inline llm::StackOptions everything(const llm::Provider& provider) {
  llm::StackOptions options;
  options.events = std::make_shared<llm::Metrics>();
  options.rate = {.requests_per_minute = 1'000'000'000,
                  .input_tokens_per_minute = 1'000'000'000'000,
                  .output_tokens_per_minute = 1'000'000'000'000};
  options.concurrency = {.start = 64, .most = 64};
  options.meter.ledger = llm::memory_ledger();
  options.meter.prices = std::make_shared<llm::PriceTable>(std::vector<llm::Price>{
      {.model = provider->name() + "/gpt-4o-mini", .standard = {.input = Money{150'000}, .output = Money{600'000}}}});
  return options;
}

inline llm::Provider openai_at(const std::string& url, int connections) {
  const auto transport = must(http::curl_transport({.connections_per_host = connections}));
  return llm::openai(transport, {.base_url = url, .key = Secret("sk-none")});
}

inline void ask(llm::LLMProvider& provider, const llm::Request& request, llm::Source source = llm::Source::provider) {
  const llm::Reply reply = must(provider.complete(request));
  if (reply.source == source && reply.text.starts_with("Hello!")) return;
  std::fputs("bench_llm: not the answer\n", stderr);
  std::exit(2);
}

}  // namespace persona::bench
