//! Suites of promptfoo.
#include <persona/prompt/interchange.hpp>
#include <persona/prompt/metric.hpp>

#include <doctest/doctest.h>

#include <algorithm>

using namespace persona;
using namespace persona::prompt;

namespace {

const std::string tickets = R"j({
  "description": "Tickets",
  "prompts": [
    "Classify the ticket in one word.\nTicket: {{ ticket }}\nLabel:",
    {"label": "polite", "raw": "[{\"role\": \"system\", \"content\": \"Be polite to {{name}}.\"}, {\"role\": \"user\", \"content\": \"{{ticket}}\"}]"}
  ],
  "providers": ["openai:gpt-4o-mini", {"id": "anthropic:messages:x", "config": {"temperature": 0}}, {"ollama:y": {}}],
  "defaultTest": {"vars": {"name": "Ann"}, "assert": [{"type": "latency", "threshold": 3000}]},
  "tests": [
    {"vars": {"ticket": "card lost"}, "assert": [{"type": "equals", "value": "lost_card"}, {"type": "llm-rubric", "value": "polite"}]},
    {"vars": {"ticket": "12 euros?", "name": "Bo"}, "assert": [{"type": "equals", "value": 12}]},
    {"vars": {"ticket": "hello"}}
  ],
  "evaluateOptions": {"maxConcurrency": 4}
})j";

PromptfooSuite suite_of(const std::string& json) {
  auto read = from_promptfoo(json);
  REQUIRE_MESSAGE(read.has_value(), (read ? "" : to_string(read.error())));
  return *std::move(read);
}

Error refused_suite(const std::string& json) {
  const auto read = from_promptfoo(json);
  CAPTURE(json);
  REQUIRE_FALSE(read.has_value());
  return read.error();
}

std::string with_prompt(const std::string& prompt) {
  return R"({"prompts":[)" + prompt + "]}";
}

std::string with_test(const std::string& test) {
  return R"({"prompts":["{{a}}"],"tests":[)" + test + "]}";
}

PromptfooSuite kinds() {
  Predictor predictor;
  predictor.name = "kinds";
  predictor.signature = *parse_signature("sentence -> kind: 'a'|'b', sure: bool", "Say {{no}} {% code %} {# here #} {");
  predictor.demos = {{{{"sentence", std::string("{{x}}")}, {"kind", std::string("a")}}, true}};
  predictor.reasons = true;
  return {.description = "d",
          .providers = {"openai:gpt-4o-mini"},
          .predictors = {predictor},
          .tests = *Dataset::make({{.id = "1",
                                    .fields = {{"sentence", std::string("An oak.")}, {"kind", std::string("b")}},
                                    .weight = 2.5,
                                    .segment = "trees"},
                                   {.id = "2", .fields = {{"sentence", std::int64_t{7}}, {"kind", std::string("a")}}}}),
          .metrics = {exact_match("kind")->name()}};
}

}  // namespace

TEST_CASE("prompts, tests and assertions of a suite are predictors, examples and metrics") {
  const auto suite = suite_of(tickets);
  CHECK(suite.description == "Tickets");
  CHECK(suite.providers == std::vector<std::string>{"openai:gpt-4o-mini", "anthropic:messages:x", "ollama:y"});
  REQUIRE(suite.predictors.size() == 2);
  CHECK(to_string(suite.predictors[0].signature) == "ticket -> answer");
  CHECK(suite.predictors[0].signature.outputs[0].label == "Label");
  CHECK(suite.predictors[0].signature.instructions == "Classify the ticket in one word.");
  CHECK(suite.predictors[1].name == "polite");
  CHECK(to_string(suite.predictors[1].signature) == "name, ticket -> answer");
  REQUIRE(suite.tests.size() == 3);
  CHECK(suite.tests[0].fields.at("answer") == FieldValue(std::string("lost_card")));
  CHECK(suite.tests[0].fields.at("name") == FieldValue(std::string("Ann")));
  CHECK(suite.tests[1].fields.at("answer") == FieldValue(std::int64_t{12}));
  CHECK(suite.tests[1].fields.at("name") == FieldValue(std::string("Bo")));
  CHECK(suite.metrics == std::vector<std::string>{"exact_match(answer)"});
  std::string all;
  for (const auto& note : suite.notes) all += note + "\n";
  CHECK(all.find("/providers/1: only the name") != std::string::npos);
  CHECK(all.find("/defaultTest/assert/0: an assertion 'latency' is left out, the first of 3") != std::string::npos);
  CHECK(all.find("/tests/0/assert/1: an assertion 'llm-rubric' is left out\n") != std::string::npos);
  CHECK(all.find("/evaluateOptions: left out") != std::string::npos);
}

