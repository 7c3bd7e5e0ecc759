//! What tokens cost.
#include <persona/llm/price.hpp>

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

using namespace persona;
using namespace persona::llm;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::sys_days day = 2026y / 8 / 1;

std::string table(const std::string& entries, const std::string& more = "") {
  return R"({"version":1,)" + more + R"("prices":[)" + entries + "]}";
}

std::string entry(const std::string& model, const std::string& input, const std::string& from = "2026-01-01") {
  return R"({"model":")" + model + R"(","from":")" + from + R"(","source":"https://x","output":1,"input":)" + input +
         "}";
}

}  // namespace

TEST_CASE("the public vector of LiteLLM issue 35127 comes to the cent") {
  Price price;
  price.standard = {.input = dollars(5e-6), .cached = dollars(5e-7), .cache_write = dollars(6.25e-6)};
  const Usage usage{.input = 172'000, .input_cached = 155'000, .input_cache_write = 3'000};
  CHECK(to_string(cost(price, usage)) == "$0.16625");
}

TEST_CASE("each part of the usage counts once, at its own price") {
  Price price;
  price.standard = {{1}, {10}, {100}, {1000}, {10000}};
  CHECK(cost(price, {.input = 9, .output = 2}) == Money{29});
  CHECK(cost(price, {.input = 9, .input_cached = 2, .input_cache_write = 3, .input_cache_write_1h = 1}) ==
        Money{4 + 200 + 2000 + 10000});
  CHECK(cost(price, {.output = 5, .output_reasoning = 4}) == Money{50});
  // Usage that contradicts itself counts in full, and never below nothing.
  CHECK(cost(price, {.input = 1, .input_cached = 5}) == Money{500});
  CHECK(cost(price, {.input = -5, .output = -1, .output_reasoning = 3}) == Money{30});
  CHECK(cost(price, {.input_cache_write_1h = 2}) == Money{20000});
}

TEST_CASE("a long input has its own prices, for all of it") {
  Price price;
  price.standard = {.input = {1}, .output = {1}};
  price.long_context = TokenPrices{.input = {2}, .output = {3}};
  price.long_context_from = 200'000;
  CHECK(cost(price, {.input = 200'000, .output = 1}) == Money{200'001});
  CHECK(cost(price, {.input = 200'001, .output = 1}) == Money{400'005});
}

TEST_CASE("the built-in prices are read, and are those of the document") {
  const auto prices = PriceTable::built_in();
  CHECK(prices->prices().size() > 80);
  const auto mini = prices->find("openai", "gpt-4o-mini", day);
  REQUIRE(mini);
  CHECK(mini->standard.input == Money{150'000});
  CHECK(mini->standard.cached == Money{75'000});
  CHECK(mini->batch_factor == 0.5);
  CHECK(mini->source.starts_with("https://"));
  CHECK(prices->find("whoever", "openai/gpt-4o-mini", day)->standard == mini->standard);
  CHECK(prices->find("openai", "gpt-4o-mini-2024-07-18", day)->standard == mini->standard);
  const auto sonnet = prices->find("anthropic", "claude-sonnet-4-5", day);
  CHECK(sonnet->standard.cache_write_1h == Money{6'000'000});
  CHECK(sonnet->long_context->input == Money{6'000'000});
  CHECK(sonnet->long_context_from == 200'000);
  CHECK(!prices->find("openai", "gpt-4o-mini", 2020y / 1 / 1));
  CHECK(!prices->find("ollama", "llama3", day));
  CHECK(!prices->find("openai", "gpt-4o-min", day));
  std::ifstream file(PERSONA_SOURCE_DIR "/src/llm/prices.json");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto read = PriceTable::parse(text);
  REQUIRE(read);
  CHECK_MESSAGE((*read)->prices() == prices->prices(), "run tools/prices.py embed");
  for (const Price& price : prices->prices()) {
    CAPTURE(price.model);
    CHECK(price.standard.input > Money{});
    CHECK(price.standard.cached <= price.standard.input);
    CHECK(price.standard.input <= price.standard.cache_write);
    CHECK(price.standard.cache_write <= price.standard.cache_write_1h);
    if (price.long_context) CHECK(price.standard.input < price.long_context->input);
  }
}

TEST_CASE("a table comes back from its own document") {
  const auto table = PriceTable::built_in();
  const auto back = PriceTable::parse(table->to_json());
  REQUIRE(back);
  CHECK((*back)->prices() == table->prices());
}

TEST_CASE("each day has its price") {
  const auto parsed = PriceTable::parse(table(entry("a/m", "3", "2026-03-01") + "," + entry("a/m", "2", "2026-01-01") +
                                              R"(,{"model":"a/old","from":"2025-01-01","until":"2026-01-01",)"
                                              R"("source":"s","input":1,"output":1})"));
  REQUIRE(parsed);
  const auto input = [&](std::chrono::sys_days on) { return (*parsed)->find("a", "m", on)->standard.input; };
  CHECK(!(*parsed)->find("a", "m", 2025y / 12 / 31));
  CHECK(input(2026y / 1 / 1) == Money{2'000'000});
  CHECK(input(2026y / 2 / 28) == Money{2'000'000});
  CHECK(input(2026y / 3 / 1) == Money{3'000'000});
  CHECK((*parsed)->find("a", "old", 2025y / 12 / 31));
  CHECK(!(*parsed)->find("a", "old", 2026y / 1 / 1));
}

TEST_CASE("an update that loses models or moves a price tenfold is refused") {
  const auto base = *PriceTable::parse(table(entry("a/1", "1") + "," + entry("a/2", "1") + "," + entry("a/3", "1")));
  const auto update = [&](const std::string& text, bool trust = false) {
    return PriceTable::parse(text, base.get(), trust);
  };
  CHECK((*update(table(entry("a/4", "1"))))->prices().size() == 4);
  CHECK((*update(table(entry("a/1", "2"))))->prices().size() == 3);
  CHECK((*update(table(entry("a/1", "2"))))->find("a", "1", day)->standard.input == Money{2'000'000});
  CHECK((*update(table(entry("a/1", "2", "2026-02-01"))))->prices().size() == 4);
  CHECK((*update(table(entry("a/1", "1") + "," + entry("a/2", "1"), R"("complete":true,)")))->prices().size() == 2);
  const auto lost = update(table(entry("a/1", "1"), R"("complete":true,)"));
  REQUIRE(!lost);
  CHECK(lost.error().message == "2 of 3 models are gone from the price table");
  CHECK(update(table(entry("a/1", "1"), R"("complete":true,)"), true));
  CHECK(update(table(entry("a/1", "10"))));
  for (const char* price : {"10.00001", "0.0999", "0"}) {
    const auto moved = update(table(entry("a/1", price)));
    REQUIRE(!moved);
    CHECK(moved.error().message.find("'a/1'") != std::string::npos);
    CHECK(update(table(entry("a/1", price)), true));
  }
}

TEST_CASE("a document that is wrong says where") {
  const auto path = [](const std::string& text) {
    const auto parsed = PriceTable::parse(text);
    REQUIRE(!parsed);
    return parsed.error().path;
  };
  CHECK(path(R"({"version":2,"prices":[]})") == "/version");
  CHECK(path(table(entry("m", "1"))) == "/prices/0/model");
  CHECK(path(table(entry("a/m", "-1"))) == "/prices/0/input");
  CHECK(path(table(entry("a/m", "1", "yesterday"))) == "/prices/0/from");
  CHECK(path(table(R"({"model":"a/m","from":"2026-01-01","source":"s","input":1})")) == "/prices/0/output");
  CHECK(path(table(R"({"model":"a/m","source":"s","input":1,"output":1})")) == "/prices/0/from");
  CHECK(path(table(R"({"model":"a/m","from":"2026-01-01","input":1,"output":1})")) == "/prices/0/source");
  CHECK(path(table(R"({"model":"a/m","from":"2026-01-01","source":"s","input":1,"output":1,"reasoning":2})")) ==
        "/prices/0/reasoning");
}

TEST_CASE("a batch costs its share of every price") {
  const Price price{.model = "a/m",
                    .standard = {.input = Money{150'000}, .output = Money{600'000}, .cached = Money{75'000}},
                    .long_context = TokenPrices{.input = Money{300'000}, .output = Money{900'000}},
                    .long_context_from = 1'000};
  const Usage usage{.input = 100, .input_cached = 40, .output = 10};
  CHECK(cost(price, usage) == Money{60 * 150'000 + 40 * 75'000 + 10 * 600'000});
  CHECK(batch_cost(price, usage) == Money{60 * 75'000 + 40 * 37'500 + 10 * 300'000});
  CHECK(batch_cost(price, {.input = 2'000}) == Money{2'000 * 150'000});
}
