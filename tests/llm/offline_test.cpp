//! The provider that looks things up in the prompt.
#include <persona/llm/offline.hpp>

#include <nlohmann/json.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <cmath>

using namespace persona;
using llm::Message;

namespace {

std::string answer(std::vector<Message> messages, llm::Request request = {}) {
  request.messages = std::move(messages);
  const auto reply = llm::offline()->complete(request);
  return reply ? reply->text : to_string(reply.error());
}

std::string ask(std::string prompt) {
  return answer({Message::user(std::move(prompt))});
}

double cosine(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i]) * b[i];
  return sum;
}

}  // namespace

TEST_CASE("blocks of the prompt are examples, the open one is the question") {
  CHECK(ask("Input: a lovely warm film\nOutput: positive\n\nInput: dull and much too long\nOutput: negative\n\n"
            "Input: what a lovely film\nOutput:") == "positive");
  CHECK(ask("Decide.\n\nText: my card was stolen\nLabel: card\n\nText: the rate of a loan\nLabel: loan\n\n"
            "Text: which loan is cheap?\nLabel:") == "loan");
  CHECK(ask("Question: Capital of France?\nAnswer: Paris\nQuestion: Capital of Peru?\nAnswer: Lima\n"
            "Question: What is the capital of Peru?\nAnswer: ") == "Lima");
  CHECK(ask("**Review:** great food\n**Sentiment:** good\n---\n**Review:** cold soup\n**Sentiment:** bad\n---\n"
            "**Review:** the soup was cold\n**Sentiment:**") == "bad");
  CHECK(ask("### Input\nred apple\n### Output\nfruit\n\n### Input\ngreen leek\n### Output\nvegetable\n\n"
            "### Input\na leek\n### Output\n") == "vegetable");
  CHECK(ask("<example><input>red apple</input>\n<output>fruit</output></example>") !=
        "fruit");  // one line holds one field
  CHECK(ask("<example>\n<input>red apple</input>\n<output>fruit</output>\n</example>\n<example>\n<input>\ngreen leek\n"
            "</input>\n<output>vegetable</output>\n</example>\n<input>apple pie</input>") == "fruit");
  CHECK(ask("[[ ## query ## ]]\nlost card\n[[ ## intent ## ]]\ncard\n\n[[ ## query ## ]]\nloan rate\n[[ ## intent ## ]]"
            "\nloan\n\n[[ ## query ## ]]\nrate of my loan\n[[ ## intent ## ]]") == "loan");
}

TEST_CASE("numbered examples and labels nobody knows are read where they repeat") {
  CHECK(ask("Example 1:\nFruit: apple pie\nColour: red\n\nExample 2:\nFruit: plum cake\nColour: blue\n\n"
            "Fruit: cake of plums\nColour:") == "blue");
  CHECK(ask("Example 1:\nInput: apple\nOutput: red\n\nExample 2:\nInput: plum\nOutput: blue\n\nNow this one.\n"
            "Input: plums\nOutput:") == "blue");
}

TEST_CASE("earlier turns are examples") {
  const auto turn = [](const char* question, const char* reply) {
    return std::pair{Message::user(question), Message::assistant(reply)};
  };
  const auto [a, b] = turn("Text: my parcel is late\nLabel:", "delivery");
  const auto [c, d] = turn("Text: I want my money back\nLabel:", "refund");
  CHECK(answer({Message::system("Classify."), a, b, c, d, Message::user("Text: where is the parcel\nLabel:")}) ==
        "delivery");
  CHECK(answer({a, b, c, d, Message::user("please send the money back")}) == "refund");
  const Message shots = Message::system("Input: up\nOutput: down\n\nInput: left\nOutput: right");
  CHECK(answer({shots, Message::user("left")}) == "right");
  CHECK(answer({shots, Message::user("Input: up"), Message::assistant("Output:")}) == "down");
}

TEST_CASE("several outputs are said with their labels, but for the one the prompt ends with") {
  const std::string shots = "Question: 2 + 2\nReasoning: add them\nAnswer: 4\n\n";
  CHECK(ask(shots + "Question: 2 + 2") == "Reasoning: add them\nAnswer: 4");
  CHECK(ask(shots + "Question: 2 + 2\nReasoning:") == "add them\nAnswer: 4");
}

TEST_CASE("the nearest examples vote by their distance") {
  const std::string shots =
      "Input: blue sky\nOutput: a\n\nInput: blue sea\nOutput: b\n\nInput: blue see\nOutput: b\n\n"
      "Input: quite another thing\nOutput: c\n\n";
  CHECK(ask(shots + "Input: blue sky\nOutput:") == "a");  // an equal one outweighs two near ones
  CHECK(ask(shots + "Input: blue sees\nOutput:") == "b");
  CHECK(ask(shots + "Input: 12345\nOutput:") == "b");  // nothing in common: the most frequent
}

