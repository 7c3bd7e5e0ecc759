//! Order of evaluation, segments as cases, symbols.
#include "population/dependencies.hpp"

#include <persona/population/builder.hpp>

#include <doctest/doctest.h>

using namespace persona;

namespace {

Attribute derived(std::string name, std::string expression) {
  Attribute attribute;
  attribute.name = std::move(name);
  attribute.distribution = Derived{std::move(expression)};
  return attribute;
}

}  // namespace

TEST_CASE("references are found in cases, parameters, mixtures and identities") {
  Attribute attribute;
  attribute.distribution = Normal{"a + b", "max(b, 1)"};
  attribute.cases = {{{{.attribute = "c", .any_of = {"x"}}, {.attribute = "a", .from = 1}}, Poisson{"exp(d)"}},
                     {{{.attribute = "e", .any_of = {"x"}}}, Mixture{{Component{1, Normal{"f", 1}}}}},
                     {{{.attribute = "e", .any_of = {"y"}}}, ZeroInflated{0.1, {Component{1, Normal{0, "g"}}}}}};
  CHECK(references(attribute) == std::vector<std::string>{"a", "b", "c", "d", "e", "f", "g"});
  attribute = Attribute{};
  attribute.distribution = Identity{.sex = "s", .age = "t", .place = "u"};
  CHECK(references(attribute) == std::vector<std::string>{"s", "t", "u"});
  CHECK(references(derived("x", "if(in(k, 'a'), m, 3)")) == std::vector<std::string>{"k", "m"});
}

TEST_CASE("attributes come after what they need, otherwise as declared") {
  PopulationSpec spec;
  spec.attributes = {derived("d", "b + c"), derived("a", "1"), derived("c", "a"), derived("b", "a"),
                     derived("e", "nobody")};
  CHECK(*evaluation_order(spec) == std::vector<std::size_t>{1, 2, 3, 0, 4});
}

TEST_CASE("a circle is named, without what only leads into it") {
  PopulationSpec spec;
  spec.attributes = {derived("lead", "a"), derived("a", "b"), derived("b", "c + 1"), derived("c", "a * 2"),
                     derived("z", "1")};
  const auto order = evaluation_order(spec);
  REQUIRE(!order.has_value());
  CHECK(order.error().message == "attributes depend on each other in a circle: a -> b -> c -> a");
  spec.attributes = {derived("self", "self + 1")};
  CHECK(evaluation_order(spec).error().message == "attributes depend on each other in a circle: self -> self");
}

TEST_CASE("ten thousand attributes in one chain are ordered") {
  PopulationSpec spec;
  for (int i = 0; i < 10'000; ++i)
    spec.attributes.push_back(derived("x" + std::to_string(i), "x" + std::to_string(i + 1)));
  spec.attributes.push_back(derived("x10000", "1"));
  const auto order = evaluation_order(spec);
  REQUIRE(order.has_value());
  CHECK(order->front() == 10'000);
  CHECK(order->back() == 0);
}

TEST_CASE("segments become an attribute and cases that come first") {
  const auto spec = SpecBuilder("town")
                        .attribute("old", Bernoulli{0.2})
                        .attribute("income", Normal{10, 1})
                        .when("old", "true", Normal{7, 1})
                        .segment("town", 3)
                        .segment("students", 1)
                        .replace("income", Normal{2, 1})
                        .build();
  REQUIRE_MESSAGE(spec.has_value(), to_string(spec.error()));
  const auto plain = desugared(*spec);
  REQUIRE(plain.attributes.size() == 3);
  CHECK(plain.segments.empty());
  CHECK(plain.attributes[0].name == "segment");
  CHECK(*plain.attributes[0].distribution == Distribution(Categorical{{"town", "students"}, {3, 1}}));
  const std::vector<Case> expected = {{{{.attribute = "segment", .any_of = {"students"}}}, Normal{2, 1}},
                                      {{{.attribute = "old", .any_of = {"true"}}}, Normal{7, 1}}};
  CHECK(plain.attributes[2].cases == expected);
  CHECK(desugared(plain) == plain);
}

TEST_CASE("a constant among labels or yes and no takes the family of the attribute") {
  const auto spec = SpecBuilder("s")
                        .attribute("old", Bernoulli{0.2})
                        .attribute("job", Categorical{{"none", "some"}, {1, 2}})
                        .when("old", "true", Constant{std::string("none")})
                        .attribute("level", Ordinal{{"low", "high"}, {}, {3, 4}})
                        .when("old", "true", Constant{std::string("high")})
                        .attribute("works", Bernoulli{"0.5"})
                        .when("old", "true", Constant{false})
                        .build();
  REQUIRE_MESSAGE(spec.has_value(), to_string(spec.error()));
  const auto plain = desugared(*spec);
  CHECK(plain.attributes[1].cases[0].distribution == Distribution(Categorical{{"none", "some"}, {1, 0}}));
  CHECK(plain.attributes[2].cases[0].distribution == Distribution(Ordinal{{"low", "high"}, {0, 1}, {3, 4}}));
  CHECK(plain.attributes[3].cases[0].distribution == Distribution(Bernoulli{0}));
}

TEST_CASE("symbols have the type of the values") {
  const auto spec = SpecBuilder("s")
                        .attribute("copy", Derived{"old"})
                        .attribute("adult", Derived{"age >= 18"})
                        .attribute("twice", Derived{"2 * age"})
                        .attribute("day", Derived{"if(adult, born, born)"})
                        .attribute("group", Derived{"if(adult, 'a', 'b')", {"a", "b"}})
                        .attribute("age", Normal{40, 9})
                        .integer()
                        .attribute("old", Bernoulli{0.2})
                        .attribute("born", DateRange{{0}, {9}})
                        .attribute("city", Identity{.part = IdentityPart::city})
                        .attribute("level", Ordinal{{"low", "high"}})
                        .attribute("tongues", MultiSelect{{"de", "en"}, {0.5, 0.5}})
                        .attribute("zip", Constant{std::string("02139")})
                        .attribute("children", Poisson{1})
                        .build();
  REQUIRE_MESSAGE(spec.has_value(), to_string(spec.error()));
  const auto table = symbols_of(desugared(*spec));
  REQUIRE(table.has_value());
  const auto type = [&](const char* name) { return table->find(name)->type; };
  CHECK(type("copy") == ColumnType::boolean);
  CHECK(type("adult") == ColumnType::boolean);
  CHECK(type("twice") == ColumnType::float64);
  CHECK(type("day") == ColumnType::date);
  CHECK(type("group") == ColumnType::category);
  CHECK(type("age") == ColumnType::int64);
  CHECK(type("old") == ColumnType::boolean);
  CHECK(type("born") == ColumnType::date);
  CHECK(type("city") == ColumnType::text);
  CHECK(type("level") == ColumnType::category);
  CHECK(table->find("level")->ordered);
  CHECK(type("tongues") == ColumnType::list);
  CHECK(*table->find("zip")->labels == std::vector<std::string>{"02139"});
  CHECK(type("children") == ColumnType::int64);
  CHECK(table->find("nobody") == nullptr);
}
