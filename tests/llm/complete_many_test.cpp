//! Many requests at once.
#include <persona/llm/provider.hpp>
#include <persona/testing/scripted_provider.hpp>

#include <doctest/doctest.h>

using namespace persona;

TEST_CASE("answers come in the order of the requests") {
  testing::ScriptedProvider provider([](const llm::Request& request) { return *testing::says(request.model).reply; });
  std::vector<llm::Request> requests(100);
  for (std::size_t i = 0; i < requests.size(); ++i) requests[i].model = std::to_string(i);
  const auto replies = llm::complete_many(provider, requests, 7);
  REQUIRE(replies.size() == 100);
  for (std::size_t i = 0; i < replies.size(); ++i) CHECK(replies[i]->text == std::to_string(i));
  CHECK(llm::complete_many(provider, {}).empty());
}

TEST_CASE("after a stop the rest are cancelled") {
  std::stop_source stop;
  testing::ScriptedProvider provider([&](const llm::Request&) {
    stop.request_stop();
    return *testing::says("first").reply;
  });
  const std::vector<llm::Request> requests(3);
  const auto replies = llm::complete_many(provider, requests, 1, {.stop = stop.get_token()});
  CHECK(replies[0].has_value());
  CHECK(replies[1].error().code == Errc::cancelled);
  CHECK(provider.requests().size() == 1);
}
