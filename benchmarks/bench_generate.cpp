//! Generating the reference model: against <random> with Boost quantiles here, against numpy in bench_generate.py.
#include "reference_model.hpp"
#include "report.hpp"

#include "population/marginal.hpp"
#include "population/quantile_table.hpp"

#include <boost/math/distributions.hpp>
#include <cmath>
#include <cstdio>
#include <random>
#include <string_view>

using namespace persona;
using namespace persona::bench;

namespace {

constexpr std::uint64_t rows = 1'000'000;

PopulationModel model() {
  return *PopulationModel::compile(reference_spec());
}

double generate_ms(const PopulationModel& compiled, GenerateOptions options, int rounds) {
  options.count = rows;
  options.parallelism.threads = 1;
  auto people = *compiled.generate(options);
  double best = 1e300;
  for (int round = 0; round < rounds; ++round)
    best = std::min(best, cpu_ms([&] { people = *compiled.generate(options, std::move(people)); }));
  return best;
}

// The same people the way one writes them with the standard library: row by row.
struct NaivePeer {
  std::mt19937_64 bits{1};
  std::normal_distribution<double> normal;
  std::poisson_distribution<int> children{1.8};
  std::uniform_int_distribution<int> day{1, 365};
  std::discrete_distribution<int> sex{0.49, 0.51}, region, occupation;
  std::vector<std::discrete_distribution<int>> education;
  double lower[4][4] = {};

  NaivePeer() {
    std::vector<double> r(10), o(100);
    for (int i = 0; i < 10; ++i) r[static_cast<std::size_t>(i)] = 1 + i % 4;
    for (int i = 0; i < 100; ++i) o[static_cast<std::size_t>(i)] = 1.0 / (1 + i);
    region = {r.begin(), r.end()};
    occupation = {o.begin(), o.end()};
    for (int i = 0; i < 10; ++i) {
      std::vector<double> e(6);
      for (int j = 0; j < 6; ++j) e[static_cast<std::size_t>(j)] = 1 + (i * 7 + j * 3) % 5;
      education.emplace_back(e.begin(), e.end());
    }
    for (int i = 0; i < 4; ++i)
      for (int j = 0; j <= i; ++j) {
        double s = reference_correlations[i][j];
        for (int k = 0; k < j; ++k) s -= lower[i][k] * lower[j][k];
        lower[i][j] = i == j ? std::sqrt(s) : s / lower[j][j];
      }
  }

  double run(std::uint64_t count) {
    const boost::math::normal standard;
    const boost::math::beta_distribution<> beta(2, 5);
    const double low = cdf(standard, (18 - 45) / 18.0), high = cdf(standard, (95 - 45) / 18.0);
    double sum = 0;
    for (std::uint64_t row = 0; row < count; ++row) {
      double z[4], y[4] = {};
      for (double& x : z) x = normal(bits);
      for (int i = 0; i < 4; ++i)
        for (int j = 0; j <= i; ++j) y[i] += lower[i][j] * z[j];
      sum += 45 + 18 * quantile(standard, low + cdf(standard, y[0]) * (high - low));
      sum += std::exp(10.3 + 0.6 * y[1]) + 170 + 9 * y[2] + quantile(beta, cdf(standard, y[3]));
      const int where = region(bits);
      sum += children(bits) + day(bits) + sex(bits) + occupation(bits) + where +
             education[static_cast<std::size_t>(where)](bits);
    }
    return sum;
  }
};

bool bench_naive(const PopulationModel& compiled) {
  constexpr std::uint64_t peer_rows = 100'000;
  NaivePeer peer;
  volatile double sink = 0;
  double ours = 1e300, theirs = 1e300;
  for (int round = 0; round < 3; ++round) {
    ours = std::min(ours, generate_ms(compiled, {.seed = 42}, 1));
    theirs = std::min(theirs, cpu_ms([&] { sink = peer.run(peer_rows); }));
  }
  return report(
      {"generate_vs_random_boost", ours, "ms CPU", "<random> + Boost quantiles", theirs * rows / peer_rows, 15});
}

bool bench_person(const PopulationModel& compiled) {
  constexpr int persons = 100'000;
  std::size_t sink = 0;
  double best = 1e300;
  for (int round = 0; round < 5; ++round)
    best = std::min(best, cpu_ms([&] {
                      for (std::uint64_t i = 0; i < persons; ++i)
                        sink += compiled.person(42, i * 7919)->attributes.size();
                    }));
  const double microseconds = best * 1e3 / persons;
  return report({"person_by_index", microseconds, "us", "2 us allowed", 2.0, 1}) && sink > 0;
}

// Spread of the achieved over the asked: largest |F(x(z)) - Phi(z)| between the nodes, and set-up, per family.
bool bench_tables() {
  const std::pair<const char*, Distribution> laws[] = {
      {"lognormal", LogNormal{10.3, 0.6}}, {"gamma", Gamma{2.5, 1}},       {"beta", Beta{2, 5}},
      {"beta 0.7 3.1", Beta{0.7, 3.1}},    {"weibull", Weibull{1.5, 1}},   {"student", StudentT{3}},
      {"pareto", Pareto{1, 2.5}},          {"exponential", Exponential{1}}};
  double slowest = 0, worst = 0;
  for (const auto& [name, law] : laws) {
    double setup = 1e300, error = 0;
    for (int round = 0; round < 5; ++round)
      setup = std::min(setup, cpu_ms([&] { error = build_quantile_table(*Marginal::make(law)).u_error; }));
    std::printf("  %-14s set-up %.2f ms, u-error %.1e\n", name, setup, error);
    slowest = std::max(slowest, setup);
    worst = std::max(worst, error);
  }
  const bool fast = report({"quantile_table_setup", slowest, "ms", "3 ms allowed", 3.0, 1});
  return report({"quantile_table_u_error", worst * 1e10, "1e-10", "1e-10 allowed", 1.0, 1}) && fast;
}

}  // namespace

int main(int count, char** arguments) {
  const auto compiled = model();
  if (count == 2) {  // one timing for bench_generate.py
    const std::string_view most = arguments[1];
    const Simd simd = most == "baseline" ? Simd::baseline : most == "avx2" ? Simd::avx2 : Simd::automatic;
    std::printf("%.4f\n", generate_ms(compiled, {.seed = 42, .simd = simd}, 3));
    return 0;
  }
  const bool naive = bench_naive(compiled), person = bench_person(compiled), tables = bench_tables();
  return naive && person && tables ? 0 : 1;
}
