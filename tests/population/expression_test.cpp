//! The expression language: values, missing values, labels and every refusal.
#include "population/expression.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <map>
#include <thread>

using persona::ColumnType;
using persona::Evaluator;
using persona::Expression;
using persona::Symbol;

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

std::shared_ptr<const std::vector<std::string>> labels(std::vector<std::string> list) {
  return std::make_shared<const std::vector<std::string>>(std::move(list));
}

std::vector<Symbol> known_symbols() {
  return {{.name = "age"},
          {.name = "hours", .type = ColumnType::int64},
          {.name = "employed", .type = ColumnType::boolean},
          {.name = "sex", .type = ColumnType::category, .labels = labels({"female", "male"})},
          {.name = "partner_sex", .type = ColumnType::category, .labels = labels({"female", "male"})},
          {.name = "education",
           .type = ColumnType::category,
           .labels = labels({"none", "school", "it's"}),
           .ordered = true},
          {.name = "hired", .type = ColumnType::date},
          {.name = "first_name", .type = ColumnType::text},
          {.name = "languages", .type = ColumnType::list, .labels = labels({"de", "en"})},
          {.name = "sin"}};  // a function of muParser, here an attribute like any other
}

//! age 30, works 40 hours, male, school, hired on 2019-07-04; unless said otherwise.
double value_of(std::string_view text, std::map<std::string, double> known = {},
                const std::vector<std::string>* result = nullptr) {
  const std::map<std::string, double> usual = {
      {"age", 30},      {"hours", 40},    {"employed", 1},   {"sex", 1},       {"partner_sex", 0},
      {"education", 1}, {"hired", 18081}, {"first_name", 0}, {"languages", 0}, {"sin", 7}};
  known.insert(usual.begin(), usual.end());
  const auto symbols = known_symbols();
  const auto expression = Expression::parse(text, symbols, result);
  REQUIRE_MESSAGE(expression.has_value(), expression.error().message);
  std::vector<double> values;
  for (const auto& name : expression->names()) values.push_back(known.at(name));
  std::vector<const double*> inputs;
  for (const double& value : values) inputs.push_back(&value);
  double out = 0;
  Evaluator{*expression}(inputs, {&out, 1});
  return out;
}

