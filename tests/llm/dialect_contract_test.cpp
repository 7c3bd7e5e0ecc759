//! Every dialect keeps what every provider promises.
#include <persona/llm/anthropic.hpp>
#include <persona/llm/gemini.hpp>
#include <persona/llm/ollama.hpp>
#include <persona/llm/openai.hpp>
#include <persona/testing/provider_contract.hpp>

#include "core/json_document.hpp"

#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <string>

using namespace persona;

namespace {

//! Answers by the end of the path, in pieces of seven bytes, for as long as the caller wants.
class Answering final : public http::Transport {
 public:
  explicit Answering(std::map<std::string, std::string> bodies) : bodies_(std::move(bodies)) {}

  Result<http::Response> send(const http::Request& request, const http::OnBytes& on_bytes,
                              const Context& context) override {
    if (const auto may_go = context.check(); !may_go) return tl::unexpected(may_go.error());
    const auto found = bodies_.find(on_bytes ? "stream" : request.url.substr(request.url.find_last_of("/:") + 1));
    if (found == bodies_.end()) return http::Response{.status = 404};
    http::Response response{.status = 200};
    if (!on_bytes) {
      response.body = found->second;
      return response;
    }
    std::string_view left = found->second;
    while (!left.empty()) {
      if (const auto may_go = context.check(); !may_go) return tl::unexpected(may_go.error());
      if (auto taken = on_bytes(left.substr(0, 7)); !taken) return tl::unexpected(taken.error());
      left.remove_prefix(std::min<std::size_t>(7, left.size()));
    }
    return response;
  }

 private:
  std::map<std::string, std::string> bodies_;
};

std::string events(const std::vector<std::string>& data) {
  std::string all;
  for (const auto& one : data) all += "data: " + one + "\n\n";
  return all;
}

using Make = std::function<llm::Provider(std::shared_ptr<http::Transport>)>;

void keeps_contract(const Make& make, const std::map<std::string, std::string>& bodies) {
  const testing::ProviderUnderTest under_test{.make = [&] { return make(std::make_shared<Answering>(bodies)); },
                                              .model = "m"};
  for (const std::string& broken : testing::provider_contract(under_test)) FAIL_CHECK(broken);
}

const std::string list =
    R"({"data":[{"index":2,"embedding":[1]},{"index":0,"embedding":[2]},{"index":1,"embedding":[3]}],
  "usage":{"prompt_tokens":9}})";

}  // namespace

TEST_CASE("OpenAI keeps the contract of providers") {
  keeps_contract(
      [](auto transport) { return llm::openai(transport, {.key = Secret("k")}); },
      {{"completions", R"({"choices":[{"message":{"content":"yes"},"finish_reason":"stop"}]})"},
       {"embeddings", list},
       {"stream", events({R"({"choices":[{"delta":{"content":"ye"}}]})", R"({"choices":[{"delta":{"content":"s"}}]})",
                          R"({"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f"}}]}}]})",
                          R"({"choices":[{"delta":{},"finish_reason":"stop"}]})", "[DONE]"})}});
}

TEST_CASE("OpenAI's responses keep the contract of providers") {
  const std::string response =
      R"({"status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"yes"}]}]})";
  keeps_contract([](auto transport) { return llm::openai_responses(transport, {.key = Secret("k")}); },
                 {{"responses", response},
                  {"embeddings", list},
                  {"stream", events({R"({"type":"response.output_text.delta","output_index":0,"delta":"ye"})",
                                     R"({"type":"response.output_text.delta","output_index":0,"delta":"s"})",
                                     R"({"type":"response.completed","response":)" + response + "}"})}});
}

TEST_CASE("Anthropic keeps the contract of providers") {
  keeps_contract(
      [](auto transport) { return llm::anthropic(transport, {.key = Secret("k")}); },
      {{"messages", R"({"content":[{"type":"text","text":"yes"}],"stop_reason":"end_turn","usage":{"input_tokens":1,
        "cache_read_input_tokens":5,"output_tokens":1}})"},
       {"count_tokens", R"({"input_tokens":5})"},
       {"stream",
        events({R"({"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":""}})",
                R"({"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}})",
                R"({"type":"content_block_stop","index":0})",
                R"({"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}})",
                R"({"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"yes"}})",
                R"({"type":"message_delta","delta":{"stop_reason":"end_turn"}})", R"({"type":"message_stop"})"})}});
}

TEST_CASE("Gemini keeps the contract of providers") {
  const std::string part = R"({"candidates":[{"content":{"parts":[{"text":"yes"}]}}]})";
  keeps_contract([](auto transport) { return llm::gemini(transport, {.key = Secret("k")}); },
                 {{"generateContent", part},
                  {"batchEmbedContents", R"({"embeddings":[{"values":[1]},{"values":[2]},{"values":[3]}]})"},
                  {"countTokens", R"({"totalTokens":5})"},
                  {"stream", events({part, part, R"({"candidates":[{"finishReason":"STOP"}]})"})}});
}

TEST_CASE("Ollama keeps the contract of providers") {
  const std::string line = R"({"message":{"content":"yes"}})";
  keeps_contract([](auto transport) { return llm::ollama(transport); },
                 {{"chat", R"({"message":{"content":"yes"},"done":true})"},
                  {"embed", R"({"embeddings":[[1],[2],[3]]})"},
                  {"stream", line + "\n" + line + "\n" + R"({"message":{"content":""},"done":true})"}});
}
