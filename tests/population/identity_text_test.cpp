//! Names folded to ASCII, and addresses made of them.
#include "population/identity_text.hpp"

#include <doctest/doctest.h>

#include <string>
#include <unordered_set>

using persona::append_email_address;
using persona::ascii_fold;

namespace {

std::string email(std::string_view given, std::string_view surname, std::uint64_t index, std::uint64_t bits) {
  std::string out;
  append_email_address(out, given, surname, index, bits);
  return out;
}

}  // namespace

TEST_CASE("letters of Latin scripts become their plain forms") {
  CHECK(ascii_fold("Jos\u00e9-Mar\u00eda") == "josemaria");
  CHECK(ascii_fold("O'Brien") == "obrien");
  CHECK(ascii_fold("\u00c6gir \u00d8rsted \u00de\u00f3r Stra\u00dfe") == "aegirorstedthorstrasse");
  CHECK(ascii_fold("\u0141ukasz \u017dofka \u0150ry") == "lukaszzofkaory");
  CHECK(ascii_fold("Nguy\u1ec5n Th\u1ecb H\u01b0\u01a1ng") == "nguyenthihuong");
  CHECK(ascii_fold("e\u0301") == "e");  // a combining accent
  CHECK(ascii_fold("\u674e\u5a1c") == "");
}

TEST_CASE("an address has one of four forms, at a reserved domain") {
  CHECK(email("maria", "garcia", 35, 0) == "mgarcia.z@example.com");
  CHECK(email("maria", "garcia", 36, 1) == "maria_garcia_10@example.com");
  CHECK(email("maria", "garcia", 0, 2) == "maria.garcia.0@example.com");
  CHECK(email("maria", "garcia", 0, 3 + 4) == "maria.garcia.0@example.org");
  CHECK(email("maria", "garcia", ~std::uint64_t{0}, 3 + 8) == "maria.garcia.3w5e11264sgsf@example.net");
}

TEST_CASE("names that fold to nothing still get an address") {
  CHECK(email("", "li", 7, 0) == "li.7@example.com");
  CHECK(email("na", "", 7, 1) == "na_7@example.com");
  CHECK(email("", "", 7, 2) == "person.7@example.com");
}

TEST_CASE("a million people of few names have a million addresses") {
  const std::string_view given[] = {"a", "aa", "al", "a1"}, surnames[] = {"a", "la", "1", "a1"};
  std::unordered_set<std::string> seen;
  constexpr std::uint64_t people = 1'000'000;
  seen.reserve(people);
  for (std::uint64_t i = 0; i < people; ++i)
    seen.insert(email(given[i % 4], surnames[i / 4 % 4], i, i * 0x9E3779B97F4A7C15u));
  CHECK(seen.size() == people);
}
