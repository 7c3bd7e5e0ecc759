//! The parts that all dialects share.
#include "llm/wire/allowance.hpp"
#include "llm/wire/base64.hpp"
#include "llm/wire/endpoint.hpp"
#include "llm/wire/retry_hint.hpp"

#include "dialect_check.hpp"

using namespace persona;
using namespace persona::llm::wire;
using std::chrono::milliseconds;
using std::chrono::sys_days;
using Hint = std::optional<milliseconds>;

namespace {

const auto noon = sys_days(std::chrono::year(2026) / 11 / 21) + std::chrono::hours(12);

Hint hint(std::vector<http::Header> headers) {
  return retry_hint(headers, noon);
}

}  // namespace

TEST_CASE("Retry-After in all its forms") {
  CHECK(hint({}) == Hint());
  CHECK(hint({{"Retry-After", "2"}}) == milliseconds(2000));
  CHECK(hint({{"retry-after", " 0 "}}) == milliseconds(0));
  CHECK(hint({{"retry-after", "1.5"}}) == milliseconds(1500));
  CHECK(hint({{"retry-after", "0.0001"}}) == milliseconds(1));
  CHECK(hint({{"retry-after", "Sat, 21 Nov 2026 12:00:07 GMT"}}) == milliseconds(7000));
  CHECK(hint({{"retry-after", "Saturday, 21-Nov-26 12:01:00 GMT"}}) == milliseconds(60'000));
  CHECK(hint({{"retry-after", "Sat Nov 21 13:00:00 2026"}}) == milliseconds(3'600'000));
  CHECK(hint({{"retry-after", "Sun, 06 Nov 1994 08:49:37 GMT"}}) == milliseconds(0));
  CHECK(hint({{"retry-after-ms", "250"}, {"retry-after", "9"}}) == milliseconds(250));
  CHECK(hint({{"x-ms-retry-after-ms", "30.2"}, {"retry-after", "9"}}) == milliseconds(31));
  CHECK(hint({{"retry-after-ms", "soon"}, {"retry-after", "9"}}) == milliseconds(9000));
}

TEST_CASE("hints that make no sense are none, and none is endless") {
  for (const char* value : {"", "-1", "nan", "inf", "1e999", "soon", "2 s", "Sat, 32 Nov 2026 12:00:07 GMT",
                            "Sat, 21 Nov 2026 25:00:00 GMT", "Sat, 21 Now 2026 12:00:07 GMT",
                            "Sat, 21 Nov 2026 12:00:07 CET", "Sat, 21 Nov 2026"}) {
    CAPTURE(value);
    CHECK(hint({{"retry-after", value}}) == Hint());
  }
  CHECK(hint({{"retry-after", "1e300"}}) == std::chrono::hours(24 * 365));
}

TEST_CASE("durations of Go and of Protocol Buffers") {
  CHECK(parse_go_duration("1s") == milliseconds(1000));
  CHECK(parse_go_duration("6m0s") == milliseconds(360'000));
  CHECK(parse_go_duration("120ms") == milliseconds(120));
  CHECK(parse_go_duration("1h2m3.5s") == milliseconds(3'723'500));
  CHECK(parse_go_duration("850µs") == milliseconds(1));
  for (const char* text : {"", "1", "s", "1x", "-1s", "1s 2"}) CHECK(parse_go_duration(text) == Hint());
  CHECK(parse_seconds("22s") == milliseconds(22'000));
  CHECK(parse_seconds("0.5s") == milliseconds(500));
  for (const char* text : {"", "22", "s", "-1s", "1m"}) CHECK(parse_seconds(text) == Hint());
}

TEST_CASE("moments in RFC 3339") {
  CHECK(parse_timestamp("2026-11-21T12:00:00Z") == noon);
  CHECK(parse_timestamp("2026-11-21T12:00:00.123456Z") == noon);
  CHECK(parse_timestamp("2026-11-21T13:30:00+01:30") == noon);
  CHECK(parse_timestamp("2026-11-21t07:00:00-05:00") == noon);
  for (const char* text :
       {"", "2026-11-21", "2026-13-21T12:00:00Z", "2026-11-21T12:00:00", "2026-11-21T12:00:00+0100"}) {
    CHECK_FALSE(parse_timestamp(text).has_value());
  }
}

TEST_CASE("what a server still lets through") {
  CHECK_FALSE(allowance_of({}, noon).has_value());
  CHECK_FALSE(allowance_of({{"x-ratelimit-remaining-requests", "many"}}, noon).has_value());
  CHECK(*allowance_of({{"x-ratelimit-remaining-requests", "3"}, {"x-ratelimit-reset-requests", "0.5"}}, noon) ==
        llm::Allowance{3, {}, {}, milliseconds(500), milliseconds(0)});
  // An epoch in milliseconds is no duration.
  CHECK(allowance_of({{"x-ratelimit-remaining-requests", "3"}, {"x-ratelimit-reset-requests", "1795262400000"}}, noon)
            ->requests_reset == milliseconds(0));
  CHECK(*allowance_of({{"anthropic-ratelimit-requests-remaining", "49"},
                       {"anthropic-ratelimit-requests-reset", "2026-11-21T12:00:01Z"},
                       {"anthropic-ratelimit-input-tokens-remaining", "1000"},
                       {"anthropic-ratelimit-input-tokens-reset", "2026-11-21T11:59:00Z"},
                       {"anthropic-ratelimit-output-tokens-remaining", "500"},
                       {"anthropic-ratelimit-output-tokens-reset", "2026-11-21T12:00:09Z"}},
                      noon) == llm::Allowance{49, 1000, 500, milliseconds(1000), milliseconds(9000)});
}

TEST_CASE("a key that stands twice is refused, in objects small and large") {
  for (int count = 1; count < 40; ++count) {
    std::string members;
    for (int i = 0; i < count; ++i) members += "\"k" + std::to_string(i) + "\":" + std::to_string(i) + ",";
    CHECK(parse_json_document("{" + members + "\"last\":{}}").has_value());
    for (int i = 0; i < count; ++i) {
      CHECK_FALSE(parse_json_document("{" + members + "\"k" + std::to_string(i) + "\":0}").has_value());
    }
  }
}

TEST_CASE("JSON with bytes that are not UTF-8 is refused wherever they stand") {
  // Truncated, overlong, a surrogate, beyond U+10FFFF, a lone continuation. @source{Unicode 15, table 3-7}
  for (const std::string bytes : {"\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\x80", "\xe2\x82"}) {
    for (const std::string& text :
         {"\"" + bytes + "\"", "{\"" + bytes + "\":1}", bytes, "[1]" + bytes, "\"a" + bytes}) {
      const auto parsed = parse_json_document(text);
      REQUIRE_FALSE(parsed.has_value());
      CHECK(parsed.error().message == "the document is not UTF-8");
    }
  }
}

TEST_CASE("base64 there and back") {
  // @source{RFC 4648, section 10}
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : vectors) {
    CHECK(base64(plain) == coded);
    CHECK(from_base64(coded) == plain);
  }
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  CHECK(from_base64(base64(all)) == all);
  for (const char* wrong : {"Z", "Zg=a", "Zm 9", "Zm9_"}) CHECK_FALSE(from_base64(wrong).has_value());
  CHECK(floats_from_base64("AADAPwAAAMA=") == std::vector<float>{1.5F, -2.0F});
  CHECK_FALSE(floats_from_base64("Zm9v").has_value());
}

TEST_CASE("names say where a provider is, and no password") {
  const char* usual = "https://api.openai.com/v1";
  CHECK(provider_name("openai", "https://api.openai.com/v1", usual) == "openai");
  CHECK(provider_name("openai", "https://api.openai.com/v1//", usual) == "openai");
  CHECK(provider_name("openai", "http://127.0.0.1:8080/v1", usual) == "openai@127.0.0.1:8080");
  CHECK(provider_name("openai", "https://me:secret@proxy.example/v1", usual) == "openai@proxy.example");
  CHECK(provider_name("openai", "https://other.example", usual) == "openai@other.example/");
  CHECK(provider_name("openai", "https://proxy.example/team-a/v1/", usual) == "openai@proxy.example/team-a/v1");
  CHECK(provider_name("azure", "https://mine.example", "") == "azure@mine.example");
  CHECK(path_segment("gpt-4o mini/ü?") == "gpt-4o%20mini%2F%C3%BC%3F");
}
