//! From a specification to people, their report and one of them alone.
#include <persona.hpp>

#include <iostream>

using namespace persona;

int main(int argc, char** argv) {
  const char* path = argc > 1 ? argv[1] : "examples/massachusetts.json";
  // [quickstart]
  auto generator =
      read_spec(path).and_then([](PopulationSpec spec) { return PersonaGenerator::compile(std::move(spec)); });
  if (!generator) return std::cerr << to_string(generator.error()) << "\n", 1;

  Population people = *generator->generate({.count = 100'000, .seed = 7});
  Population older = *people.filter("age >= 65 and sex == 'female'");
  std::cout << to_text(*summarize(older));              // mean, sd, quantiles, top labels
  std::cout << to_text(*generator->check(people));      // every marginal and correlation, judged
  std::cout << to_json(people.person(0)) << "\n";       // a row as one person
  Persona far = *generator->persona(7, 1'000'000'000);  // row 10^9, without the rows before it
  // [quickstart]
  std::cout << to_json(far) << "\n";
}
