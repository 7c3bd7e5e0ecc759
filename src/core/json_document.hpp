//! JSON text to a tree and back, stricter and calmer than the library behind it.
#pragma once

#include <persona/core/result.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace persona {

using Json = nlohmann::ordered_json;  // keys stay in the order they were written

//! A JSON pointer that grows: `path / "cases" / 3`.
//! @source{RFC 6901}
class JsonPath {
 public:
  JsonPath() = default;
  JsonPath operator/(std::string_view key) const;
  JsonPath operator/(std::size_t index) const;
  const std::string& text() const { return text_; }
  std::string_view last() const { return std::string_view(text_).substr(text_.rfind('/') + 1); }  //!< for messages

 private:
  std::string text_;
};

//! @errors invalid_argument: not UTF-8, not JSON, more than `most_bytes`, nested deeper than 64, a key
//!   twice in one object, a number too large for a double
Result<Json> parse_json_document(std::string_view text, std::size_t most_bytes = std::size_t{8} << 20);

//! Indented by two, short lists on one line. Numbers are the shortest text that reads back equal,
//! whatever the version of any library: equal trees give equal bytes.
std::string print_json_document(const Json& json);

//! The same on one line without spaces.
std::string print_json_compact(const Json& json);

//! A whole number without a point, any other as it is.
Json json_number(double number);

//! "a number", "text", ... for messages.
std::string_view json_kind(const Json& json);

}  // namespace persona
