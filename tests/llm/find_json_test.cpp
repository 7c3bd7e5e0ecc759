//! JSON inside what a model says.
#include <persona/llm/structured.hpp>

#include <nlohmann/json.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <random>
#include <string>

using persona::llm::find_json;

TEST_CASE("an answer that is JSON is found whole") {
  CHECK(find_json(R"({"a":[1,{"b":"}"}]})") == R"({"a":[1,{"b":"}"}]})");
  CHECK(find_json(" \n[1, 2]\n") == "[1, 2]");
  CHECK(find_json(R"({"a":"quote \" and ] and \\"})") == R"({"a":"quote \" and ] and \\"})");
}

TEST_CASE("a fenced block goes before everything else") {
  CHECK(find_json("Like {\"x\": 1000000}:\n```json\n{\"a\": 1}\n```\nDone.") == R"({"a": 1})");
  CHECK(find_json("```\n[1]\n```") == "[1]");
  CHECK(find_json("```python\nprint(1)\n```\n```json\n{\"a\":2}\n```") == R"({"a":2})");
  CHECK(find_json("```json\n{\"code\": \"```sh\\nls\\n```\"}\n```") == R"({"code": "```sh\nls\n```"})");
  CHECK(find_json("```json\n{\"a\": 1}") == R"({"a": 1})");  // never closed
  CHECK(find_json("```json\n{broken}\n```\n{\"a\":3}") == R"({"a":3})");
}

TEST_CASE("talk around the answer does not matter") {
  CHECK(find_json("Sure! Here it is: {\"a\": 1}. It's what you wanted.") == R"({"a": 1})");
  CHECK(find_json("As in [1] and [2], {\"a\": [3]} holds [4].") == R"({"a": [3]})");
  CHECK(find_json("{see below} {\"a\": 1}") == R"({"a": 1})");
  CHECK(find_json("set {x | x > 0 {\"a\": 1}") == R"({"a": 1})");
  CHECK(find_json("<think>maybe {\"a\": 1, \"long\": true}</think>{\"a\": 2}") == R"({"a": 2})");
}

TEST_CASE("no part of a broken document is taken for the answer") {
  CHECK(find_json("").empty());
  CHECK(find_json("no JSON here").empty());
  CHECK(find_json("42").empty());
  CHECK(find_json(R"({"a": [1, 2], "b": )").empty());
  CHECK(find_json(R"({"a": [1, 2], "b": 3,})").empty());
  CHECK(find_json(R"({"a": {"x": 1}, "a": {"y": 2}})").empty());  // a key twice
  CHECK(find_json(R"({"a": 1,} or rather {"a": 1})") == R"({"a": 1})");
}

TEST_CASE("random texts hold JSON or nothing") {
  std::mt19937 random(11);
  const std::string_view letters = "{}[]\",:\\ a1`\n-";
  int found = 0;
  for (int i = 0; i < 30'000; ++i) {
    std::string text;
    for (std::size_t length = random() % 24; text.size() < length;) text += letters[random() % letters.size()];
    const std::string json = find_json(text);
    INFO(text);
    if (json.empty()) continue;
    ++found;
    CHECK(text.find(json) != std::string::npos);
    CHECK(nlohmann::json::accept(json));
  }
  CHECK(found > 1'000);
}

TEST_CASE("a document is found in any noise without brackets") {
  std::mt19937 random(12);
  const std::string_view noise = "abc \n.,:\"'\\0-*#`<>()";
  for (int i = 0; i < 3'000; ++i) {
    const std::string json =
        nlohmann::json{{"n", random()}, {"t", std::string(random() % 20, "\"\\{[}x"[random() % 6])}}.dump();
    std::string before, after;
    for (std::size_t length = random() % 40; before.size() < length;) before += noise[random() % noise.size()];
    for (std::size_t length = random() % 40; after.size() < length;) after += noise[random() % noise.size()];
    INFO(before << json << after);
    CHECK(find_json(before + json + after) == json);
  }
}

//! Each of these would take hours if every opening bracket were followed to the end.
TEST_CASE("evil texts end") {
  const std::size_t size = 400'000;
  for (const std::string part :
       {"[", "{", "{\"", "[1,", "{\"a\":", "\"[", "[\"", "```\n[", "[1,\",[1,\"", "{x{\"y", "[]{"}) {
    std::string text;
    while (text.size() < size) text += part;
    CAPTURE(part);
    find_json(text);
    find_json("[" + text);
    find_json(text + "]");
  }
  CHECK(find_json(std::string(64, '[') + std::string(64, ']')).size() == 128);
  CHECK(find_json(std::string(65, '[') + std::string(65, ']')).size() == 128);  // the outermost is too deep
}
