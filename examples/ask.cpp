//! Asks a model for JSON: offline here; in earnest, `llm::from_environment()` in place of `llm::offline()`.
#include <persona/llm/offline.hpp>
#include <persona/llm/stack.hpp>

#include <iostream>

using namespace persona;

int main() {
  // [ask]
  auto ledger = llm::memory_ledger();
  if (auto set = ledger->set_cap("all", {.calls = 100}); !set) return 1;
  auto model = llm::standard_stack(llm::offline(), {.meter = {.ledger = ledger, .allow_unknown_prices = true}});

  llm::Request request{.model = "offline/nearest", .temperature = 0};
  request.messages = {
      llm::Message::user("Text: my card is gone\nTopic: card lost\n\n"
                         "Text: the transfer has not arrived\nTopic: transfer late\n\n"
                         "Text: I lost my card\nTopic:")};
  request.json = llm::JsonFormat{.schema = R"({"type": "object", "required": ["topic"],
      "properties": {"topic": {"type": "string", "enum": ["card lost", "transfer late"]}}})"};

  auto reply = model->complete(request);
  if (!reply) {
    std::cerr << to_string(reply.error()) << "\n";
    return 1;
  }
  std::cout << reply->json << "\n";  // {"topic":"card lost"}
  // [ask]
  return reply->json == R"({"topic":"card lost"})" ? 0 : 1;
}
