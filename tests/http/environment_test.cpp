//! Providers by the variables of the environment.
#include <persona/llm/environment.hpp>

#include "mock_server.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace persona;

namespace {

//! Only these variables are set while it lives; then all is as before.
class Environment {
 public:
  explicit Environment(const std::map<std::string, std::string>& variables) {
    for (const char* name :
         {"OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_API_VERSION",
          "AZURE_OPENAI_ENDPOINT", "AZURE_OPENAI_API_KEY", "ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "GEMINI_API_KEY",
          "GOOGLE_API_KEY", "GEMINI_BASE_URL", "OLLAMA_HOST"}) {
      const char* value = std::getenv(name);
      before_.emplace_back(name, value != nullptr ? std::optional<std::string>(value) : std::nullopt);
      ::unsetenv(name);
    }
    for (const auto& [name, value] : variables) ::setenv(name.c_str(), value.c_str(), 1);
  }
  ~Environment() {
    for (const auto& [name, value] : before_)
      value ? ::setenv(name.c_str(), value->c_str(), 1) : ::unsetenv(name.c_str());
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  std::vector<std::pair<std::string, std::optional<std::string>>> before_;
};

std::string joined(const std::vector<std::string>& names) {
  std::string all;
  for (const auto& name : names) all += (all.empty() ? "" : " ") + name;
  return all;
}

std::string found_in(const std::map<std::string, std::string>& variables) {
  const Environment environment(variables);
  return joined(llm::environment_providers());
}

std::string wrong_in(const std::map<std::string, std::string>& variables) {
  const Environment environment(variables);
  const auto provider = llm::from_environment();
  if (provider) return "right";
  CHECK(provider.error().code == Errc::invalid_argument);
  CHECK(provider.error().message.starts_with(provider.error().path));
  CHECK(provider.error().message.find("canary") == std::string::npos);
  return provider.error().path;
}

llm::Request of(std::string model) {
  llm::Request request;
  request.model = std::move(model);
  request.messages = {llm::Message::user("Say yes")};
  return request;
}

}  // namespace

TEST_CASE("what the environment names is found") {
  CHECK(found_in({}) == "ollama offline");
  CHECK(found_in({{"OPENAI_API_KEY", "k"}}) == "openai responses ollama offline");
  CHECK(found_in({{"OPENAI_BASE_URL", "http://127.0.0.1:1/v1"}}) == "openai responses ollama offline");
  CHECK(found_in({{"OPENAI_API_KEY", ""}, {"GOOGLE_API_KEY", "k"}}) == "gemini ollama offline");
  CHECK(found_in({{"AZURE_OPENAI_ENDPOINT", "https://x.openai.azure.com"}}) == "ollama offline");
  CHECK(found_in({{"AZURE_OPENAI_ENDPOINT", "https://x.openai.azure.com"},
                  {"AZURE_OPENAI_API_KEY", "k"},
                  {"ANTHROPIC_API_KEY", "k"},
                  {"GEMINI_API_KEY", "k"},
                  {"OPENAI_API_KEY", "k"}}) == "openai responses azure anthropic gemini ollama offline");
}

TEST_CASE("a variable that is not what it should be is named, its value is not shown") {
  CHECK(wrong_in({{"OPENAI_BASE_URL", "canary"}}) == "OPENAI_BASE_URL");
  CHECK(wrong_in({{"OPENAI_BASE_URL", "ftp://canary/"}}) == "OPENAI_BASE_URL");
  CHECK(wrong_in({{"OPENAI_BASE_URL", "https://me:canary@example.com/v1"}}) == "OPENAI_BASE_URL");
  CHECK(wrong_in({{"ANTHROPIC_BASE_URL", "http://example.com"}, {"ANTHROPIC_API_KEY", "canary"}}) ==
        "ANTHROPIC_BASE_URL");
  CHECK(wrong_in({{"AZURE_OPENAI_ENDPOINT", "http://example.com"}, {"AZURE_OPENAI_API_KEY", "canary"}}) ==
        "AZURE_OPENAI_ENDPOINT");
  CHECK(wrong_in({{"GEMINI_BASE_URL", "http://10.0.0.1"}, {"GOOGLE_API_KEY", "canary"}}) == "GEMINI_BASE_URL");
  CHECK(wrong_in({{"OLLAMA_HOST", "ftp://canary"}}) == "OLLAMA_HOST");
  CHECK(wrong_in({{"OPENAI_BASE_URL", "http://example.com/v1"}}) == "right");  // no key goes there
  CHECK(wrong_in({{"OPENAI_BASE_URL", " http://localhost:1/v1 "}, {"OPENAI_API_KEY", "k"}}) == "right");
}

TEST_CASE("Ollama's variable may be a host, a port or a URL") {
  for (const auto& [value, name] : std::map<std::string, std::string>{{"gpu", "ollama@gpu:11434"},
                                                                      {"gpu:99", "ollama@gpu:99"},
                                                                      {":99", "ollama@127.0.0.1:99"},
                                                                      {"0.0.0.0", "ollama"},
                                                                      {"[::1]", "ollama@[::1]:11434"},
                                                                      {"https://gpu.example", "ollama@gpu.example"},
                                                                      {"http://127.0.0.1:11434/", "ollama"}}) {
    const Environment environment({{"OLLAMA_HOST", value}});
    const auto provider = llm::from_environment();
    REQUIRE(provider.has_value());
    CHECK_MESSAGE((*provider)->name().find(name) != std::string::npos, (*provider)->name());
  }
}

TEST_CASE("a model's prefix leads to its provider, with key, organization and project") {
  testing::MockServer server([](const testing::Asked& asked) {
    if (asked.target == "/v1/chat/completions") {
      return testing::Answer::json(R"({"choices":[{"message":{"content":"from chat"},"finish_reason":"stop"}]})");
    }
    if (asked.target == "/v1/responses") {
      return testing::Answer::json(
          R"({"status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"from responses"}]}]})");
    }
    return testing::Answer::json(R"({"content":[{"type":"text","text":"from messages"}],"stop_reason":"end_turn"})");
  });
  const Environment environment({{"OPENAI_BASE_URL", server.url("/v1")},
                                 {"OPENAI_API_KEY", "canary"},
                                 {"OPENAI_ORG_ID", "org"},
                                 {"OPENAI_PROJECT_ID", "project"},
                                 {"ANTHROPIC_BASE_URL", server.url("")}});
  const auto provider = llm::from_environment();
  REQUIRE(provider.has_value());
  CHECK((*provider)->complete(of("openai/m"))->text == "from chat");
  CHECK((*provider)->complete(of("responses/m"))->text == "from responses");
  CHECK((*provider)->complete(of("anthropic/m"))->text == "from messages");
  const auto first = server.asked().front();
  CHECK(first.header("authorization") == "Bearer canary");
  CHECK(first.header("openai-organization") == "org");
  CHECK(first.header("openai-project") == "project");
  CHECK((*provider)->complete(of("gemini/m")).error().code == Errc::not_found);
}

TEST_CASE("offline there is always an answer") {
  const Environment environment({});
  const auto provider = llm::from_environment();
  REQUIRE(provider.has_value());
  const auto reply = (*provider)->complete(of("offline/any"));
  REQUIRE(reply.has_value());
  CHECK_FALSE(reply->text.empty());
}
