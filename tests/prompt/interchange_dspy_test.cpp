//! Programs of DSPy: tests/prompt/golden holds what DSPy itself saved.
#include "golden.hpp"

#include <persona/prompt/interchange.hpp>
#include <persona/prompt/program.hpp>

#include <doctest/doctest.h>

#include <algorithm>

using namespace persona;
using namespace persona::prompt;
using persona::testing::golden;

namespace {

std::vector<Predictor> imported(std::string_view state, std::string_view sidecar = {}) {
  const auto read = from_dspy(state, sidecar);
  REQUIRE_MESSAGE(read.has_value(), (read ? "" : to_string(read.error())));
  return read->predictors;
}

Error refused_dspy(std::string_view state, std::string_view sidecar = {}) {
  const auto read = from_dspy(state, sidecar);
  CAPTURE(state);
  REQUIRE_FALSE(read.has_value());
  CHECK_FALSE(read.error().message.empty());
  return read.error();
}

constexpr const char* state_of_two =
    R"({"demos":[],"signature":{"instructions":"Do.","fields":[{"prefix":"A:","description":"a text"},)"
    R"({"prefix":"B b:","description":"${b_b}"}]},"lm":null})";

}  // namespace

TEST_CASE("a program of several predictors comes with roles from instructions and types from demos") {
  const auto read = from_dspy(golden("dspy_composed.json"));
  REQUIRE(read.has_value());
  const auto& predictors = read->predictors;
  REQUIRE(predictors.size() == 4);
  CHECK(predictors[0].name == "extract.predict");
  CHECK(predictors[0].reasons);
  CHECK(predictors[0].signature.instructions.empty());  // DSPy's default is ours
  CHECK(to_string(predictors[0].signature) == "question -> query, hits: int");
  REQUIRE(predictors[0].demos.size() == 1);
  CHECK(predictors[0].demos[0].augmented);
  CHECK(predictors[0].demos[0].fields.at("hits") == FieldValue(std::int64_t{4}));
  CHECK(predictors[0].demos[0].fields.at("reasoning") == FieldValue(std::string("Maps.")));
  CHECK(predictors[1].signature.instructions == "Say what the sentence is about.");
  CHECK(predictors[1].signature.inputs[0].description == "one sentence");
  CHECK(predictors[1].demos.size() == 2);
  CHECK_FALSE(predictors[1].demos[0].augmented);
  CHECK(predictors[2].name == "votes[0]");
  CHECK(to_string(predictors[2].signature) == "left, right -> winner");
  CHECK(to_string(predictors[3].signature) == "text -> is_sound: bool");
  REQUIRE(read->notes.size() == 4);
  CHECK(read->notes[0].starts_with("/extract.predict/signature: read as \"question -> query, hits: int\": the instr"));
  CHECK(read->notes[1].find("\"sentence, kind -> certainty: int\": the last field alone") != std::string::npos);
}

TEST_CASE("a sidecar tells what a state cannot, as signatures or as we write it") {
  const std::string state = golden("dspy_composed.json");
  const auto predictors = imported(state, R"j({"persona_dspy": 1, "predictors": {
    "extract.predict": "question -> reasoning, query, hits: int",
    "classify": "sentence -> kind: 'animal'|'plant', certainty: int",
    "votes[0]": "left, right -> winner", "votes[1]": "text -> is_sound: bool"}})j");
  CHECK(predictors[0].reasons);
  CHECK(to_string(predictors[1].signature) == "sentence -> kind: 'animal'|'plant', certainty: int");
  CHECK(predictors[1].signature.outputs[0].description == "its kind");

  const auto written = to_dspy(predictors);
  REQUIRE(written.has_value());
  CHECK(imported(written->state, written->sidecar) == predictors);
  CHECK(from_dspy(written->state, written->sidecar)->notes.empty());
  CHECK(imported(state, written->sidecar) == predictors);
}

