//! The continuous families: closed forms, and Boost's gamma, beta and Student t.
#include "law.hpp"

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/students_t.hpp>

#include <cmath>

namespace persona {
namespace {

struct NormalLaw final : Marginal::Law {
  double centre, width;
  NormalLaw(double mean, double sd) : centre(mean), width(sd) { direct = true; }
  double tail(double x, bool above) const override { return normal_cdf((above ? centre - x : x - centre) / width); }
  double density(double x) const override { return normal_density((x - centre) / width) / width; }
  double quantile(double p, bool above) const override {
    return above ? centre - width * normal_quantile(p) : centre + width * normal_quantile(p);
  }
};

struct LogNormalLaw final : Marginal::Law {
  double mu, sigma;
  LogNormalLaw(double mu_, double sigma_) : mu(mu_), sigma(sigma_) { lower = 0, direct = true; }
  double score(double x) const { return (std::log(x) - mu) / sigma; }
  double tail(double x, bool above) const override {
    if (x <= 0) return above ? 1 : 0;
    return normal_cdf(above ? -score(x) : score(x));
  }
  double density(double x) const override { return x <= 0 ? 0 : normal_density(score(x)) / (sigma * x); }
  double quantile(double p, bool above) const override {
    return std::exp(mu + sigma * (above ? -normal_quantile(p) : normal_quantile(p)));
  }
};

//! Also the exponential: shape 1.
struct WeibullLaw final : Marginal::Law {
  double shape, scale;
  WeibullLaw(double shape_, double scale_) : shape(shape_), scale(scale_) { lower = 0, direct = true; }
  double tail(double x, bool above) const override {
    if (x <= 0) return above ? 1 : 0;
    const double hazard = std::pow(x / scale, shape);
    return above ? std::exp(-hazard) : -std::expm1(-hazard);
  }
  double density(double x) const override {
    if (x <= 0) return 0;
    const double hazard = std::pow(x / scale, shape);
    return shape / x * hazard * std::exp(-hazard);
  }
  double quantile(double p, bool above) const override {
    const double hazard = above ? -std::log(p) : -std::log1p(-p);
    return scale * (shape == 1 ? hazard : std::pow(hazard, 1 / shape));
  }
};

struct ParetoLaw final : Marginal::Law {
  double alpha;
  ParetoLaw(double minimum, double alpha_) : alpha(alpha_) { lower = minimum, upper_power = alpha, direct = true; }
  double tail(double x, bool above) const override {
    if (x <= lower) return above ? 1 : 0;
    const double logarithm = -alpha * std::log(x / lower);
    return above ? std::exp(logarithm) : -std::expm1(logarithm);
  }
  double density(double x) const override { return x < lower ? 0 : alpha / x * std::pow(lower / x, alpha); }
  double quantile(double p, bool above) const override {
    return lower * std::exp(-(above ? std::log(p) : std::log1p(-p)) / alpha);
  }
};

namespace policies = boost::math::policies;
using BoostPolicy =
    policies::policy<policies::domain_error<policies::ignore_error>, policies::pole_error<policies::ignore_error>,
                     policies::overflow_error<policies::ignore_error>,
                     policies::evaluation_error<policies::ignore_error>, policies::promote_double<false>>;
using BoostGamma = boost::math::gamma_distribution<double, BoostPolicy>;
using BoostBeta = boost::math::beta_distribution<double, BoostPolicy>;
using BoostStudent = boost::math::students_t_distribution<double, BoostPolicy>;

//! A law of Boost's, moved and scaled.
template <class Base>
struct BoostLaw final : Marginal::Law {
  Base base;
  double origin, unit, base_lower, base_upper;

