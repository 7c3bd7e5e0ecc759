//! Questions that look alike and are not.
#include "llm/text_guard.hpp"

#include <doctest/doctest.h>

#include <utility>
#include <vector>

using persona::llm::agree;
using persona::llm::marks_of;

namespace {

bool texts_agree(const char* a, const char* b) {
  const bool one = agree(marks_of(a), marks_of(b));
  CHECK(one == agree(marks_of(b), marks_of(a)));
  return one;
}

}  // namespace

TEST_CASE("numbers, negation, names and language keep questions apart") {
  const std::vector<std::pair<const char*, const char*>> apart = {
      {"one sentence poem about: 48211", "one sentence poem about: 9034"},
      {"round 3.5 to a whole number", "round 3.6 to a whole number"},
      {"is -5 cold?", "is 5 cold?"},
      {"give me three names", "give me four names"},
      {"convert 3 miles to 5 feet", "convert 5 miles to 3 feet"},
      {"raise it by 5%", "raise it by 5"},
      {"can I eat it?", "can't I eat it?"},
      {"should I take it with food", "should I take it without food"},
      {"is it safe", "is it not safe"},
      {"before the meal", "after the meal"},
      {"darf ich das essen", "darf ich das nicht essen"},
      {"what is the capital of France?", "what is the capital of Spain?"},
      {"Berlin weather today", "Munich weather today"},
      {"a flight from Paris to London", "a flight from London to Paris"},
      {"does NASA hire", "does ESA hire"},
      {"What is the price?", "Was ist der Preis?"},
      {"how are you", "hvordan \xd0\xba\xd0\xb0\xd0\xba"},
      {"\xe4\xbd\xa0\xe5\xa5\xbd", "hello"},
      {"what is the sum of \xd9\xa3 apples", "what is the sum of \xd9\xa4 apples"},
  };
  for (const auto& pair : apart)
    CHECK_MESSAGE(!texts_agree(pair.first, pair.second), pair.first << " | " << pair.second);
}

TEST_CASE("what is said in other words agrees") {
  const std::vector<std::pair<const char*, const char*>> same = {
      {"How do I reset my password?", "how can i reset my password"},
      {"Please tell me how to reset a password", "What is the way to reset a password?"},
      {"What is the capital of France?", "the capital of France is what?"},
      {"I don't know it", "I do not know it"},
      {"Translate this. Please be brief.", "translate this, please be brief"},
      {"is 3 more than 2?", "Is 3 more than 2"},
      {"", ""},
  };
  for (const auto& pair : same) CHECK_MESSAGE(texts_agree(pair.first, pair.second), pair.first << " | " << pair.second);
}

TEST_CASE("bytes that are no text do no harm") {
  CHECK(texts_agree("\xff\xfe\xc3", "\xff\xfe\xc3"));
  CHECK(texts_agree("...'-+%:/", "...'-+%:/"));
}
