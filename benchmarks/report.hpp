//! How benchmarks measure, and where they write what they found: results.json, one entry a name.
#pragma once

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <limits>
#include <string>

#include <nlohmann/json.hpp>

namespace persona::bench {

//! One measured thing against its peer; both values in `unit`.
struct Measurement {
  std::string name;
  double value = 0;
  std::string unit = "ms CPU";
  std::string peer = {};
  double peer_value = 0;
  double target = 0;  //!< the least ratio peer_value / value; 0 is none
};

//! Milliseconds of processor time of the process, whatever else the machine does.
template <class Work>
double cpu_ms(Work&& work) {
  timespec begin{}, end{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
  work();
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
  return 1e3 * static_cast<double>(end.tv_sec - begin.tv_sec) + 1e-6 * static_cast<double>(end.tv_nsec - begin.tv_nsec);
}

//! Runs two things in turns and keeps the best time of each.
template <class Ours, class Peer>
std::pair<double, double> best_of(int rounds, Ours&& ours, Peer&& peer) {
  std::pair<double, double> best{std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};
  for (int round = 0; round < rounds; ++round) {
    best.first = std::min(best.first, cpu_ms(ours));
    best.second = std::min(best.second, cpu_ms(peer));
  }
  return best;
}

//! The file of results: PERSONA_RESULTS of the environment, or benchmarks/results.json.
inline std::string results_path() {
  const char* chosen = std::getenv("PERSONA_RESULTS");
  return chosen != nullptr ? chosen : PERSONA_RESULTS;
}

//! Prints a line and replaces the entry of that name. @return whether the target is met
inline bool report(const Measurement& m) {
  const double ratio = m.peer_value / m.value;
  const bool pass = ratio >= m.target;
  std::printf("%-44s %10.1f %s, %s %.1f: %.1fx (target %.1fx) %s\n", m.name.c_str(), m.value, m.unit.c_str(),
              m.peer.c_str(), m.peer_value, ratio, m.target, pass ? "pass" : "FAIL");
  nlohmann::ordered_json results = nlohmann::ordered_json::parse(std::ifstream(results_path()), nullptr, false);
  if (!results.is_array()) results = nlohmann::ordered_json::array();
  const nlohmann::ordered_json entry = {
      {"name", m.name}, {"value", m.value},   {"unit", m.unit}, {"peer", m.peer}, {"peer_value", m.peer_value},
      {"ratio", ratio}, {"target", m.target}, {"pass", pass}};
  const auto same = [&](const nlohmann::ordered_json& other) { return other.value("name", "") == m.name; };
  const auto at = std::find_if(results.begin(), results.end(), same);
  at == results.end() ? results.push_back(entry) : void(*at = entry);
  std::ofstream(results_path()) << results.dump(1) << "\n";
  return pass;
}

}  // namespace persona::bench
