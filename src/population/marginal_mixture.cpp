//! Weighted mixtures, and the mixture with zero.
#include "law.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include <fmt/format.h>

namespace persona {
namespace {

struct MixedPart {
  double weight;  // shares of 1
  RawLaw raw;
};

struct MixtureLaw final : Marginal::Law {
  std::vector<std::pair<double, LawPtr>> parts;

  explicit MixtureLaw(std::vector<std::pair<double, LawPtr>> all) : parts(std::move(all)) {
    lower = infinity, upper = -infinity;
    direct = true;  // flat and steep places: Newton needs the bracket
    for (const auto& [weight, part] : parts) {
      lower = std::min(lower, part->lower);
      upper = std::max(upper, part->upper);
      lower_power = std::min(lower_power, part->lower_power);
      upper_power = std::min(upper_power, part->upper_power);
      kinks.insert(kinks.end(), part->kinks.begin(), part->kinks.end());
      atoms.insert(atoms.end(), part->atoms.begin(), part->atoms.end());
      for (const double end : {part->lower, part->upper})
        if (std::isfinite(end)) kinks.push_back(end);
    }
    for (auto* points : {&kinks, &atoms}) {
      std::sort(points->begin(), points->end());
      points->erase(std::unique(points->begin(), points->end()), points->end());
    }
    std::erase_if(kinks, [this](double x) { return x <= lower || x >= upper; });
    prepare_atoms();
  }

  double tail(double x, bool above) const override {
    double sum = 0;
    for (const auto& [weight, part] : parts) sum += weight * part->tail(x, above);
    return std::min(sum, 1.0);
  }
  double density(double x) const override {
    double sum = 0;
    for (const auto& [weight, part] : parts) sum += weight * part->density(x);
    return sum;
  }
  double quantile(double p, bool above) const override {
    // Bisect over the atoms: the quantile is one of them or between two.
    std::size_t next = 0, end = atoms.size();
    while (next < end) {
      const std::size_t middle = next + (end - next) / 2;
      const double reached = atom_tails[above ? 1 : 0][middle];
      if (above ? reached > p : reached < p)
        next = middle + 1;
      else
        end = middle;
    }
    if (next < atoms.size()) {
      const double before = tail(std::nextafter(atoms[next], -infinity), above);
      if (above ? before > p : before < p) return atoms[next];
    }
    const double floor = next > 0 ? atoms[next - 1] : lower, ceiling = next < atoms.size() ? atoms[next] : upper;
    return only_continuous != nullptr ? without_atoms(p, above, floor) : between_parts(p, above, floor, ceiling);
  }

 private:
  const std::pair<double, LawPtr>* only_continuous = nullptr;
  std::vector<double> atom_tails[2];

  void prepare_atoms() {
    for (const bool above : {false, true})
      for (const double x : atoms) atom_tails[above ? 1 : 0].push_back(tail(x, above));
    std::size_t continuous = 0;
    for (const auto& part : parts)
      if (!part.second->only_atoms) {
        only_continuous = &part;
        continuous += part.second->atoms.empty() ? 1 : 2;
      }
    if (continuous != 1) only_continuous = nullptr;
  }

  // Between atoms only one part rises.
  double without_atoms(double p, bool above, double floor) const {
    double share = p;
    for (const auto& part : parts)
      if (&part != only_continuous) share -= part.first * part.second->tail(floor, above);
    share = std::clamp(share / only_continuous->first, 0.0, 1.0);
    const LawPtr& law = only_continuous->second;
    const double x = share <= 0.5 ? law->quantile(share, above) : law->quantile(1 - share, !above);
    return std::clamp(x, law->lower, law->upper);
  }

  double between_parts(double p, bool above, double floor, double ceiling) const {
    double low = infinity, high = -infinity;  // the mixture's quantile lies between those of its parts
    for (const auto& [weight, part] : parts) {
      const double x = part->quantile(p, above);
      low = std::min(low, x);
      high = std::max(high, x);
    }
    return between(p, above, std::max(low, floor), std::min(high, ceiling));
  }