  BoostLaw(Base base_, double origin_, double unit_) : base(base_), origin(origin_), unit(unit_) {
    const auto ends = boost::math::support(base);
    const bool bounded = ends.second < std::numeric_limits<double>::max();
    base_lower = ends.first > -std::numeric_limits<double>::max() ? 0 : -infinity;
    base_upper = bounded ? 1 : infinity;
    lower = origin + unit * base_lower;
    upper = origin + unit * base_upper;
    if constexpr (std::is_same_v<Base, BoostStudent>) lower_power = upper_power = base.degrees_of_freedom();
  }
  double tail(double x, bool above) const override {
    const double y = (x - origin) / unit;
    if (y <= base_lower) return above ? 1 : 0;
    if (y >= base_upper) return above ? 0 : 1;
    return above ? cdf(complement(base, y)) : cdf(base, y);
  }
  double density(double x) const override {
    const double y = (x - origin) / unit;
    return y <= base_lower || y >= base_upper ? 0 : pdf(base, y) / unit;
  }
  double quantile(double p, bool above) const override {
    return origin + unit * (above ? boost::math::quantile(complement(base, p)) : boost::math::quantile(base, p));
  }
};

template <class LawType, class... Arguments>
Result<LawPtr> law_if_ok(const ParameterReader& read, Arguments... arguments) {
  if (!read.ok()) return read.failure();
  return LawPtr(std::make_shared<LawType>(arguments...));
}

struct ContinuousMaker {
  Result<LawPtr> operator()(const Normal& d) const {
    ParameterReader read("normal");
    const double mean = read.number(d.mean, "mean"), sd = read.positive(d.sd, "sd");
    return law_if_ok<NormalLaw>(read, mean, sd);
  }
  Result<LawPtr> operator()(const LogNormal& d) const {
    ParameterReader read("lognormal");
    const double mu = read.number(d.mu, "mu"), sigma = read.positive(d.sigma, "sigma");
    return law_if_ok<LogNormalLaw>(read, mu, sigma);
  }
  Result<LawPtr> operator()(const Exponential& d) const {
    ParameterReader read("exponential");
    const double rate = read.positive(d.rate, "rate");
    return law_if_ok<WeibullLaw>(read, 1.0, 1 / rate);
  }
  Result<LawPtr> operator()(const Weibull& d) const {
    ParameterReader read("weibull");
    const double shape = read.positive(d.shape, "shape"), scale = read.positive(d.scale, "scale");
    return law_if_ok<WeibullLaw>(read, shape, scale);
  }
  Result<LawPtr> operator()(const Pareto& d) const {
    ParameterReader read("pareto");
    const double minimum = read.positive(d.minimum, "minimum"), alpha = read.positive(d.alpha, "alpha");
    return law_if_ok<ParetoLaw>(read, minimum, alpha);
  }
  Result<LawPtr> operator()(const Gamma& d) const {
    ParameterReader read("gamma");
    const double shape = read.positive(d.shape, "shape"), scale = read.positive(d.scale, "scale");
    return law_if_ok<BoostLaw<BoostGamma>>(read, BoostGamma(shape, 1), 0.0, scale);
  }
  Result<LawPtr> operator()(const Beta& d) const {
    ParameterReader read("beta");
    const double alpha = read.positive(d.alpha, "alpha"), beta = read.positive(d.beta, "beta");
    const double low = read.number(d.low, "low"), high = read.number(d.high, "high");
    read.require(low < high, "low must be < high");
    return law_if_ok<BoostLaw<BoostBeta>>(read, BoostBeta(alpha, beta), low, high - low);
  }
  Result<LawPtr> operator()(const StudentT& d) const {
    ParameterReader read("student_t");
    const double df = read.positive(d.df, "df"), location = read.number(d.location, "location");
    const double scale = read.positive(d.scale, "scale");
    return law_if_ok<BoostLaw<BoostStudent>>(read, BoostStudent(df), location, scale);
  }
  template <class Other>
  Result<LawPtr> operator()(const Other&) const {
    return LawPtr();
  }
};

}  // namespace

Result<LawPtr> continuous_law(const Distribution& distribution) {
  return std::visit(ContinuousMaker{}, distribution);
}

}  // namespace persona
