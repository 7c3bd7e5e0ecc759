//! Hermite coefficients and Mehler's series.
#include "score_function.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace persona {
namespace {

constexpr std::size_t hermite_lanes = 32;

struct HermiteRoots {
  std::array<double, ScoreFunction::terms + 1> root, inverse;

  HermiteRoots() {
    for (int k = 0; k <= ScoreFunction::terms; ++k) {
      root[k] = std::sqrt(static_cast<double>(k));
      inverse[k] = k > 0 ? 1 / root[k] : 0;
    }
  }
};

const HermiteRoots& hermite_roots() {
  static const HermiteRoots roots;
  return roots;
}

//! Normalised Hermite polynomials h_0, h_1, ... at some points at once.
struct HermiteLanes {
  std::array<double, hermite_lanes> z{}, current{}, before{};
  int degree = 0;

  void start() { current.fill(1), before.fill(0), degree = 0; }
  void next() {
    const HermiteRoots& roots = hermite_roots();
    const double a = roots.inverse[degree + 1], b = roots.root[degree];
    for (std::size_t i = 0; i < hermite_lanes; ++i) {
      const double raised = (z[i] * current[i] - b * before[i]) * a;
      before[i] = current[i];
      current[i] = raised;
    }
    ++degree;
  }
};

double lanes_dot(const std::array<double, hermite_lanes>& a, const std::array<double, hermite_lanes>& b) {
  double sum[4] = {};
  for (std::size_t i = 0; i < hermite_lanes; i += 4)
    for (std::size_t j = 0; j < 4; ++j) sum[j] += a[i + j] * b[i + j];
  return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

}  // namespace

void add_hermite_coefficients(std::span<const QuadratureNode> nodes, std::span<double> coefficients) {
  for (std::size_t from = 0; from < nodes.size(); from += hermite_lanes) {
    HermiteLanes lanes;
    std::array<double, hermite_lanes> weighted{};
    for (std::size_t i = 0; i < std::min(hermite_lanes, nodes.size() - from); ++i) {
      lanes.z[i] = nodes[from + i].z;
      weighted[i] = nodes[from + i].weight * nodes[from + i].x;
    }
    lanes.start();
    for (std::size_t k = 1; k < coefficients.size(); ++k) {
      lanes.next();
      coefficients[k] += lanes_dot(weighted, lanes.current);
    }
  }
}

// E 1{Z > t} h_k(Z) = phi(t) h_(k-1)(t) / sqrt(k)
void add_hermite_coefficients(std::span<const ScoreFunction::Step> steps, std::span<double> coefficients) {
  const HermiteRoots& roots = hermite_roots();
  for (std::size_t from = 0; from < steps.size(); from += hermite_lanes) {
    HermiteLanes lanes;
    std::array<double, hermite_lanes> weighted{};
    for (std::size_t i = 0; i < std::min(hermite_lanes, steps.size() - from); ++i) {
      lanes.z[i] = steps[from + i].at;
      weighted[i] = steps[from + i].jump * normal_density(steps[from + i].at);
    }
    lanes.start();
    for (std::size_t k = 1; k < coefficients.size(); ++k) {
      coefficients[k] += lanes_dot(weighted, lanes.current) * roots.inverse[k];
      lanes.next();
    }
  }
}

double mehler_product(const ScoreFunction& f, const ScoreFunction& g, double rho) {
  const auto a = f.hermite(), b = g.hermite();
  double sum = 0, power = rho;
  for (std::size_t k = 1; k < a.size() && std::abs(power) > 1e-16; ++k, power *= rho) sum += a[k] * b[k] * power;
  return sum;
}

}  // namespace persona
