//! Prompts of LangChain: tests/prompt/golden holds what langchain-core itself wrote.
#include "golden.hpp"

#include <persona/prompt/interchange.hpp>

#include <doctest/doctest.h>

using namespace persona;
using namespace persona::prompt;
using persona::testing::golden;

namespace {

Predictor langchain(std::string_view json) {
  const auto read = from_langchain(json);
  REQUIRE_MESSAGE(read.has_value(), (read ? "" : to_string(read.error())));
  REQUIRE(read->predictors.size() == 1);
  return read->predictors[0];
}

Error refused_prompt(const std::string& json) {
  const auto read = from_langchain(json);
  CAPTURE(json);
  REQUIRE_FALSE(read.has_value());
  return read.error();
}

std::string text_prompt(const std::string& text, const std::string& format = "f-string") {
  return R"({"_type":"prompt","template":")" + text + R"(","template_format":")" + format + "\"}";
}

std::string replaced(std::string text, std::string_view part, std::string_view instead) {
  REQUIRE(text.find(part) != std::string::npos);
  return text.replace(text.find(part), part.size(), instead);
}

Predictor asking() {
  Predictor predictor;
  predictor.signature =
      *parse_signature("context, question -> answer, why: list", "Say {so}, {{twice}} and \"quoted\".");
  predictor.demos = {
      {{{"context", JsonText{R"({"a":[1]})"}}, {"question", std::string("{x}?")}, {"answer", true}}, true}};
  predictor.reasons = true;
  return predictor;
}

}  // namespace

TEST_CASE("labelled lines at the end are inputs, the words before them instructions") {
  const auto read = from_langchain(golden("langchain_text.json"));
  REQUIRE(read.has_value());
  const Predictor& predictor = read->predictors[0];
  CHECK(to_string(predictor.signature) == "context, question -> answer");
  CHECK(predictor.signature.instructions == "Answer from the context, as {\"answer\": ...}, in French.");
  CHECK(predictor.signature.inputs[0].label.empty());
  CHECK(predictor.format == Format::plain);
  REQUIRE(read->notes.size() == 1);
  CHECK(read->notes[0].starts_with("/kwargs/template: read as \"context, question -> answer\""));

  const auto saved = langchain(golden("langchain_text_saved.json"));
  CHECK(to_string(saved.signature) == "question -> answer");
  const auto other = langchain(text_prompt("Tell {who}:\\nThe text:\\n{text}\\n\\nQ: {query}\\nShort summary:"));
  CHECK(to_string(other.signature) == "who, text, query -> short_summary");
  CHECK(other.signature.instructions == "Tell `who`:");
  CHECK(other.signature.inputs[1].label == "The text");
  CHECK(other.signature.inputs[2].label == "Q");
  CHECK(other.signature.outputs[0].label == "Short summary");
}

TEST_CASE("a chat's examples become demos") {
  const auto predictor = langchain(golden("langchain_chat.json"));
  CHECK(to_string(predictor.signature) == "role, sum -> answer");
  CHECK(predictor.signature.instructions == "You are a `role` with {braces}.");
  REQUIRE(predictor.demos.size() == 1);
  CHECK(predictor.demos[0].fields.at("sum") == FieldValue(std::string("2 + 2")));
  CHECK(predictor.demos[0].fields.at("answer") == FieldValue(std::string("4")));
}

TEST_CASE("few-shot prompts come with examples, whose names are told to be others") {
  const auto read = from_langchain(golden("langchain_few_shot_saved.json"));
  REQUIRE(read.has_value());
  const Predictor& predictor = read->predictors[0];
  CHECK(to_string(predictor.signature) == "style, input -> antonym");
  CHECK(predictor.signature.instructions == "Give the antonym, `style`.");
  CHECK(predictor.signature.inputs[1].label == "Word");
  REQUIRE(predictor.demos.size() == 2);
  CHECK(predictor.demos[1].fields.at("input") == FieldValue(std::string("{odd}")));
  CHECK(predictor.demos[1].fields.at("antonym") == FieldValue(std::string("even")));
  CHECK(read->notes.back() == "/examples: 'word' is taken for 'input'");
}

TEST_CASE("what we write comes back as it was, until somebody changes it") {
  const auto written = to_langchain(asking());
  REQUIRE(written.has_value());
  const auto read = from_langchain(*written);
  REQUIRE(read.has_value());
  CHECK(read->predictors[0] == asking());
  CHECK(read->notes.empty());
  CHECK(written->find("{{so}}, {{{{twice}}}}") != std::string::npos);

  auto plain = asking();
  plain.format = Format::plain;
  plain.demos.clear();
  CHECK(langchain(*to_langchain(plain)) == plain);
  const auto changed = from_langchain(replaced(*to_langchain(plain), "Say {{so}}", "Say {{this}}"));
  REQUIRE(changed.has_value());
  CHECK(changed->predictors[0].signature.instructions.find("Say {this}") != std::string::npos);
  CHECK(changed->notes[0].find("the prompt has been changed since") != std::string::npos);
}

