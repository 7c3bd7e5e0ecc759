//! A person is a pure function of specification, seed and index.
#include "reference_model.hpp"

#include <persona/core/hash.hpp>

#include <fmt/format.h>

using namespace persona;
using persona::testing::compiled;
using persona::testing::everything_spec;
using persona::testing::reference_spec;

namespace {

// Numbers to nine digits: libm differs in the last place from machine to machine, and the tables are made with it.
std::string person_text(const Persona& person) {
  std::string text;
  for (const auto& [name, value] : person.attributes)
    text += std::holds_alternative<double>(value) ? fmt::format("{}={:.9g};", name, std::get<double>(value))
                                                  : name + '=' + to_string(value) + ';';
  return text;
}

std::string person_hash(const PersonaGenerator& generator, std::uint64_t index) {
  return content_hash(person_text(*generator.persona(42, index))).substr(0, 16);
}

// Compiled once for all cases: a generator does not change.
const PersonaGenerator& reference() {
  static const PersonaGenerator generator = compiled(reference_spec());
  return generator;
}

const PersonaGenerator& everything() {
  static const PersonaGenerator generator = compiled(everything_spec());
  return generator;
}

Population people(const PersonaGenerator& generator, GenerateOptions options) {
  auto made = generator.generate(options);
  REQUIRE_MESSAGE(made.has_value(), to_string(made.error()));
  return *made;
}

}  // namespace

TEST_CASE("persons 0, 1, 2^31 and 2^40 of the reference model are who they always were") {
  const auto& generator = reference();
  CHECK(person_hash(generator, 0) == "64c6dc74036d9593");
  CHECK(person_hash(generator, 1) == "04a4e4dd8c966f0e");
  CHECK(person_hash(generator, std::uint64_t{1} << 31) == "6fa65c6145ceb40b");
  CHECK(person_hash(generator, std::uint64_t{1} << 40) == "b345b88b1c0e0df0");
}

TEST_CASE("so are those of a model with one of everything") {
  const auto& generator = everything();
  CHECK(person_hash(generator, 0) == "9d62824ec03c2453");
  CHECK(person_hash(generator, 1) == "c2e491d4992981ad");
  CHECK(person_hash(generator, std::uint64_t{1} << 31) == "84a923c5b8c1c368");
  CHECK(person_hash(generator, std::uint64_t{1} << 40) == "d211f61191905b90");
}

TEST_CASE("threads, instruction sets and batches change nobody") {
  for (const auto* model : {&reference(), &everything()}) {
    const auto& generator = *model;
    const Population expected = people(generator, {.count = 20'000, .seed = 7, .start = 999, .parallelism = {1}});
    for (const unsigned threads : {2u, 3u, 8u})
      CHECK(people(generator, {.count = 20'000, .seed = 7, .start = 999, .parallelism = {threads}}) == expected);
    for (const Simd simd : {Simd::avx2, Simd::baseline})
      CHECK(people(generator, {.count = 20'000, .seed = 7, .start = 999, .simd = simd}) == expected);

    for (const std::uint64_t batch : {1'000u, 1'024u, 4'099u, 30'000u}) {
      std::vector<Population> parts;
      const auto status = generator.stream({.count = 20'000, .seed = 7, .start = 999, .batch_rows = batch},
                                           [&](const Population& part) {
                                             CHECK(part.size() <= static_cast<std::int64_t>(batch));
                                             parts.push_back(part);
                                             return Status{};
                                           });
      REQUIRE(status.has_value());
      CHECK(*Population::concatenate(parts) == expected);
    }
  }
}

TEST_CASE("a larger population begins with the smaller, and any range is a slice of all") {
  const auto& generator = everything();
  const Population all = people(generator, {.count = 5'000, .seed = 3});
  CHECK(people(generator, {.count = 1'500, .seed = 3}) == all.slice(0, 1'500));
  for (const std::uint64_t start : {1u, 7u, 1'023u, 1'024u, 2'500u})
    CHECK(people(generator, {.count = 1'100, .seed = 3, .start = start}) ==
          all.slice(static_cast<std::int64_t>(start), 1'100));
}

TEST_CASE("one person alone is the row of the population") {
  for (const auto* model : {&reference(), &everything()}) {
    const auto& generator = *model;
    const Population all = people(generator, {.count = 3'000, .seed = 11});
    for (const std::int64_t row : {0, 1, 2, 3, 511, 1'024, 2'999}) {
      const Persona expected = all.person(row);
      const Persona alone = *generator.persona(11, static_cast<std::uint64_t>(row));
      CHECK(alone == expected);
    }
  }
}

TEST_CASE("people without shared memory are drawn again into the memory of others") {
  const auto& generator = everything();
  const Population expected = people(generator, {.count = 4'000, .seed = 5});
  auto recycled = generator.model().generate({.count = 4'000, .seed = 6});
  auto again = generator.model().generate({.count = 4'000, .seed = 5}, std::move(*recycled));
  REQUIRE(again.has_value());
  CHECK(*again == expected);
}

TEST_CASE("another attribute changes no other") {
  const auto& before = reference();
  PopulationSpec spec = reference_spec();
  Attribute shoe;
  shoe.name = "shoe";
  shoe.distribution = Normal{41, 2};
  spec.attributes.insert(spec.attributes.begin() + 2, shoe);
  const auto after = compiled(spec);
  const Population a = people(before, {.count = 2'000, .seed = 1}), b = people(after, {.count = 2'000, .seed = 1});
  for (const Column& column : a.columns()) {
    const Column same = *b.column(column.name());
    for (std::int64_t row = 0; row < a.size(); ++row) REQUIRE(same.value(row) == column.value(row));
  }
}

TEST_CASE("other seeds are other people") {
  const auto& generator = reference();
  const Population a = people(generator, {.count = 1'000, .seed = 1}),
                   b = people(generator, {.count = 1'000, .seed = 2});
  std::int64_t equal = 0;
  for (std::int64_t row = 0; row < a.size(); ++row) equal += a.columns()[1].number(row) == b.columns()[1].number(row);
  CHECK(equal == 0);
}

TEST_CASE("the last person there is can be drawn, the one after cannot") {
  const auto& generator = reference();
  const std::uint64_t last = (std::uint64_t{1} << 63) - 1;
  CHECK(generator.persona(1, last).has_value());
  CHECK(generator.persona(1, last + 1).error().code == Errc::invalid_argument);
  CHECK(generator.generate({.count = 2, .seed = 1, .start = last}).error().code == Errc::invalid_argument);
}
