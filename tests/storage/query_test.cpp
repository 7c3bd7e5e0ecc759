//! Filters are checked before they are tried; their errors teach.
#include <persona/storage/memory.hpp>

#include "storage/checked_query.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace persona;

namespace {

std::vector<Field> some_fields() {
  const auto labels =
      std::make_shared<const std::vector<std::string>>(std::vector<std::string>{"low", "middle", "high"});
  return {{.name = "index", .type = ColumnType::int64},
          {.name = "age", .type = ColumnType::int32},
          {.name = "level", .type = ColumnType::category, .ordered = true, .labels = labels}};
}

Error filter_error(const Filter& filter) {
  const std::vector<Filter> filters = {filter};
  const auto checked = check_filters(some_fields(), filters);
  REQUIRE(!checked);
  return checked.error();
}

CheckedFilter checked(const Filter& filter) {
  const std::vector<Filter> filters = {filter};
  const auto result = check_filters(some_fields(), filters);
  REQUIRE(result);
  return result->front();
}

}  // namespace

TEST_CASE("an unknown attribute is named, with the nearest and all there are") {
  const Error error = filter_error({"agee", Compare::equal, {1.0}});
  CHECK(error.code == Errc::invalid_argument);
  CHECK(error.path == "/filters/0");
  CHECK(error.message == "no attribute 'agee' to filter on; did you mean 'age'?; there are 'index', 'age', 'level'");
}

TEST_CASE("a value of another kind is named with what is needed") {
  CHECK(filter_error({"age", Compare::equal, {"old"}}).message == "the filter on 'age' needs a number, not text 'old'");
  CHECK(filter_error({"level", Compare::equal, {true}}).message ==
        "the filter on 'level' needs a label, not yes or no 'true'");
  CHECK(filter_error({"age", Compare::equal, {std::numeric_limits<double>::quiet_NaN()}}).code ==
        Errc::invalid_argument);
}

TEST_CASE("a label that does not exist is named with those that do") {
  CHECK(filter_error({"level", Compare::equal, {"hihg"}}).message ==
        "'level' has no label 'hihg'; did you mean 'high'?; there are 'low', 'middle', 'high'");
}

TEST_CASE("comparing ordered labels means the labels of those ranks") {
  CHECK(checked({"level", Compare::less, {"high"}}).values == std::vector<Value>{"low", "middle"});
  CHECK(checked({"level", Compare::greater, {"high"}}).values.empty());
  CHECK(checked({"level", Compare::not_equal, {"low"}}).values == std::vector<Value>{"middle", "high"});
}

TEST_CASE("a bound with a fraction becomes the whole bound that means the same") {
  // x < 2.5 and x <= 2.5 hold for 2 and not for 3; so do x < 3 and x <= 2.
  CHECK(checked({"age", Compare::less, {2.5}}).values == std::vector<Value>{std::int64_t{3}});
  CHECK(checked({"age", Compare::less_equal, {2.5}}).values == std::vector<Value>{std::int64_t{2}});
  CHECK(checked({"age", Compare::greater, {-2.5}}).values == std::vector<Value>{std::int64_t{-3}});
  CHECK(checked({"age", Compare::greater_equal, {-2.5}}).values == std::vector<Value>{std::int64_t{-2}});
  CHECK(checked({"age", Compare::equal, {2.0}}).values == std::vector<Value>{std::int64_t{2}});
}

TEST_CASE("a bound beyond all whole numbers always or never holds") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  CHECK(checked({"age", Compare::less, {infinity}}).compare == Compare::is_present);
  CHECK(checked({"age", Compare::greater_equal, {-infinity}}).compare == Compare::is_present);
  CHECK(checked({"age", Compare::not_equal, {0.5}}).compare == Compare::is_present);
  for (const Filter& never : std::vector<Filter>{{"age", Compare::greater, {9.3e18}},
                                                 {"age", Compare::less_equal, {-9.3e18}},
                                                 {"age", Compare::equal, {0.5}}}) {
    CHECK(checked(never).compare == Compare::any_of);
    CHECK(checked(never).values.empty());
  }
}
