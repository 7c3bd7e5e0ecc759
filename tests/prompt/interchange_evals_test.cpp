//! Samples of OpenAI evals.
#include <persona/prompt/interchange.hpp>

#include <doctest/doctest.h>

#include <algorithm>

using namespace persona;
using namespace persona::prompt;

namespace {

constexpr const char* evals_lines =
    R"({"input":[{"role":"system","content":"One word."},{"role":"user","content":"Capital of France?"}],"ideal":"Paris"}

{"input":"2 + 2","ideal":["4","four"],"level":3,"segment":"sums","weight":2,"id":"two"}
{"input":[{"role":"system","content":"A."},{"role":"system","name":"example_user","content":"1?"},{"role":"system","name":"example_assistant","content":"one"},{"role":"user","content":"2?"}]}
)";

Error refused_line(std::string_view line) {
  const auto read = from_openai_evals(std::string("\n") + std::string(line) + "\n");
  CAPTURE(line);
  REQUIRE_FALSE(read.has_value());
  return read.error();
}

bool same(const Dataset& a, const Dataset& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

}  // namespace

TEST_CASE("samples are examples: the question, what the system says, ideals and other keys") {
  const auto data = from_openai_evals(evals_lines);
  REQUIRE_MESSAGE(data.has_value(), (data ? "" : to_string(data.error())));
  REQUIRE(data->size() == 3);
  CHECK((*data)[0].fields == Fields{{"instructions", std::string("One word.")},
                                    {"question", std::string("Capital of France?")},
                                    {"answer", std::string("Paris")}});
  CHECK((*data)[1].id == "two");
  CHECK((*data)[1].weight == 2);
  CHECK((*data)[1].segment == "sums");
  CHECK((*data)[1].fields.at("answer") == FieldValue(std::string("4")));
  CHECK((*data)[1].fields.at("ideals") == FieldValue(JsonText{R"(["4","four"])"}));
  CHECK((*data)[1].fields.at("level") == FieldValue(std::int64_t{3}));
  CHECK((*data)[2].fields.contains("conversation"));
  CHECK_FALSE((*data)[2].fields.contains("answer"));
}

TEST_CASE("the same samples are written again") {
  const auto data = from_openai_evals(evals_lines);
  const auto written = to_openai_evals(*data);
  REQUIRE(written.has_value());
  CHECK(written->find(R"("ideal":["4","four"],"id":"two","weight":2,"segment":"sums","level":3)") != std::string::npos);
  const auto again = from_openai_evals(*written);
  REQUIRE(again.has_value());
  CHECK(same(*data, *again));
  const auto renamed = from_openai_evals(*written, {.question = "text", .answer = "label"});
  CHECK((*renamed)[0].fields.contains("label"));
  CHECK(same(*from_openai_evals(*to_openai_evals(*renamed, {.question = "text", .answer = "label"})), *data));
}

TEST_CASE("a predictor's own messages are the input") {
  const auto data = from_openai_evals(evals_lines)->first(1);
  Predictor predictor;
  predictor.signature = *parse_signature("question -> answer", "Be brief.");
  const auto written = to_openai_evals(predictor, data);
  REQUIRE(written.has_value());
  const auto request = render(predictor, data[0].fields);
  CHECK(from_openai_evals(*written)->operator[](0).fields.at("instructions") ==
        FieldValue(request->messages[0].text()));
  CHECK(written->find(R"("ideal":"Paris")") != std::string::npos);
  predictor.signature = *parse_signature("text -> answer");
  CHECK(to_openai_evals(predictor, data).error().message.find("input 'text' is missing") != std::string::npos);
}

TEST_CASE("a line that is no sample is named") {
  CHECK(refused_line("{").message.starts_with("line 2: "));
  CHECK(refused_line("{\"input\": \"\xff\"}").message.find("UTF-8") != std::string::npos);
  CHECK(refused_line("3").message == "line 2: a sample is an object with an 'input'");
  CHECK(refused_line(R"({"ideal":"x"})").path == "/input");
  CHECK(refused_line(R"({"input":3})").path == "/input");
  CHECK(refused_line(R"({"input":[]})").path == "/input");
  CHECK(refused_line(R"({"input":[{"role":"user"}]})").path == "/input/0");
  CHECK(refused_line(R"({"input":[{"role":"user","content":[]}]})").code == Errc::unsupported);
  CHECK(refused_line(R"({"input":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]})").path ==
        "/input/1/role");
  CHECK(refused_line(R"({"input":"a","ideal":[]})").path == "/ideal");
  CHECK(refused_line(R"({"input":"a","question":"b"})").path == "/question");
}

TEST_CASE("what no sample can hold is not written") {
  const auto data = [](Fields fields) { return *Dataset::make({{.id = "e", .fields = std::move(fields)}}); };
  CHECK(to_openai_evals(data({{"a", true}})).error().message == "example 'e': there is no field 'question'");
  CHECK(to_openai_evals(data({{"question", true}, {"input", true}})).error().message.find("'input' of its own") !=
        std::string::npos);
}

TEST_CASE("data sets are written as lines that read back") {
  const auto data = *Dataset::make(
      {{.id = "a", .fields = {{"x", JsonText{"[1]"}}, {"y", 0.1}, {"z", {}}}, .weight = 2.5, .segment = "s"},
       {.fields = {{"weight", std::string("heavy")}, {"segment", std::int64_t{3}}}}});
  CHECK(same(*parse_jsonl(*to_jsonl(data)), data));
  for (const char* name : {"id", "weight"}) {
    const auto marked = *Dataset::make({{.id = "e", .fields = {{name, std::int64_t{3}}}}});
    CHECK(to_jsonl(marked).error().message.starts_with("example 'e': a field called"));
  }
}