std::string refusal(std::string_view text, const std::vector<std::string>* result = nullptr) {
  const auto symbols = known_symbols();
  const auto expression = Expression::parse(text, symbols, result);
  REQUIRE_MESSAGE(!expression.has_value(), text);
  CHECK(expression.error().code == persona::Errc::invalid_argument);
  return expression.error().message;
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("arithmetic has the usual precedence") {
  // clang-format off
  const std::map<std::string, double> cases = {
      {"1 + 2 * 3", 7}, {"(1 + 2) * 3", 9}, {"-2 ^ 2", -4}, {"2 ^ 3 ^ 2", 512}, {"2 ^ -1", 0.5}, {"10 - 4 - 3", 3},
      {"12 / 4 / 3", 1}, {"7 % 3", 1}, {"-7 % 3", 2}, {"7 % -3", -2}, {"+age - -age", 60}, {"1e3", 1000},
      {".5 + 0.25", .75}, {"min(3, 1, 2)", 1}, {"max(3, 9)", 9}, {"abs(-4)", 4}, {"floor(-1.5)", -2}, {"ceil(1.2)", 2},
      {"round(2.5)", 3}, {"sqrt(16)", 4}, {"exp(0)", 1}, {"log(1)", 0}, {"year(hired)", 2019}, {"sin + 1", 8},
      {"age ^ 2", 900}, {"0.1 + 0.2", 0.1 + 0.2}, {"age * 12 * (sex == 'male')", 360}, {"4 ^ 0.5", 2}, {"max(7)", 7}};
  // clang-format on
  for (const auto& [text, expected] : cases) {
    const auto& captured_text = text;  // clang 14 captures no bindings
    CAPTURE(captured_text);
    CHECK(value_of(text) == expected);
  }
}

TEST_CASE("powers, logarithms and exponentials agree with libm") {
  // math_log and portable_exp keep about one unit in the last place, 1.1e-16; a power multiplies that of the
  // logarithm by |b log a| <= 6 * 4.7 here: 3e-15.
  for (double a = 0.01; a < 100; a *= 1.37) {
    CHECK(value_of("log(age)", {{"age", a}}) == doctest::Approx(std::log(a)).epsilon(4e-16));
    CHECK(value_of("exp(age)", {{"age", a}}) == doctest::Approx(std::exp(a)).epsilon(1e-15));
    CHECK(value_of("age ^ 5.5", {{"age", a}}) == doctest::Approx(std::pow(a, 5.5)).epsilon(1e-14));
    CHECK(value_of("age ^ -0.3", {{"age", a}}) == doctest::Approx(std::pow(a, -0.3)).epsilon(1e-14));
    CHECK(value_of("age ^ 3", {{"age", a}}) == a * a * a);
  }
  CHECK(value_of("(-2) ^ 3") == -8);
  CHECK(value_of("(-2) ^ 65") == doctest::Approx(-std::pow(2, 65)));
  CHECK(value_of("0 ^ 70") == 0);
  CHECK(std::isnan(value_of("(-2) ^ 0.3")));
}

TEST_CASE("conditions are 0 or 1") {
  // clang-format off
  const std::map<std::string, double> cases = {
      {"age >= 30", 1}, {"age < 30 or hours == 40", 1}, {"age < 30 && hours == 40 || employed", 1},
      {"not age < 30 and employed", 1}, {"!employed", 0}, {"! employed == false", 1}, {"not (employed == true)", 0},
      {"hours == 0 or not employed", 0}, {"sex == 'male'", 1}, {"sex != \"male\"", 0}, {"'male' == sex", 1},
      {"sex == partner_sex", 0}, {"education > 'none'", 1}, {"education >= 'it''s'", 0}, {"education < \"it's\"", 1},
      {"in(sex, 'female', 'male')", 1}, {"in(age, 1, 2, 3)", 0}, {"hired >= '2019-07-04'", 1},
      {"hired > '2019-07-04'", 0}, {"if(age > 20, employed, false)", 1},
      {"is_missing(first_name) or is_missing(languages)", 0}};
  // clang-format on
  for (const auto& [text, expected] : cases) {
    const auto& captured_text = text;  // clang 14 captures no bindings
    CAPTURE(captured_text);
    CHECK(value_of(text) == expected);
  }
}

TEST_CASE("missing values spread through arithmetic and fail every comparison") {
  const std::map<std::string, double> unknown = {
      {"age", missing}, {"employed", missing}, {"sex", missing}, {"first_name", missing}};
  for (const char* text : {"age + 1", "age ^ 0", "1 ^ age", "min(age, 1)", "min(1, age)", "max(1, age)", "-age",
                           "if(true, age, 1)", "employed", "12 * employed", "1 / 0", "0 / (hours - 40)", "5 % 0",
                           "log(0)", "sqrt(-1)", "0 ^ -1", "exp(1000)"}) {
    CAPTURE(text);
    CHECK(std::isnan(value_of(text, unknown)));
  }
  for (const char* text :
       {"age == age", "age != age", "age != 5", "age < 5", "age >= 5", "sex == 'male'", "sex != 'male'",
        "employed and true", "in(sex, 'male', 'female')", "if(employed, true, false)", "1 / 0 > 5"}) {
    CAPTURE(text);
    CHECK(value_of(text, unknown) == 0);
  }
  for (const char* text : {"is_missing(age)", "is_missing(sex)", "is_missing(first_name)", "not employed",
                           "not (age > 5)", "employed or hours == 40"}) {
    CAPTURE(text);
    CHECK(value_of(text, unknown) == 1);
  }
}

TEST_CASE("a derived category names its labels") {
  const std::vector<std::string> stages = {"child", "working age", "retired"};
  const char* text = "if(age < 18, 'child', if(age < 65, 'working age', 'retired'))";
  CHECK(value_of(text, {{"age", 3}}, &stages) == 0);
  CHECK(value_of(text, {{"age", 30}}, &stages) == 1);
  CHECK(value_of(text, {{"age", 65}}, &stages) == 2);
  CHECK(contains(refusal("if(age < 18, 'kid', 'retired')", &stages), "has no label 'kid'"));
  CHECK(contains(refusal("age", &stages), "the result must be one of 'child', 'working age', 'retired'"));
  CHECK(contains(refusal("sex", &stages), "the result must be one of"));
}

TEST_CASE("the type of the result is known") {
  const auto symbols = known_symbols();
  const auto type = [&](std::string_view text) { return Expression::parse(text, symbols)->result_type(); };
  CHECK(type("age + 1") == ColumnType::float64);
  CHECK(type("employed") == ColumnType::boolean);
  CHECK(type("age > 3") == ColumnType::boolean);
  CHECK(type("if(age > 3, sex, 'male')") == ColumnType::category);
  CHECK(type("hired") == ColumnType::date);
  CHECK(Expression::parse("hours + age * hours", symbols)->names() == std::vector<std::string>{"hours", "age"});
}

TEST_CASE("refusals say what and where") {
  const std::map<std::string, std::string> cases = {
      {"", "empty"},
      {"age +", "character 6: it ends where a value should stand"},
      {"agee + 1", "character 1: there is no attribute 'agee'; did you mean 'age'?"},
      {"age AND true", "expected an operator, found 'AND'"},
      {"age = 3", "character 5: nothing can be assigned"},
      {"age ** 2", "powers are written with ^"},
      {"age <> 2", "'is not' is written !="},
      {"age; 2", "';' means nothing here"},
      {"sin(3)", "there is no function 'sin'"},
      {"age(3)", "there is no function 'age'"},
      {"min", "'min' is a function"},
      {"(age", "it ends where ')' should stand"},
      {"age)", "found ')'"},
      {"1 < age < 3", "comparisons do not chain"},
      {"3age", "a number runs into the next word"},
      {"1.2.3", "a number runs into the next word"},
      {"1e999", "too large or too small"},
      {"sex == 'mael'", "'sex' has no label 'mael'; its labels are 'female', 'male'; did you mean 'male'?"},
      {"sex == 1", "a category is compared with a label"},
      {"sex == education", "the two categories have different labels"},
      {"sex < 'male'", "labels without an order cannot be compared by <"},
      {"sex + 1", "'sex' is a category, not a number"},
      {"'male'", "the label 'male' stands alone"},
      {"'2019-07-05' - hired", "stands alone"},
      {"'abc", "does not close"},
      {"first_name == 'Ann'", "'first_name' holds text"},
      {"languages", "'languages' holds lists"},
      {"hired > 5", "a day is compared with a day"},
      {"hired > '2019-02-30'", "'2019-02-30' is no day"},
      {"year(age)", "year(...) is asked of a date"},
      {"age and employed", "'age' is no condition"},
      {"if(age, 1, 2)", "'age' is no condition"},
      {"if(employed, 1)", "write if(condition, value, other value)"},
      {"if(employed, 1, true)", "must be of one kind"},
      {"if(employed, sex, education)", "must have the same labels"},
      {"in(sex)", "write in(attribute"},
      {"in(1, 2)", "write in(attribute"},
      {"is_missing(1)", "write is_missing(attribute)"},
      {"is_missing(nobody)", "there is no attribute 'nobody'"},
      {"abs(1, 2)", "write abs(value)"},
      {"min()", "write min(value, value, ...)"},
      {"age \xff", "not UTF-8"},
      {"age \xc3\xa9", "byte 0xc3"}};
  for (const auto& [text, expected] : cases) {
    const auto& captured_text = text;  // clang 14 captures no bindings
    CAPTURE(captured_text);
    const std::string message = refusal(text);
    CHECK_MESSAGE(contains(message, expected), message);
  }
}

TEST_CASE("length and nesting are limited, long flat expressions are not") {
  CHECK(contains(refusal(std::string(4097, '1')), "at most 4096"));
  CHECK(contains(refusal(std::string(65, '(') + "1" + std::string(65, ')')), "nested deeper than 64"));
  CHECK(contains(refusal(std::string(2000, '-') + "1"), "nested deeper than 64"));
  CHECK(value_of(std::string(64, '(') + "1" + std::string(64, ')')) == 1);
  std::string sum = "1";
  while (sum.size() < 4090) sum += "/1";
  CHECK(value_of(sum) == 1);
}

TEST_CASE("blocks of rows and threads give what single rows give") {
  const auto symbols = known_symbols();
  const auto expression = Expression::parse("if(sex == 'male' and age != 3, age * 2.5, -hours) ^ 2", symbols);
  REQUIRE(expression.has_value());
  constexpr std::size_t rows = 3000;
  std::vector<double> sex(rows), age(rows), hours(rows);
  for (std::size_t i = 0; i < rows; ++i)
    sex[i] = i % 2, age[i] = i % 90 == 7 ? missing : static_cast<double>(i % 90), hours[i] = i % 50;
  const std::vector<const double*> inputs = {sex.data(), age.data(), hours.data()};
  std::vector<std::vector<double>> out(3, std::vector<double>(rows));
  {
    std::vector<std::jthread> threads;
    for (auto& column : out) threads.emplace_back([&] { Evaluator{*expression}(inputs, column); });
  }
  for (std::size_t i = 0; i < rows; ++i) {
    const double x = sex[i] == 1 && !std::isnan(age[i]) && age[i] != 3 ? age[i] * 2.5 : -hours[i];
    for (const auto& column : out) REQUIRE(column[i] == x * x);
  }
}
