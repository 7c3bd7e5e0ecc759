//! Looks members up without throwing.
#include "llm/wire/fields.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace persona::llm::wire {
namespace {

const Json no_json = nullptr;

constexpr double largest_count = 9007199254740992.0;  // 2^53

}  // namespace

const Json& at(const Json& json, std::string_view key) {
  if (!json.is_object()) return no_json;
  for (const auto& [name, value] : json.get_ref<const Json::object_t&>()) {
    if (name == key) return value;
  }
  return no_json;
}

const Json& at(const Json& json, std::size_t index) {
  return json.is_array() && index < json.size() ? json[index] : no_json;
}

std::string_view text_at(const Json& json, std::string_view key) {
  const Json& value = at(json, key);
  return value.is_string() ? std::string_view(value.get_ref<const std::string&>()) : std::string_view();
}

std::optional<std::int64_t> count_if(const Json& json, std::string_view key) {
  const Json& value = at(json, key);
  if (!value.is_number()) return {};
  const double number = value.get<double>();
  if (!(number >= 0) || number > largest_count) return {};
  return static_cast<std::int64_t>(number);
}

std::int64_t count_at(const Json& json, std::string_view key) {
  return count_if(json, key).value_or(0);
}

void add(Json& object, std::string_view key, Json value) {
  object.emplace(std::string(key), std::move(value));
}

void merge(Json& body, const Json& extra) {
  if (!body.is_object() || !extra.is_object()) {
    body = extra;
    return;
  }
  for (const auto& [name, value] : extra.get_ref<const Json::object_t&>()) {
    const auto found = body.find(name);
    if (found == body.end()) {
      body.emplace(name, Json(value));
    } else {
      merge(found.value(), value);
    }
  }
}

Result<Json> parse(std::string_view text, std::string_view sender, std::size_t most_bytes) {
  auto json = parse_json_document(text, most_bytes);
  if (json) return json;
  return fail(Errc::invalid_output,
              fmt::format("{} sent something that is not its JSON: {}", sender, json.error().message),
              json.error().path);
}

}  // namespace persona::llm::wire