TEST_CASE("mustache of plain slots is read, jinja2 and tags are refused as code") {
  CHECK(to_string(langchain(text_prompt("Q: {{ question }}", "mustache")).signature) == "question -> answer");
  const auto jinja = refused_prompt(golden("langchain_jinja2.json"));
  CHECK(jinja.code == Errc::unsupported);
  CHECK(jinja.path == "/kwargs/template");
  CHECK(jinja.message.find("jinja2 is code") != std::string::npos);
  CHECK(refused_prompt(golden("langchain_mustache.json")).message.find("'{{{raw' is code of mustache") !=
        std::string::npos);
  CHECK(refused_prompt(text_prompt("{{#list}}", "mustache")).code == Errc::unsupported);
  CHECK(refused_prompt(text_prompt("{{open", "mustache")).code == Errc::invalid_argument);
}

TEST_CASE("LangChain's own descriptions and placeholders are no prompts") {
  const auto few = refused_prompt(golden("langchain_few_shot.json"));
  CHECK(few.code == Errc::unsupported);
  CHECK(few.message.find("only a description of a FewShotPromptTemplate") != std::string::npos);
  const auto placeholder = refused_prompt(golden("langchain_placeholder.json"));
  CHECK(placeholder.path == "/kwargs/messages/0");
  CHECK(placeholder.message.find("MessagesPlaceholder") != std::string::npos);
}

TEST_CASE("what is no prompt is refused with its place") {
  const std::string chat = golden("langchain_chat.json");
  CHECK(refused_prompt("{").message.find("not JSON") != std::string::npos);
  CHECK(refused_prompt("\"\xff\"").message.find("UTF-8") != std::string::npos);
  CHECK(refused_prompt(std::string(70, '[') + std::string(70, ']')).message.find("deeper") != std::string::npos);
  CHECK(refused_prompt("[]").message == "an object of LangChain, not a list");
  CHECK(refused_prompt("{}").path == "/template");
  CHECK(refused_prompt(R"({"template_path":"x.txt"})").code == Errc::unsupported);
  CHECK(refused_prompt(R"({"template":3})").path == "/template");
  CHECK(refused_prompt(R"({"lc":1,"id":[],"kwargs":{}})").path == "/id");
  CHECK(refused_prompt(R"({"lc":1,"id":["x","PipelinePromptTemplate"],"kwargs":{}})").code == Errc::unsupported);
  CHECK(refused_prompt(R"({"lc":1,"id":["ChatPromptTemplate"],"kwargs":{}})").path == "/kwargs/messages");
  CHECK(refused_prompt(replaced(chat, "HumanMessagePromptTemplate", "ToolMessage")).path == "/kwargs/messages/1");
  CHECK(refused_prompt(replaced(chat, "\"2 + 2\"", "null")).path == "/kwargs/messages/1/kwargs/prompt/kwargs/template");
  CHECK(refused_prompt(replaced(chat, "2 + 2", "2 + {two}")).message.find("slots before the question") !=
        std::string::npos);
  for (const char* text : {"{", "}", "{a", "a}b"})
    CHECK(refused_prompt(text_prompt(text)).code == Errc::invalid_argument);
  for (const char* text : {"{0}", "{}", "{a.b}", "{a:>8}", "{a!r}", "no slot", ""}) {
    CAPTURE(text);
    CHECK(refused_prompt(text_prompt(text)).code == Errc::unsupported);
  }
}

TEST_CASE("examples of another shape than the question are refused") {
  auto chat = golden("langchain_chat.json");
  chat = replaced(chat, "\"{sum}\"", "\"Sum: {sum}\"");
  const auto error = refused_prompt(chat);
  CHECK(error.path == "/kwargs/messages/1");
  CHECK(langchain(replaced(chat, "2 + 2", "Sum: 2 + 2")).demos[0].fields.at("sum") == FieldValue(std::string("2 + 2")));
  auto few = golden("langchain_few_shot_saved.json");
  CHECK(refused_prompt(replaced(few, "Antonym: {antonym}", "")).path == "/example_prompt");
}

TEST_CASE("what a template cannot say is not written") {
  auto predictor = asking();
  predictor.format = Format::json;
  CHECK(to_langchain(predictor).error().code == Errc::unsupported);
  predictor = asking();
  predictor.signature.inputs[0].name = "my context";
  CHECK(to_langchain(predictor).error().message.find("'my context' is no name for a slot") != std::string::npos);
}