TEST_CASE("everything a predictor holds survives the two files") {
  Predictor odd;
  odd.name = "a/b.c~d[0]";
  odd.signature = *parse_signature("context, question -> answer: 'yes'|'no', why: list");
  odd.signature.inputs[0] = {.name = "context", .type = FieldType::object, .description = "${x}", .label = "Q>"};
  odd.signature.outputs[0].choices.emplace_back("it's \"so\"");
  odd.signature.instructions = "Zwölf \"Boxkämpfer\"\n\tjagen";
  odd.demos = {{{{"context", JsonText{R"({"a":[1,2]})"}}, {"question", {}}, {"answer", std::string("no")}}, true},
               {{{"why", JsonText{"[]"}}, {"weight_kg", 0.1}, {"big", std::int64_t{1} << 60}, {"yes", true}}, false}};
  odd.reasons = true;
  odd.format = Format::plain;
  odd.temperature = {};
  odd.max_output_tokens = 7;
  Predictor second;
  second.name = "second";
  second.signature = *parse_signature("x -> y");
  for (const auto& predictors : {std::vector{odd, second}, std::vector{odd}, std::vector{second}}) {
    const auto written = to_dspy(predictors);
    REQUIRE(written.has_value());
    CHECK(imported(written->state, written->sidecar) == predictors);
    CHECK(from_dspy(written->state, predictors)->predictors == predictors);
  }
}

TEST_CASE("a bare predictor stays bare") {
  const auto predictors = imported(golden("dspy_bare.json"));
  REQUIRE(predictors.size() == 1);
  CHECK(predictors[0].name == "predict");
  CHECK(predictors[0].signature.instructions == "Answer in one word.\nNo more.");
  CHECK(predictors[0].demos[0].fields.at("answer") == FieldValue(std::string("Paris")));
  const auto again = to_dspy(predictors);
  CHECK(again->state.find("\"predict\"") == std::string::npos);
  CHECK(imported(again->state) == predictors);
}

TEST_CASE("sampling is read from the model, whose name is noted") {
  const auto read = from_dspy(golden("dspy_with_model.json"));
  REQUIRE(read.has_value());
  CHECK(read->predictors[0].temperature == 0.3);
  CHECK(read->predictors[0].max_output_tokens == 200);
  CHECK(std::any_of(read->notes.begin(), read->notes.end(), [](const std::string& note) {
    return note.starts_with("/predict/lm: the model 'openai/gpt-4o-mini' is left out");
  }));
}

TEST_CASE("a state is read into a program that knows its fields, and only into that") {
  const auto program = chain_of_thought("question -> answer: int", "Count.");
  const auto read = from_dspy(golden("dspy_with_model.json"), program->predictors());
  REQUIRE(read.has_value());
  CHECK(to_string(read->predictors[0].signature) == "question -> answer: int");
  CHECK(read->predictors[0].signature.instructions.empty());
  CHECK(program->with(read->predictors).has_value());

  const auto other = from_dspy(golden("dspy_composed.json"), program->predictors());
  REQUIRE_FALSE(other.has_value());
  CHECK(other.error().path == "/extract.predict");
  const auto fewer = from_dspy(golden("dspy_with_model.json"), predict("question -> answer")->predictors());
  REQUIRE_FALSE(fewer.has_value());
  CHECK(fewer.error().path == "/predict/signature/fields");
  CHECK(fewer.error().message.find("'question', 'answer': 2, not 3") != std::string::npos);
  auto two = program->predictors();
  two.push_back({.name = "more"});
  CHECK(from_dspy(golden("dspy_with_model.json"), two).error().path == "/more");
}

TEST_CASE("names come from headings where nothing better is there") {
  const auto read = from_dspy(state_of_two);
  REQUIRE(read.has_value());
  CHECK(to_string(read->predictors[0].signature) == "a -> b_b");
  CHECK(read->predictors[0].signature.inputs[0].description == "a text");
}

