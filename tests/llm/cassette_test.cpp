//! Calls recorded and played back.
#include <persona/llm/cassette.hpp>
#include <persona/llm/offline.hpp>
#include <persona/testing/provider_contract.hpp>
#include <persona/testing/scripted_provider.hpp>

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

using namespace persona;
using llm::Message;

namespace {

//! A file that goes with the test.
struct TapeFile {
  std::string path;
  explicit TapeFile(const char* name) : path(std::filesystem::temp_directory_path() / name) {}
  ~TapeFile() { std::filesystem::remove(path); }
  std::string text() const {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
};

llm::Request asking(std::string text) {
  return {.model = "m", .messages = {Message::user(std::move(text))}};
}

llm::Provider script(std::vector<testing::Step> steps) {
  return std::make_shared<testing::ScriptedProvider>(std::move(steps));
}

std::vector<std::string> pieces_of(llm::LLMProvider& provider, const llm::Request& request) {
  std::vector<std::string> pieces;
  const auto reply = provider.stream(request, [&](const llm::Delta& delta) {
    if (const auto* text = std::get_if<llm::TextDelta>(&delta)) pieces.emplace_back(text->text);
    if (const auto* call = std::get_if<llm::ToolCallDelta>(&delta)) pieces.emplace_back(call->name);
    if (const auto* thought = std::get_if<llm::ThinkingDelta>(&delta)) pieces.emplace_back(thought->text);
    return Status();
  });
  CHECK(reply.has_value());
  return pieces;
}

}  // namespace

TEST_CASE("equal requests get the recorded answers in order, then the last one again") {
  const TapeFile tape("persona_cassette_order.jsonl");
  {
    const auto recorder = *llm::record(script({testing::says("one"), testing::says("two"), testing::says("else"),
                                               testing::fails(429, std::chrono::seconds(7))}),
                                       tape.path);
    CHECK(recorder->complete(asking("a"))->text == "one");
    CHECK(recorder->complete(asking("a"))->text == "two");
    CHECK(recorder->complete(asking("b"))->text == "else");
    CHECK_FALSE(recorder->complete(asking("c")).has_value());
  }
  const auto player = llm::replay(tape.path);
  REQUIRE(player.has_value());
  CHECK((*player)->name() == "scripted");
  CHECK((*player)->capabilities("m").tools);
  const auto first = (*player)->complete(asking("a"));
  REQUIRE(first.has_value());
  CHECK(first->text == "one");
  CHECK(first->usage == testing::says("one").reply->usage);
  CHECK((*player)->complete(asking("a"))->text == "two");
  CHECK((*player)->complete(asking("a"))->text == "two");
  CHECK((*player)->complete(asking("b"))->text == "else");
  const auto limited = (*player)->complete(asking("c"));
  CHECK(limited.error() == testing::fails(429, std::chrono::seconds(7)).reply.error());
  llm::Request warmer = asking("a");
  warmer.temperature = 0.1;
  const auto unknown = (*player)->complete(warmer);
  CHECK(unknown.error().code == Errc::not_found);
  CHECK(unknown.error().message.find("0.1") != std::string::npos);
}

TEST_CASE("a stream comes back in its pieces, and whole where only the answer was recorded") {
  const TapeFile tape("persona_cassette_pieces.jsonl");
  {
    testing::Step step = testing::says("one two");
    step.pieces = {"one", " ", "two"};
    testing::Step rich = testing::says("then");
    rich.reply->thinking = {{.text = "hm"}};
    rich.reply->tool_calls = {{.id = "1", .name = "clock", .arguments = "{}"}};
    testing::Step split = testing::says("\xc3\xa4");
    split.pieces = {"\xc3", "\xa4"};
    const auto recorder = *llm::record(script({step, rich, testing::says("plain"), split}), tape.path);
    for (const char* question : {"a", "b"}) pieces_of(*recorder, asking(question));
    CHECK(recorder->complete(asking("c")).has_value());
    pieces_of(*recorder, asking("d"));
  }
  const auto player = *llm::replay(tape.path);
  CHECK(pieces_of(*player, asking("a")) == std::vector<std::string>{"one", " ", "two"});
  CHECK(pieces_of(*player, asking("b")) == std::vector<std::string>{"hm", "then", "clock"});
  CHECK(pieces_of(*player, asking("c")) == std::vector<std::string>{"plain"});
  CHECK(pieces_of(*player, asking("d")) == std::vector<std::string>{"\xc3\xa4"});  // half a character is no text
  CHECK(player->complete(asking("b"))->tool_calls.size() == 1);
}

TEST_CASE("no key reaches the file, however it is cut") {
  const TapeFile tape("persona_cassette_keys.jsonl");
  const std::string key = "sk-canary0123456789abcdef";
  {
    testing::Step step = testing::says("it was\n" + key + " as you said");
    step.pieces = {"it was\nsk-can", "ary0123456789abcdef as you said"};
    testing::Step failing = testing::fails(401);
    failing.reply.error().message = "bad key " + key;
    const auto recorder = *llm::record(script({step, failing}), tape.path);
    CHECK(pieces_of(*recorder, asking("my key:\n" + key)).size() == 2);
    CHECK_FALSE(recorder->complete(asking("again")).has_value());
  }
  CHECK(tape.text().find("canary") == std::string::npos);
  CHECK(tape.text().find("ary0123") == std::string::npos);
  const auto player = *llm::replay(tape.path);
  CHECK(player->complete(asking("my key:\n" + key))->text == "it was\n*** as you said");
  CHECK(player->complete(asking("again")).error().message == "bad key ***");
}

TEST_CASE("embeddings and token counts are kept bit by bit") {
  const TapeFile tape("persona_cassette_vectors.jsonl");
  const llm::EmbedRequest request{.model = "e", .inputs = {"a cat", "", "the sea"}, .dimensions = 16};
  const auto expected = *llm::offline()->embed(request);
  {
    const auto recorder = *llm::record(llm::offline(), tape.path);
    CHECK(recorder->embed(request).has_value());
    CHECK(recorder->count_tokens(asking("four score and seven")) == 5);
    CHECK_FALSE(recorder->embed({.dimensions = -1}).has_value());
  }
  const auto player = *llm::replay(tape.path);
  const auto made = player->embed(request);
  REQUIRE(made.has_value());
  CHECK(made->vectors == expected.vectors);
  CHECK(made->usage == expected.usage);
  CHECK(player->count_tokens(asking("four score and seven")) == 5);
  CHECK(player->embed({.dimensions = -1}).error().code == Errc::invalid_argument);
  CHECK(player->count_tokens(asking("never counted")).error().code == Errc::not_found);
}

TEST_CASE("what the caller stopped is not recorded") {
  const TapeFile tape("persona_cassette_stop.jsonl");
  const auto recorder = *llm::record(script({testing::says("a"), testing::says("b")}), tape.path);
  std::stop_source stop;
  stop.request_stop();
  CHECK_FALSE(recorder->complete(asking("a"), {.stop = stop.get_token()}).has_value());
  CHECK_FALSE(recorder->stream(asking("a"), [](const llm::Delta&) { return fail(Errc::conflict, "no"); }).has_value());
  CHECK(tape.text().empty());
}

TEST_CASE("a file that is no cassette is named with its line") {
  const TapeFile tape("persona_cassette_broken.jsonl");
  CHECK(llm::replay(tape.path).error().code == Errc::not_found);
  CHECK(llm::record(llm::offline(), "/nowhere/at/all.jsonl").error().code == Errc::io);
  const std::string good = R"({"call":"reply","request":{"model":"m"},"answer":{"text":"x"}})";
  for (const char* bad :
       {"{", "[]", "{}", R"({"call":"reply"})", R"({"call":"reply","request":{},"answer":{"text":1}})",
        R"({"call":"reply","request":{},"failed":{}})", R"({"call":"model","model":7})"}) {
    CAPTURE(bad);
    std::ofstream(tape.path) << good << "\n\n" << bad << "\n";
    const auto player = llm::replay(tape.path);
    REQUIRE_FALSE(player.has_value());
    CHECK(player.error().code == Errc::corrupted);
    CHECK(player.error().message.starts_with("line 3: "));
    CHECK(player.error().path == tape.path);
  }
}

TEST_CASE("recorder and player keep the contract of providers") {
  const TapeFile tape("persona_cassette_contract.jsonl");
  const auto recorder = *llm::record(llm::offline(), tape.path);
  for (const std::string& failure : testing::provider_contract({.make = [&] { return recorder; }})) FAIL_CHECK(failure);
  for (const std::string& failure :
       testing::provider_contract({.make = [&] { return llm::replay(tape.path).value_or(nullptr); }}))
    FAIL_CHECK(failure);
}
