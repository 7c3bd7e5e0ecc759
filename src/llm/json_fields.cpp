//! Reads the members of JSON objects; the first that is wrong is the error.
#include "json_fields.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace persona::llm {

JsonPath JsonPlace::path() const {
  if (parent == nullptr) return {};
  return key.empty() ? parent->path() / index : parent->path() / key;
}

JsonFields::JsonFields(const Json& json, const JsonPlace& place, Status& status)
    : json_(json), place_(place), status_(status) {
  if (status_ && !json.is_object()) wrong(place, fmt::format("must be an object, is {}", json_kind(json)));
}

bool JsonFields::wrong(const JsonPlace& place, const std::string& message) {
  const JsonPath path = place.path();
  const std::string name = path.text().empty() ? "the document" : fmt::format("'{}'", path.last());
  if (status_) status_ = fail(Errc::invalid_argument, name + " " + message, path.text());
  return false;
}

const Json* JsonFields::find(std::string_view key) {
  if (!status_) return nullptr;
  asked_.push_back(key);
  const auto found = json_.find(key);
  if (found == json_.end()) return nullptr;
  ++found_;
  return &*found;
}

void JsonFields::read(std::string_view key, std::string& out) {
  const Json* json = find(key);
  if (json == nullptr) return;
  if (json->is_string())
    out = json->get_ref<const std::string&>();
  else
    wrong(at(key), fmt::format("must be text, is {}", json_kind(*json)));
}

void JsonFields::read(std::string_view key, bool& out) {
  const Json* json = find(key);
  if (json == nullptr) return;
  if (json->is_boolean())
    out = json->get<bool>();
  else
    wrong(at(key), fmt::format("must be true or false, is {}", json_kind(*json)));
}

void JsonFields::read(std::string_view key, double& out) {
  const Json* json = find(key);
  if (json == nullptr) return;
  if (json->is_number())
    out = json->get<double>();
  else
    wrong(at(key), fmt::format("must be a number, is {}", json_kind(*json)));
}

void JsonFields::read(std::string_view key, std::int64_t& out) {
  const Json* json = find(key);
  if (json == nullptr) return;
  if (json->is_number_integer() && !(json->is_number_unsigned() && json->get<std::uint64_t>() > INT64_MAX)) {
    out = json->get<std::int64_t>();
    return;
  }
  if (json->is_string()) {  // what a double cannot hold is written as text
    const auto& text = json->get_ref<const std::string&>();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error == std::errc() && end == text.data() + text.size()) return;
  }
  wrong(at(key), "must be a whole number");
}

void JsonFields::read(std::string_view key, std::vector<std::string>& out) {
  each(key, out, [this](const Json& json, const JsonPlace& place, Status&, std::string& item) {
    if (json.is_string())
      item = json.get_ref<const std::string&>();
    else
      wrong(place, fmt::format("must be text, is {}", json_kind(json)));
  });
}

void JsonFields::finish() {
  if (!status_ || found_ == json_.size()) return;
  for (const auto& member : json_.items())
    if (std::ranges::find(asked_, member.key()) == asked_.end()) {
      wrong(at(member.key()), "is not known here");
      return;
    }
}

std::optional<std::string> bytes_of_base64(std::string_view text) {
  if (text.size() % 4 != 0) return {};
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  unsigned group = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    unsigned value = 0;
    if (c >= 'A' && c <= 'Z')
      value = static_cast<unsigned>(c - 'A');
    else if (c >= 'a' && c <= 'z')
      value = static_cast<unsigned>(c - 'a' + 26);
    else if (c >= '0' && c <= '9')
      value = static_cast<unsigned>(c - '0' + 52);
    else if (c == '+' || c == '/')
      value = c == '+' ? 62 : 63;
    else if (i < text.size() - padding)
      return {};
    group = group << 6 | value;
    if (i % 4 != 3) continue;
    for (const int shift : {16, 8, 0}) bytes += static_cast<char>(group >> shift & 255);
  }
  bytes.resize(bytes.size() - padding);
  return bytes;
}

}  // namespace persona::llm
