//! Money adds up.
#include <persona/core/money.hpp>

#include <doctest/doctest.h>

#include <limits>

using persona::dollars;
using persona::Money;
using persona::parse_money;

TEST_CASE("the price of a token adds up exactly") {
  const Money token = dollars(7.5e-08);
  CHECK(token.picodollars == 75'000);
  CHECK(token * 1'000'000 == dollars(0.075));
  Money sum;
  for (int i = 0; i < 1'000'000; ++i) sum += token;
  CHECK(sum == dollars(0.075));
}

TEST_CASE("money is printed with all its digits, two at least") {
  CHECK(to_string(dollars(0.16625)) == "$0.16625");
  CHECK(to_string(dollars(3)) == "$3.00");
  CHECK(to_string(Money{1}) == "$0.000000000001");
  CHECK(to_string(dollars(-0.5)) == "-$0.50");
}

TEST_CASE("text that is no amount is none") {
  CHECK(parse_money("0.25") == dollars(0.25));
  CHECK(parse_money("$1e-3") == dollars(0.001));
  for (const char* text : {"", "$", "ten", "1,000", "1e300", "nan", "inf", "1 "}) CHECK_FALSE(parse_money(text));
}

TEST_CASE("sums stay at the ends of the range") {
  const Money most{std::numeric_limits<std::int64_t>::max()};
  CHECK(most + Money{1} == most);
  CHECK(most * 2 == most);
  CHECK((most * -2).picodollars == -most.picodollars);
}