TEST_CASE("what is no DSPy program is refused with its place") {
  const std::string two = state_of_two;
  const auto with = [&](std::string_view part, std::string_view instead) {
    std::string changed = two;
    return changed.replace(changed.find(part), part.size(), instead);
  };
  CHECK(refused_dspy("").message.find("not JSON") != std::string::npos);
  CHECK(refused_dspy("{\"a\": \xff}").message.find("UTF-8") != std::string::npos);
  CHECK(refused_dspy(std::string(100'000, '[')).message.find("deeper than") != std::string::npos);
  CHECK(refused_dspy("[]").message == "a DSPy program is an object, not a list");
  CHECK(refused_dspy(R"({"metadata":{"dependency_versions":{}}})").message == "there is no predictor in it");
  CHECK(refused_dspy(R"({"a":3})").path == "/a");
  CHECK(refused_dspy(predict("a -> b")->to_json()).path == "/persona_program");
  CHECK(refused_dspy(R"({"x/y":{"demos":[]}})").path == "/x~1y/signature");
  CHECK(refused_dspy(R"({"p":{"extended_signature":{},"signature":{}}})").code == Errc::unsupported);
  CHECK(refused_dspy(with("\"Do.\"", "3")).path == "/signature/instructions");
  CHECK(refused_dspy(with("\"A:\"", "null")).path == "/signature/fields/0/prefix");
  CHECK(refused_dspy(with(",\"description\":\"a text\"", "")).path == "/signature/fields/0/description");
  CHECK(refused_dspy(with("\"A:\"", "\"?:\"")).path == "/signature/fields/0");
  CHECK(refused_dspy(with("\"A:\"", "\"B b:\"")).path == "/signature/fields/1");
  CHECK(refused_dspy(with("\"demos\":[]", "\"demos\":{}")).path == "/demos");
  CHECK(refused_dspy(with("\"demos\":[]", "\"demos\":[{},3]")).path == "/demos/1");
  CHECK(refused_dspy(with("\"lm\":null", "\"lm\":{\"temperature\":\"hot\"}")).path == "/lm/temperature");
}

TEST_CASE("a sidecar that does not fit is refused") {
  const std::string state = golden("dspy_bare.json");
  CHECK(refused_dspy(state, "{").message.starts_with("sidecar: "));
  CHECK(refused_dspy(state, R"({"persona_dspy":2,"predictors":{}})").code == Errc::unsupported);
  CHECK(refused_dspy(state, R"({"persona_dspy":1,"predictors":{}})").message.find("no predictor 'predict'") !=
        std::string::npos);
  const auto wrong = refused_dspy(state, R"({"persona_dspy":1,"predictors":{"predict":"question"}})");
  CHECK(wrong.path == "/predictors/predict");
  CHECK(wrong.message.find("no '->'") != std::string::npos);
  CHECK(refused_dspy(state, R"({"persona_dspy":1,"predictors":{"predict":{"signature":3}}})").path ==
        "/predictors/predict/signature");
}

TEST_CASE("what a predictor has no place for is noted") {
  const auto read =
      from_dspy(R"({"retrieve":{"k":3},"p":{"train":[1],"fields":{},"signature":{"instructions":"","fields":[)"
                R"({"prefix":"A:","description":""},{"prefix":"Reasoning:","description":"Let us think"},)"
                R"({"prefix":"B:","description":""}]}}})");
  REQUIRE(read.has_value());
  std::string all;
  for (const auto& note : read->notes) all += note + "\n";
  CHECK(all.find("/retrieve: left out") != std::string::npos);
  CHECK(all.find("/p/train: left out") != std::string::npos);
  CHECK(all.find("/p/signature/fields/1: the wording of `reasoning`") != std::string::npos);
  CHECK(all.find("what follows `reasoning`") != std::string::npos);
}

TEST_CASE("what DSPy cannot hold is not written") {
  CHECK_FALSE(to_dspy({}).has_value());
  CHECK_FALSE(to_dspy({{.name = "metadata"}}).has_value());
  CHECK_FALSE(to_dspy({{.name = "a"}, {.name = "a"}}).has_value());
  CHECK_FALSE(to_dspy({{.name = "a", .demos = {{{{"augmented", true}}, false}}}}).has_value());
}