TEST_CASE("with nothing to go by it says so") {
  const auto reply = llm::offline()->complete({.messages = {Message::user("Why is the sky blue?")}});
  REQUIRE(reply.has_value());
  CHECK(reply->text.find("neither") != std::string::npos);
  CHECK(reply->model == "offline-nearest-neighbour");
  CHECK(reply->usage.estimated);
  CHECK(llm::offline()->complete({}).error().code == Errc::invalid_argument);
}

TEST_CASE("a schema's fields are voted on one by one, what nobody knows is made up") {
  llm::Request request;
  request.json = llm::JsonFormat{.schema = R"({"type":"object","additionalProperties":false,"required":["tone","len"],
    "properties":{"tone":{"enum":["warm","cold"]},"len":{"type":"integer","minimum":3,"maximum":9},
                  "note":{"type":"string"}}})"};
  const auto with_json = [&](std::string last) {
    return nlohmann::json::parse(
        answer({Message::user("Input: dear friend\nOutput: {\"tone\": \"warm\", \"len\": 4}\n\n"
                              "Input: to whom it may concern\nOutput: {\"tone\": \"cold\"}\n\n"
                              "Input: " +
                              last + "\nOutput:")},
               request));
  };
  CHECK(with_json("my dear friend") == nlohmann::json::parse(R"({"tone":"warm","len":4})"));
  CHECK(with_json("whom does it concern")["tone"] == "cold");
  CHECK(with_json("whom does it concern")["len"] == 4);  // the only vote there is
  request.json->schema = R"({"type":"object","properties":{"label":{"type":"string"}},"required":["label"]})";
  CHECK(answer({Message::user("Text: abc\nLabel: x\n\nText: def\nLabel: y\n\nText: def\nLabel:")}, request) ==
        R"({"label":"y"})");
  request.json->schema = "{";
  CHECK(answer({Message::user("hello")}, request).starts_with("invalid_argument"));
  request.json->schema =
      R"({"type":"object","properties":{"x":{"type":"string","not":{"type":"string"}}},"required":["x"]})";
  CHECK(answer({Message::user("hello")}, request).starts_with("unsupported"));
}

TEST_CASE("a vote that the schema forbids does not count") {
  llm::Request request;
  request.json =
      llm::JsonFormat{.schema = R"({"type":"object","properties":{"label":{"enum":["x","y"]},"n":{"const":1}},
    "required":["label","n"],"additionalProperties":false})"};
  const std::string wrong = answer({Message::user("Text: abc\nLabel: zzz\n\nText: abc\nLabel:")}, request);
  const auto made = nlohmann::json::parse(wrong);
  CHECK((made["label"] == "x" || made["label"] == "y"));
  const auto half = nlohmann::json::parse(
      answer({Message::user("Text: abc\nOutput: {\"label\":\"y\",\"n\":2}\n\nText: abc\nOutput:")}, request));
  CHECK(half == nlohmann::json{{"label", "y"}, {"n", 1}});
}

TEST_CASE("answers are cut where the request says") {
  const Message prompt = Message::user("Input: a\nOutput: one two three four\n\nInput: a\nOutput:");
  CHECK(answer({prompt}, {.stop = {" three"}}) == "one two");
  const auto reply = llm::offline()->complete({.messages = {prompt}, .max_output_tokens = 1});
  CHECK(reply->text == "one ");
  CHECK(reply->finish == llm::Finish::length);
}

TEST_CASE("equal calls have equal answers") {
  llm::Request request{.messages = {Message::user("a person, please")}};
  request.json = llm::JsonFormat{.schema = R"({"type":"object","properties":{"name":{"type":"string"},
    "age":{"type":"integer","minimum":0,"maximum":99999}},"required":["name","age"]})"};
  const auto first = llm::offline()->complete(request), second = llm::offline()->complete(request);
  CHECK(first->text == second->text);
  CHECK(llm::offline({.seed = 1})->complete(request)->text != first->text);
  request.messages = {Message::user("another person, please")};
  CHECK(llm::offline()->complete(request)->text != first->text);
}

TEST_CASE("embeddings are unit vectors, near for near texts") {
  const auto made = llm::offline()->embed({.inputs = {"a red apple", "red apples", "the stock market fell", ""}});
  REQUIRE(made.has_value());
  REQUIRE(made->vectors.size() == 4);
  CHECK(made->vectors[0].size() == 256);
  CHECK(cosine(made->vectors[0], made->vectors[0]) == doctest::Approx(1).epsilon(1e-6));
  CHECK(cosine(made->vectors[0], made->vectors[1]) > cosine(made->vectors[0], made->vectors[2]) + 0.2);
  CHECK(cosine(made->vectors[3], made->vectors[3]) == 0);
  CHECK(llm::offline()->embed({.inputs = {"x"}, .dimensions = 8})->vectors[0].size() == 8);
  CHECK(llm::offline()->embed({.inputs = {"x"}, .dimensions = 0}).error().code == Errc::invalid_argument);
}
