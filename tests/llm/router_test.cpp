//! Which provider answers for a model.
#include <persona/llm/router.hpp>
#include <persona/testing/scripted_provider.hpp>

#include <doctest/doctest.h>

#include <memory>

using namespace persona;

namespace {

std::shared_ptr<testing::ScriptedProvider> echo(std::string who) {
  return std::make_shared<testing::ScriptedProvider>(
      [who](const llm::Request& request) { return *testing::says(who + ':' + request.model).reply; });
}

llm::Request of(std::string model) {
  llm::Request request;
  request.model = std::move(model);
  request.messages = {llm::Message::user("x")};
  return request;
}

}  // namespace

TEST_CASE("the word before the first slash is the route, the rest the model") {
  const auto provider = llm::router({{"openai", echo("o")}, {"ollama", echo("l")}, {"", echo("other")}});
  CHECK(provider->complete(of("openai/gpt-4o-mini"))->text == "o:gpt-4o-mini");
  CHECK(provider->complete(of("ollama/library/qwen:7b"))->text == "l:library/qwen:7b");
  CHECK(provider->complete(of("gpt-4o-mini"))->text == "other:gpt-4o-mini");
  CHECK(provider->complete(of("meta/llama"))->text == "other:meta/llama");
  CHECK(provider->complete(of("/x"))->text == "other:/x");
  std::string shown;
  const auto reply = provider->stream(of("openai/m"), [&](const llm::Delta& delta) -> Status {
    shown += std::get<llm::TextDelta>(delta).text;
    return {};
  });
  CHECK(reply->text == shown);
  CHECK(provider->capabilities("openai/m").tools);
  CHECK(provider->name() == "router(scripted, scripted, scripted)");
}

TEST_CASE("a model that no route leads to is told with those there are") {
  const auto provider = llm::router({{"openai", echo("o")}, {"ollama", echo("l")}});
  for (const char* model : {"mistral/small", "small", "openai"}) {
    const auto reply = provider->complete(of(model));
    REQUIRE_FALSE(reply.has_value());
    CHECK(reply.error().code == Errc::not_found);
    CHECK(reply.error().message ==
          "no route leads to the model '" + std::string(model) + "'; there are 'openai/...', 'ollama/...'");
  }
  CHECK(provider->embed({"x/y", {"a"}}).error().code == Errc::not_found);
  CHECK(provider->embed({"openai/y", {"a"}}).error().code == Errc::unsupported);
  CHECK(provider->count_tokens(of("openai/y")).error().code == Errc::unsupported);
  CHECK_FALSE(provider->capabilities("x/y").tools);
  CHECK(llm::router({})->complete(of("x")).error().code == Errc::not_found);
}
