//! The families of distributions as classes: `persona.Normal(mean=46, sd=18)`.
#include "bind_struct.hpp"
#include "bindings.hpp"

namespace persona::python {
namespace py = pybind11;
namespace {

void bind_continuous(py::module_& m) {
  bind_struct(m, "Normal",
              "Bell-shaped, in the attribute's unit. mean and sd may be expressions over other attributes.",
              member("mean", &Normal::mean), member("sd", &Normal::sd));
  bind_struct(m, "LogNormal", "exp of a normal; mu and sigma are those of log(x). Both may be expressions.",
              member("mu", &LogNormal::mu), member("sigma", &LogNormal::sigma));
  bind_struct(m, "Gamma", "Mean shape * scale.", member("shape", &Gamma::shape), member("scale", &Gamma::scale));
  bind_struct(m, "Beta", "Between low and high.", member("alpha", &Beta::alpha), member("beta", &Beta::beta),
              member("low", &Beta::low), member("high", &Beta::high));
  bind_struct(m, "Exponential", "Mean 1 / rate.", member("rate", &Exponential::rate));
  bind_struct(m, "Weibull", "Times to failure.", member("shape", &Weibull::shape), member("scale", &Weibull::scale));
  bind_struct(m, "StudentT", "Heavier tails than normal; df > 0.", member("df", &StudentT::df),
              member("location", &StudentT::location), member("scale", &StudentT::scale));
  bind_struct(m, "Pareto", "x >= minimum; P(X > x) = (minimum / x) ** alpha.", member("minimum", &Pareto::minimum),
              member("alpha", &Pareto::alpha));
  bind_struct(m, "Triangular", "Between low and high, most often mode.", member("low", &Triangular::low),
              member("mode", &Triangular::mode), member("high", &Triangular::high));
  bind_struct(m, "Uniform", "Evenly between low and high.", member("low", &Uniform::low),
              member("high", &Uniform::high));
}

void bind_counts(py::module_& m) {
  bind_struct(m, "Poisson", "Counts with this mean, which may be an expression.", member("mean", &Poisson::mean));
  bind_struct(m, "Binomial", "Successes in so many trials.", member("trials", &Binomial::trials),
              member("probability", &Binomial::probability));
  bind_struct(m, "NegativeBinomial", "Failures before the last of so many successes.",
              member("successes", &NegativeBinomial::successes), member("probability", &NegativeBinomial::probability));
  bind_struct(m, "Geometric", "Failures before the first success.", member("probability", &Geometric::probability));
  bind_struct(m, "Zipf", "1 .. count; P(k) falls as k ** -exponent.", member("exponent", &Zipf::exponent),
              member("count", &Zipf::count));
  bind_struct(m, "UniformInteger", "low .. high, both included.", member("low", &UniformInteger::low),
              member("high", &UniformInteger::high));
}

void bind_published(py::module_& m) {
  bind_struct(m, "Quantiles",
              "A published quantile table: P(X <= values[i]) = probabilities[i], straight lines between.\n"
              "probabilities rise from 0 to 1; both lists are equally long.",
              member("probabilities", &Quantiles::probabilities), member("values", &Quantiles::values));
  bind_struct(m, "Histogram",
              "A published histogram: weights[i] spread evenly over edges[i] .. edges[i + 1].\n"
              "edges are one more than weights.",
              member("edges", &Histogram::edges), member("weights", &Histogram::weights));
}

void bind_labels(py::module_& m) {
  bind_struct(m, "Categorical", "Labels with no order. Weights need not sum to one; none is equal weights.",
              member("categories", &Categorical::categories), member("weights", &Categorical::weights));
  bind_struct(m, "Ordinal", "Labels in rising order, scored 0, 1, 2 ... or as given.",
              member("categories", &Ordinal::categories), member("weights", &Ordinal::weights),
              member("scores", &Ordinal::scores));
  bind_struct(m, "Bernoulli", "Yes or no. The probability of yes may be an expression.",
              member("probability", &Bernoulli::probability));
  bind_struct(m, "MultiSelect", "Any number of labels at once, each with its own probability.",
              member("categories", &MultiSelect::categories), member("probabilities", &MultiSelect::probabilities));
}

void bind_others(py::module_& m) {
  // "from" is a keyword of Python.
  bind_struct(m, "DateRange", "Days spread evenly, both ends (datetime.date) included.",
              member("from_", &DateRange::from), member("to", &DateRange::to));
  bind_struct(m, "Constant", "The same value for everybody.", member("value", &Constant::value));
  bind_struct(m, "Derived",
              "Computed from other attributes: Derived(\"weight / (height / 100)^2\"). With categories, the\n"
              "expression names one of them.",
              member("expression", &Derived::expression), member("categories", &Derived::categories));
  bind_struct(m, "Identity",
              "A name, an address or a place that agrees with the person's other attributes. part is one of\n"
              "given_name, surname, full_name, email, city, state, postal_code; sex, age, origin and place\n"
              "name the attributes to agree with.",
              member("part", &Identity::part), member("sex", &Identity::sex), member("age", &Identity::age),
              member("origin", &Identity::origin), member("place", &Identity::place));
}

using WeightedParts = std::vector<std::pair<double, Distribution>>;

WeightedParts parts_of(const Mixture& mixture) {
  WeightedParts parts;
  for (const auto& component : mixture.components) parts.emplace_back(component.weight, component.distribution);
  return parts;
}

Mixture mixture_of(WeightedParts parts) {
  Mixture mixture;
  for (auto& [weight, distribution] : parts) mixture.components.push_back({weight, std::move(distribution)});
  return mixture;
}

void bind_mixtures(py::module_& m) {
  py::class_<Mixture>(m, "Mixture",
                      "Weighted numeric distributions: Mixture([(0.7, Normal(30, 5)), (0.3, Normal(60, 8))]).")
      .def(py::init(&mixture_of), py::arg("components"))
      .def_property_readonly("components", &parts_of)
      .def(
          "__eq__", [](const Mixture& a, const Mixture& b) { return a == b; }, py::is_operator())
      .def("__repr__", [](const Mixture& mixture) {
        return "Mixture(" + py::repr(py::cast(parts_of(mixture))).cast<std::string>() + ")";
      });
  py::class_<ZeroInflated>(m, "ZeroInflated", "The share `zero` of the people have 0, the others follow `rest`.")
      .def(py::init([](double zero, Distribution rest) {
             return ZeroInflated{zero, {Component{1, std::move(rest)}}};
           }),
           py::arg("zero"), py::arg("rest"))
      .def_readonly("zero", &ZeroInflated::zero)
      .def_property_readonly("rest", [](const ZeroInflated& self) { return self.rest.at(0).distribution; })
      .def(
          "__eq__", [](const ZeroInflated& a, const ZeroInflated& b) { return a == b; }, py::is_operator())
      .def("__repr__", [](const py::object& self) {
        return shown("ZeroInflated", self, member("zero", &ZeroInflated::zero), member("rest", &ZeroInflated::rest));
      });
}

}  // namespace

void bind_distributions(py::module_& module) {
  bind_continuous(module);
  bind_counts(module);
  bind_published(module);
  bind_labels(module);
  bind_others(module);
  bind_mixtures(module);
}

}  // namespace persona::python