  // Newton on the logarithm of the tail, kept inside a shrinking bracket by bisection; where the quantile
  // jumps or rests on an atom the bracket closes on it.
  double between(double p, bool above, double low, double high) const {
    double x = low + (high - low) / 2;
    for (int step = 0; step < 400 && low < high; ++step) {
      const double reached = tail(x, above);
      if (reached == p) return x;
      (above == (reached > p) ? low : high) = x;
      const double miss = std::log(reached / p) * reached / density(x);
      const double newton = above ? x + miss : x - miss;
      const bool inside = newton > low && newton < high && step % 4 != 3;
      const double next = inside ? newton : low + (high - low) / 2;
      if (std::abs(next - x) <= 2e-16 * std::abs(x) || next <= low || next >= high) return inside ? next : high;
      x = next;
    }
    return high;
  }
};

DiscreteTable merged_tables(const std::vector<MixedPart>& parts) {
  std::map<double, double> weight_of;
  for (const MixedPart& part : parts) {
    const DiscreteTable& table = part.raw.table;
    const double total = std::accumulate(table.weights.begin(), table.weights.end(), 0.0);
    for (std::size_t i = 0; i < table.values.size(); ++i)
      weight_of[table.values[i]] += part.weight * table.weights[i] / total;
  }
  DiscreteTable merged;
  for (const auto& [value, weight] : weight_of) {
    merged.values.push_back(value);
    merged.weights.push_back(weight);
  }
  return merged;
}

RawLaw mixed(std::vector<MixedPart> parts) {
  if (parts.size() == 1) return std::move(parts.front().raw);
  const bool discrete =
      std::all_of(parts.begin(), parts.end(), [](const MixedPart& p) { return p.raw.law == nullptr; });
  if (discrete) return {nullptr, merged_tables(parts)};
  std::vector<std::pair<double, LawPtr>> laws;
  for (MixedPart& part : parts)
    laws.emplace_back(part.weight, part.raw.law != nullptr ? part.raw.law : discrete_law(std::move(part.raw.table)));
  return {std::make_shared<MixtureLaw>(std::move(laws)), {}};
}

bool is_label_family(const Distribution& d) {
  return std::holds_alternative<Categorical>(d) || std::holds_alternative<Ordinal>(d) ||
         std::holds_alternative<Bernoulli>(d);
}

}  // namespace

Result<RawLaw> mixture_law(const Mixture& mixture) {
  ParameterReader read("mixture");
  double total = 0;
  for (const Component& component : mixture.components) {
    read.require(component.weight >= 0 && std::isfinite(component.weight),
                 fmt::format("weights must be finite and >= 0, got {}", component.weight));
    read.require(!is_label_family(component.distribution), "components must be numeric, not labels");
    total += component.weight;
  }
  read.require(total > 0 && std::isfinite(total), fmt::format("weights must have a positive sum, got {}", total));
  if (!read.ok()) return read.failure();
  std::vector<MixedPart> parts;
  for (std::size_t i = 0; i < mixture.components.size(); ++i) {
    auto raw = raw_law(mixture.components[i].distribution, {});
    if (!raw) return fail(raw.error().code, fmt::format("mixture: component {}: {}", i, raw.error().message));
    if (mixture.components[i].weight > 0) parts.push_back({mixture.components[i].weight / total, *std::move(raw)});
  }
  return mixed(std::move(parts));
}

Result<RawLaw> mixture_law(const ZeroInflated& inflated) {
  ParameterReader read("zero_inflated");
  read.within(inflated.zero, "zero", 0, 1);
  read.require(inflated.rest.size() == 1, fmt::format("exactly one rest is needed, got {}", inflated.rest.size()));
  if (!read.ok()) return read.failure();
  read.require(!is_label_family(inflated.rest.front().distribution), "the rest must be numeric, not labels");
  if (!read.ok()) return read.failure();
  auto rest = raw_law(inflated.rest.front().distribution, {});
  if (!rest) return fail(rest.error().code, "zero_inflated: " + rest.error().message);
  std::vector<MixedPart> parts;
  if (inflated.zero > 0) parts.push_back({inflated.zero, {nullptr, {{0}, {1}}}});
  if (inflated.zero < 1) parts.push_back({1 - inflated.zero, *std::move(rest)});
  return mixed(std::move(parts));
}

}  // namespace persona
