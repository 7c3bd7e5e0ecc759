//! Do the installed headers and libraries fit together?
#include <persona.hpp>
#include <persona/http/fetch.hpp>
#include <persona/storage/sqlite.hpp>

#include <iostream>

int main() {
  auto spec = persona::SpecBuilder("package").attribute("age", persona::Normal{46, 18}).truncate(18, 95).build();
  auto generator = spec.and_then([](const auto& s) { return persona::PersonaGenerator::compile(s); });
  auto people = generator.and_then([](const auto& g) { return g.generate({.count = 10, .seed = 7}); });
  if (persona::http::is_public_address("127.0.0.1")) return 1;
  if (!people) return std::cerr << persona::to_string(people.error()) << '\n', 1;
  std::cout << "persona " PERSONA_VERSION ", database schema " << persona::sqlite::schema_version() << '\n'
            << persona::to_csv(*people);
}
