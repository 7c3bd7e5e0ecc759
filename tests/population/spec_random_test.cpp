//! Random valid specifications: written, read back, and written again.
#include <persona/population/spec.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <random>

using namespace persona;

namespace {

//! Draws specifications that are valid by construction.
class RandomSpec {
 public:
  explicit RandomSpec(unsigned seed) : random_(seed) {}

  PopulationSpec draw() {
    PopulationSpec spec;
    spec.name = text();
    spec.description = text();
    spec.year = chance() ? 1000 + pick(9000) : 0;
    const int count = 2 + pick(8);
    for (int i = 0; i < count; ++i) spec.attributes.push_back(attribute(spec, i));
    if (chance()) segments(spec);
    correlations(spec);
    if (chance()) spec.constraints.push_back({"x0 > -1e300", chance() ? text() : ""});
    return spec;
  }

 private:
  int pick(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  bool chance() { return pick(2) == 0; }

  //! Any finite bit pattern, or a plain one.
  double number() {
    if (chance()) return pick(2000) / 8.0 - 100;
    const auto bits = static_cast<std::uint64_t>(random_()) << 32 | random_();
    double value;
    static_assert(sizeof value == sizeof bits);
    std::memcpy(&value, &bits, sizeof value);
    return std::isfinite(value) ? value : 1e-310;
  }
  double positive() { return (1 + pick(1000)) * std::pow(10.0, pick(9) - 4); }

  std::string text() {
    static const std::vector<std::string> pieces = {
        "", "a", "\"", "\\", "/", "~", "\n", "\x01", "\xc3\xa9", "\xf0\x9f\x98\x80", "'", "{"};
    std::string result;
    for (int i = pick(6); i > 0; --i) result += pieces[static_cast<std::size_t>(pick(static_cast<int>(pieces.size())))];
    return result;
  }

  std::vector<std::string> labels() {
    std::vector<std::string> list;
    for (int i = 1 + pick(5); i > 0; --i) list.push_back(text() + std::to_string(i));
    return list;
  }

  std::vector<double> weights(std::size_t n) {
    std::vector<double> list;
    for (std::size_t i = 0; i < n; ++i) list.push_back(positive());
    return list;
  }

  std::vector<double> rising(std::size_t n) {
    std::vector<double> list = {number() / 4};
    while (list.size() < n) list.push_back(std::max(list.back() + positive(), std::nextafter(list.back(), 1e308)));
    return list;
  }

  Distribution numeric(int depth = 0) {
    const auto two = rising(2), three = rising(3);
    switch (pick(depth > 2 ? 18 : 20)) {
      case 0: return Constant{number()};
      case 1: return Constant{static_cast<std::int64_t>(static_cast<std::uint64_t>(random_()) << 31)};
      case 2: return Normal{number(), positive()};
      case 3: return LogNormal{number(), positive()};
      case 4: return Gamma{positive(), positive()};
      case 5: return Beta{positive(), positive(), two[0], two[1]};
      case 6: return Exponential{positive()};
      case 7: return Weibull{positive(), positive()};
      case 8: return StudentT{positive(), number(), positive()};
      case 9: return Pareto{positive(), positive()};
      case 10: return Triangular{three[0], three[1], three[2]};
      case 11: return Uniform{two[0], two[1]};
      case 12: return Poisson{positive()};
      case 13: return Binomial{1 + pick(100), pick(100) / 99.0};
      case 14: return Geometric{(1 + pick(100)) / 100.0};
      case 15: return Zipf{positive(), 1 + pick(1000)};
      case 16: return Quantiles{{0, pick(100) / 200.0 + 0.1, 1}, three};
      case 17: return Histogram{rising(4), weights(3)};
      case 18: return ZeroInflated{pick(100) / 99.0, {Component{1, numeric(depth + 1)}}};
      default: return Mixture{{Component{positive(), numeric(depth + 1)}, Component{positive(), numeric(depth + 1)}}};
    }
  }

  Attribute attribute(const PopulationSpec& spec, int index) {
    Attribute one;
    one.name = "x" + std::to_string(index);
    one.description = text();
    one.missing = chance() ? pick(100) / 99.0 : 0;
    const auto list = labels();
    switch (index == 0 ? 0 : pick(7)) {
      case 0:
        one.distribution = numeric();
        one.round = chance() ? positive() : 0;
        if (chance()) one.truncation = Truncation{-positive(), chance() ? positive() : HUGE_VAL};
        for (const Attribute& other : spec.attributes)
          if (chance()) cases(one, other);
        break;
      case 1: one.distribution = Categorical{list, chance() ? weights(list.size()) : std::vector<double>{}}; break;
      case 2:
        one.distribution = Ordinal{list, weights(list.size()), chance() ? rising(list.size()) : std::vector<double>{}};
        break;
      case 3: one.distribution = Bernoulli{"x0 > 0"}; break;
      case 4: one.distribution = MultiSelect{list, std::vector<double>(list.size(), 0.25)}; break;
      case 5: one.distribution = DateRange{{pick(1000)}, {1000 + pick(1000)}}; break;
      default: one.distribution = Derived{"if(x0 > 1, x0 / 3, " + std::to_string(pick(9)) + ")"}; break;
    }
    return one;
  }

  void cases(Attribute& one, const Attribute& other) {
    Condition condition{.attribute = other.name};
    if (const auto* category = std::get_if<Categorical>(&*other.distribution))
      condition.any_of = category->categories;
    else if (const auto* ordinal = std::get_if<Ordinal>(&*other.distribution))
      condition.any_of = {ordinal->categories[0]};
    else if (std::holds_alternative<Bernoulli>(*other.distribution))
      condition.any_of = {chance() ? "true" : "false"};
    else if (std::holds_alternative<MultiSelect>(*other.distribution) ||
             std::holds_alternative<DateRange>(*other.distribution))
      return;
    else
      condition.from = number();
    one.cases.push_back({{condition}, numeric()});
  }

  void segments(PopulationSpec& spec) {
    spec.segments = {{text() + "1", positive(), {{"x0", numeric()}}}, {text() + "2", positive(), {}}};
  }

  void correlations(PopulationSpec& spec) {
    for (const Attribute& one : spec.attributes) {
      const bool fits = !std::holds_alternative<Constant>(*one.distribution) &&
                        !std::holds_alternative<Derived>(*one.distribution) &&
                        !std::holds_alternative<Categorical>(*one.distribution) &&
                        !std::holds_alternative<MultiSelect>(*one.distribution) &&
                        !std::holds_alternative<Ordinal>(*one.distribution);
      if (!fits || one.name == "x0" || std::holds_alternative<Constant>(*spec.attributes[0].distribution)) continue;
      spec.correlations.push_back(
          {"x0", one.name, pick(200) / 100.0 - 1, static_cast<CorrelationKind>(pick(3)), positive()});
    }
  }

  std::mt19937 random_;
};

}  // namespace

TEST_CASE("random specifications are valid and survive writing and reading") {
  for (unsigned seed = 0; seed < 500; ++seed) {
    CAPTURE(seed);
    const PopulationSpec spec = RandomSpec(seed).draw();
    const auto valid = validate(spec);
    REQUIRE_MESSAGE(valid.has_value(), to_string(valid.error()));
    const std::string json = to_json(spec);
    const auto again = parse_spec(json);
    REQUIRE_MESSAGE(again.has_value(), to_string(again.error()));
    REQUIRE(*again == spec);
    REQUIRE(to_json(*again) == json);
    REQUIRE(content_hash(*again) == content_hash(spec));
  }
}
