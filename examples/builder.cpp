//! A specification written in C++ instead of JSON.
#include <persona.hpp>

#include <iostream>

using namespace persona;

int main() {
  // clang-format off
  // [builder]
  auto spec = SpecBuilder("Shoppers")
                  .attribute("age", Normal{41, 14}).unit("years").truncate(18, 90).integer()
                  .attribute("member", Bernoulli{0.3})
                  .attribute("basket", LogNormal{3.2, 0.7}).unit("EUR").round(0.01)
                      .when("member", "true", LogNormal{3.6, 0.6})
                  .attribute("visits", Poisson{"2 + 3 * member"})
                  .correlate("age", "basket", 0.25, CorrelationKind::spearman)
                  .require("basket <= 1000", "the till stops there")
                  .build();
  // [builder]
  // clang-format on
  if (!spec) return std::cerr << to_string(spec.error()) << "\n", 1;
  auto generator = PersonaGenerator::compile(*spec);
  if (!generator) return std::cerr << to_string(generator.error()) << "\n", 1;
  std::cout << to_text(*summarize(*generator->generate({.count = 50'000, .seed = 1})));
  std::cout << to_json(*spec) << "\n";  // the same as a document
}