TEST_CASE("what we write comes back as it was") {
  for (const Format format : {Format::chat, Format::plain}) {
    auto suite = kinds();
    suite.predictors[0].format = format;
    const auto written = to_promptfoo(suite);
    REQUIRE(written.has_value());
    const auto read = suite_of(*written);
    CHECK(read.predictors == suite.predictors);
    CHECK(std::equal(read.tests.begin(), read.tests.end(), suite.tests.begin(), suite.tests.end()));
    CHECK(read.metrics == suite.metrics);
    CHECK(read.providers == suite.providers);
    CHECK(read.notes.empty());
    CHECK(written->find(R"("value": "{{kind}}")") != std::string::npos);
    auto changed = *written;
    changed.replace(changed.find("An oak"), 2, "That");
    CHECK(suite_of(changed).notes.empty());
    changed.replace(changed.find("Say {{"), 3, "Tell");
    CHECK(suite_of(changed).notes.front().find("have been changed since") != std::string::npos);
  }
}

TEST_CASE("a variable that an assertion names is the expected field, and the output's name") {
  const auto suite =
      suite_of(R"({"prompts":"Sum {{a}}","defaultTest":{"assert":[{"type":"icontains","value":"{{ total }}"}]},)"
               R"("tests":[{"vars":{"a":"1 1","total":2}}]})");
  CHECK(suite.metrics == std::vector<std::string>{"contains(total)"});
  CHECK(to_string(suite.predictors[0].signature) == "a -> total");
}

TEST_CASE("templates that are code, and files, are refused with their place") {
  for (const char* prompt :
       {R"("{{a | upper}}")", R"("{% if a %}{{a}}{% endif %}")", R"("{{a.b}}")", R"("{# x #}{{a}}")",
        R"("file://p.txt")", R"("prompts/p.json")", R"("- role: user\n  content: '{{a}}'")",
        R"({"raw":"[{\"role\":\"user\",\"content\":[]}]"})"}) {
    const auto error = refused_suite(with_prompt(prompt));
    CHECK(error.code == Errc::unsupported);
    CHECK(error.path.starts_with("/prompts/0"));
  }
  CHECK(refused_suite(with_test("\"file://t.yaml\"")).path == "/tests/0");
  CHECK(refused_suite(with_test(R"({"vars":{"a":"file://a.txt"}})")).path == "/tests/0/vars/a");
  CHECK(refused_suite(R"({"prompts":["{{a}}"],"tests":"t.csv"})").path == "/tests");
  CHECK(refused_suite(R"({"prompts":{"p.txt":"label"}})").code == Errc::unsupported);
}

TEST_CASE("what is no suite is refused with its place") {
  CHECK(refused_suite("prompts:\n- x").message.find("not JSON") != std::string::npos);
  CHECK(refused_suite("{\"description\": \"\xff\"}").message.find("UTF-8") != std::string::npos);
  CHECK(refused_suite("[]").message == "a suite is an object, not a list");
  CHECK(refused_suite("{}").path == "/prompts");
  CHECK(refused_suite(R"({"prompts":[]})").path == "/prompts");
  CHECK(refused_suite(with_prompt("3")).path == "/prompts/0");
  CHECK(refused_suite(with_prompt("{}")).path == "/prompts/0/raw");
  CHECK(refused_suite(with_prompt("\"{{a\"")).code == Errc::invalid_argument);
  CHECK(refused_suite(with_prompt("\"no slot\"")).code == Errc::unsupported);
  CHECK(refused_suite(R"({"prompts":["{{a}}"],"providers":[3]})").path == "/providers/0");
  CHECK(refused_suite(R"({"prompts":["{{a}}"],"tests":3})").path == "/tests");
  CHECK(refused_suite(with_test("3")).path == "/tests/0");
  CHECK(refused_suite(with_test(R"({"vars":[]})")).path == "/tests/0/vars");
  CHECK(refused_suite(with_test(R"({"assert":{}})")).path == "/tests/0/assert");
  CHECK(refused_suite(with_test(R"({"assert":[{}]})")).path == "/tests/0/assert/0/type");
}

TEST_CASE("what promptfoo cannot say is not written") {
  const auto refused = [](auto change) {
    auto suite = kinds();
    change(suite);
    const auto written = to_promptfoo(suite);
    REQUIRE_FALSE(written.has_value());
    return written.error();
  };
  CHECK(refused([](auto& suite) { suite.predictors.clear(); }).code == Errc::invalid_argument);
  CHECK(refused([](auto& suite) { suite.predictors[0].format = Format::json; }).code == Errc::unsupported);
  CHECK(refused([](auto& suite) { suite.metrics = {rouge_l("kind")->name()}; }).code == Errc::unsupported);
  CHECK(refused([](auto& suite) { suite.metrics = {"exact_match"}; }).code == Errc::unsupported);
  CHECK(refused([](auto& suite) { suite.metrics = {"exact_match(kinds)"}; }).code == Errc::not_found);
  CHECK(refused([](auto& suite) {
          suite.tests = *Dataset::make({{.fields = {{"sentence", std::string("{{kind}}")}}}});
        }).message.find("field 'sentence'") != std::string::npos);
  CHECK(refused([](auto& suite) {
          suite.predictors.push_back(suite.predictors[0]);
          suite.predictors[1].format = Format::plain;
        }).message.find("in several forms") != std::string::npos);
}
