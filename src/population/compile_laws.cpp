//! From distributions to laws: numbers become marginals, expressions become transforms of a standard law.
#include "compile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace persona {
namespace {

// A law that moves and scales a standard one, as far as the parameters are expressions.
struct LawPlan {
  Distribution base;
  Transform transform = Transform::none;
  Parameter location = 0, scale = 1;
};

Parameter reciprocal(const Parameter& p) {
  return p.is_expression() ? Parameter("1 / (" + p.expression + ")") : Parameter(1 / p.number);
}

std::string parameter_text(const Parameter& p) {
  return p.is_expression() ? "(" + p.expression + ")" : fmt::format("({})", p.number);
}

Parameter difference(const Parameter& high, const Parameter& low) {
  if (!high.is_expression() && !low.is_expression()) return high.number - low.number;
  return Parameter(parameter_text(high) + " - " + parameter_text(low));
}

struct PlanOf {
  const Distribution& whole;

  template <class... P>
  static bool expressions(const P&... p) {
    return (p.is_expression() || ...);
  }
  LawPlan plain() const { return {whole, Transform::none, 0, 1}; }

  LawPlan operator()(const Normal& d) const {
    if (!expressions(d.mean, d.sd)) return plain();
    return {Normal{0, 1}, Transform::affine, d.mean, d.sd};
  }
  LawPlan operator()(const LogNormal& d) const {
    if (!expressions(d.mu, d.sigma)) return plain();
    return {LogNormal{0, 1}, Transform::exponential, d.mu, d.sigma};
  }
  LawPlan operator()(const Gamma& d) const {
    if (!expressions(d.scale)) return plain();
    return {Gamma{d.shape, 1}, Transform::affine, 0, d.scale};
  }
  LawPlan operator()(const Exponential& d) const {
    if (!expressions(d.rate)) return plain();
    return {Exponential{1}, Transform::affine, 0, reciprocal(d.rate)};
  }
  LawPlan operator()(const Weibull& d) const {
    if (!expressions(d.scale)) return plain();
    return {Weibull{d.shape, 1}, Transform::affine, 0, d.scale};
  }
  LawPlan operator()(const StudentT& d) const {
    if (!expressions(d.location, d.scale)) return plain();
    return {StudentT{d.df, 0, 1}, Transform::affine, d.location, d.scale};
  }
  LawPlan operator()(const Uniform& d) const {
    if (!expressions(d.low, d.high)) return plain();
    return {Uniform{0, 1}, Transform::affine, d.low, difference(d.high, d.low)};
  }
  LawPlan operator()(const Beta& d) const {
    if (!expressions(d.low, d.high)) return plain();
    return {Beta{d.alpha, d.beta, 0, 1}, Transform::affine, d.low, difference(d.high, d.low)};
  }
  LawPlan operator()(const Bernoulli& d) const {
    if (!expressions(d.probability)) return plain();
    return {whole, Transform::bernoulli, d.probability, 1};
  }
  LawPlan operator()(const Poisson& d) const {
    if (!expressions(d.mean)) return plain();
    return {whole, Transform::poisson, d.mean, 1};
  }
  LawPlan operator()(const Binomial& d) const {
    if (!expressions(d.probability)) return plain();
    return {whole, Transform::binomial, d.probability, d.trials};
  }
  // So many whole numbers are better a rounded uniform than a table.
  LawPlan operator()(const UniformInteger& d) const {
    if (d.high.number - d.low.number < 4096) return plain();
    return {Uniform{d.low.number - 0.5, d.high.number + 0.5}, Transform::none, 0, 1};
  }
  LawPlan operator()(const DateRange& d) const {
    if (d.to.days - d.from.days < 4096) return plain();
    return {Uniform{d.from.days - 0.5, d.to.days + 0.5}, Transform::none, 0, 1};
  }
  template <class Other>
  LawPlan operator()(const Other&) const {
    return plain();
  }
};

// Labels become a law over all labels of the column, so that positions are codes.
Distribution over_all_labels(const Distribution& distribution, const Field& field) {
  std::vector<std::string> own;
  std::vector<double> own_weights, own_scores;
  if (const auto* c = std::get_if<Categorical>(&distribution)) own = c->categories, own_weights = c->weights;
  if (const auto* c = std::get_if<Ordinal>(&distribution))
    own = c->categories, own_weights = c->weights, own_scores = c->scores;
  if (const auto* c = std::get_if<Constant>(&distribution))
    if (const auto* text = std::get_if<std::string>(&c->value)) own = {*text};
  if (own_weights.empty()) own_weights.assign(own.size(), 1.0);
  std::vector<double> weights(field.labels->size(), 0.0);
  for (std::size_t i = 0; i < own.size(); ++i)
    weights[static_cast<std::size_t>(std::find(field.labels->begin(), field.labels->end(), own[i]) -
                                     field.labels->begin())] += own_weights[i];
  if (own == *field.labels && !own_scores.empty()) return Ordinal{*field.labels, weights, own_scores};
  return Categorical{*field.labels, weights};
}

Result<Operand> bind_operand(CompiledModel& model, const Parameter& parameter, const std::string& path) {
  if (!parameter.is_expression()) return Operand{parameter.number, -1};
  auto index = bind_expression(model, parameter.expression, path);
  if (!index) return tl::unexpected<Error>(index.error());
  return Operand{0, *index};
}

tl::unexpected<Error> in_attribute(Error error, const std::string& name, const std::string& path) {
  error.message = "attribute '" + name + "': " + error.message;
  if (error.path.empty()) error.path = path;
  return tl::unexpected<Error>(std::move(error));
}

std::string condition_label(const Condition& condition) {
  if (!condition.any_of.empty()) return fmt::format("{}={}", condition.attribute, fmt::join(condition.any_of, "|"));
  if (std::isinf(condition.from)) return fmt::format("{} < {}", condition.attribute, condition.below);
  if (std::isinf(condition.below)) return fmt::format("{} >= {}", condition.attribute, condition.from);
  return fmt::format("{} {}..{}", condition.attribute, condition.from, condition.below);
}

std::string case_label(const Case& c) {
  std::string label;
  for (const Condition& condition : c.when) label += (label.empty() ? "" : ", ") + condition_label(condition);
  return label;
}

bool has_marginal(const Distribution& distribution, Transform transform) {
  return !std::holds_alternative<Derived>(distribution) && !std::holds_alternative<Identity>(distribution) &&
         !std::holds_alternative<MultiSelect>(distribution) && transform != Transform::bernoulli &&
         transform != Transform::poisson && transform != Transform::binomial;
}

Result<Law> make_compiled_law(CompiledModel& model, const Attribute& attribute, const Field& field,
                              const Distribution& given, const std::string& path) {
  const Distribution distribution = field.type == ColumnType::category && !std::holds_alternative<Derived>(given) &&
                                            !std::holds_alternative<Identity>(given)
                                        ? over_all_labels(given, field)
                                        : given;
  LawPlan plan = std::visit(PlanOf{distribution}, distribution);
  if (const auto* constant = std::get_if<Constant>(&given); constant != nullptr && field.type == ColumnType::boolean)
    plan = {Bernoulli{std::get<bool>(constant->value) ? 1.0 : 0.0}, Transform::none, 0, 1};  // positions are values
  Law law;
  law.transform = plan.transform;
  law.distribution = plan.base;
  if (const auto* derived = std::get_if<Derived>(&given)) {
    auto index = bind_expression(model, derived->expression, path + "/expression",
                                 field.type == ColumnType::category ? field.labels.get() : nullptr);
    if (!index) return in_attribute(index.error(), attribute.name, path);
    law.location = {0, *index};
    return law;
  }
  if (plan.transform != Transform::none) {
    auto location = bind_operand(model, plan.location, path);
    if (!location) return in_attribute(location.error(), attribute.name, path);
    auto scale = bind_operand(model, plan.scale, path);
    if (!scale) return in_attribute(scale.error(), attribute.name, path);
    law.location = *location;
    law.scale = *scale;
  }
  if (!has_marginal(law.distribution, law.transform)) return law;

  const bool plain = plan.transform == Transform::none;
  const bool numeric =
      field.type != ColumnType::category && field.type != ColumnType::boolean && field.type != ColumnType::date;
  const bool whole = (attribute.integer && numeric) || std::holds_alternative<UniformInteger>(distribution) ||
                     std::holds_alternative<DateRange>(distribution);
  auto marginal = Marginal::make(law.distribution, plain && numeric ? attribute.truncation : std::nullopt,
                                 plain && numeric ? attribute.round : 0, plain && whole);
  if (!marginal) return in_attribute(marginal.error(), attribute.name, path);
  if (marginal->values().size() > 65'535)
    return in_attribute(
        {Errc::unsupported,
         fmt::format(
             "{} different values are more than the 65535 a table holds; round coarser or use a continuous family",
             marginal->values().size()),
         {}},
        attribute.name, path);
  law.marginal = std::move(*marginal);
  if (!plain && attribute.truncation.has_value()) {
    law.truncation = attribute.truncation;
    if (plan.transform == Transform::exponential)
      law.truncation = Truncation{attribute.truncation->min > 0 ? std::log(attribute.truncation->min) : -HUGE_VAL,
                                  attribute.truncation->max > 0 ? std::log(attribute.truncation->max) : -HUGE_VAL};
  }
  return law;
}

// Whole numbers that fit are kept in four bytes.
void narrow_integers(CompiledAttribute& attribute) {
  if (attribute.field.type != ColumnType::int64) return;
  for (const Law& law : attribute.laws) {
    if (!law.marginal.has_value() || law.transform != Transform::none) return;
    const double low = law.marginal->is_discrete() ? law.marginal->values().front() : law.marginal->quantile_z(-8.5);
    const double high = law.marginal->is_discrete() ? law.marginal->values().back() : law.marginal->quantile_z(8.5);
    if (low < -2147483000.0 || high > 2147483000.0) return;
  }
  attribute.field.type = ColumnType::int32;
}

}  // namespace

Status compile_laws(CompiledModel& model, std::size_t index) {
  const Attribute& attribute = model.flat.attributes[index];
  const std::string path = attribute_path(model, index);
  CompiledAttribute& compiled = model.attributes[index];
  if (attribute.distribution.has_value()) {
    auto law = make_compiled_law(model, attribute, compiled.field, *attribute.distribution, path + "/distribution");
    if (!law) return tl::unexpected<Error>(law.error());
    compiled.laws.push_back(std::move(*law));
  }
  for (std::size_t c = 0; c < attribute.cases.size(); ++c) {
    auto law = make_compiled_law(model, attribute, compiled.field, attribute.cases[c].distribution,
                                 fmt::format("{}/cases/{}/distribution", path, c));
    if (!law) return tl::unexpected<Error>(law.error());
    law->label = case_label(attribute.cases[c]);
    compiled.laws.push_back(std::move(*law));
  }
  narrow_integers(compiled);
  return {};
}

}  // namespace persona
