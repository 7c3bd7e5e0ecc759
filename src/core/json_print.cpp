//! Prints JSON trees.
#include <array>
#include <charconv>
#include <cmath>

#include "json_document.hpp"
#include "json_plain.hpp"
#include "utf8.hpp"

namespace persona {
namespace {

constexpr std::size_t json_line_width = 100;

bool json_is_scalar(const Json& json) {
  return !json.is_structured();
}

void json_print_escape(unsigned char c, std::string& out) {
  constexpr std::string_view hex = "0123456789abcdef";
  constexpr std::string_view short_escapes("btn\0fr", 6);  // of 8 .. 13; 11 has none
  out += '\\';
  if (c == '"' || c == '\\') {
    out += static_cast<char>(c);
  } else if (c >= 8 && c <= 13 && c != 11) {
    out += short_escapes[c - 8u];
  } else {
    out.append("u00") += hex[c >> 4];
    out += hex[c & 15];
  }
}

//! Whole runs of what needs no escape at a time.
void json_print_string(const std::string& text, std::string& out) {
  const std::size_t start = out.size();
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t plain = json_plain_run(std::string_view(text).substr(at));
    out.append(text, at, plain);
    if ((at += plain) == text.size()) break;
    const auto c = static_cast<unsigned char>(text[at]);
    if (c < 0x80) {
      json_print_escape(c, out);
      ++at;
    } else if (const std::size_t length = utf8_sequence(std::string_view(text).substr(at))) {
      out.append(text, at, length);
      at += length;
    } else {  // no UTF-8
      out.replace(start, std::string::npos, Json(text).dump(-1, ' ', false, Json::error_handler_t::replace));
      return;
    }
  }
  out += '"';
}

void json_print_scalar(const Json& json, std::string& out) {
  if (json.is_string()) return json_print_string(json.get_ref<const std::string&>(), out);
  if (!json.is_number_float()) {
    out += json.dump(-1, ' ', false, Json::error_handler_t::replace);
    return;
  }
  const double number = json.get<double>();
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  const std::string_view written(text.data(), static_cast<std::size_t>(end - text.data()));
  out += written;
  if (written.find_first_of(".e") == std::string_view::npos) out += ".0";  // stays a number with a point
}

void json_print_compact(const Json& json, std::string_view comma, std::string_view colon, std::string& out) {
  if (json_is_scalar(json)) return json_print_scalar(json, out);
  out += json.is_object() ? '{' : '[';
  bool first = true;
  for (const auto& item : json.items()) {
    if (!first) out += comma;
    first = false;
    if (json.is_object()) json_print_string(item.key(), out), out += colon;
    json_print_compact(item.value(), comma, colon, out);
  }
  out += json.is_object() ? '}' : ']';
}

//! Lists of scalars, and objects of scalars and such lists, may stand on one line.
bool json_is_flat(const Json& json, int levels = 2) {
  if (json_is_scalar(json)) return true;
  if (levels == 0) return false;
  for (const Json& item : json)
    if (!json_is_flat(item, levels - 1)) return false;
  return true;
}

void json_print_indented(const Json& json, std::size_t indent, std::string& out) {
  if (json_is_scalar(json)) return json_print_scalar(json, out);
  if (indent > 0 && json_is_flat(json)) {
    std::string line;
    json_print_compact(json, ", ", ": ", line);
    if (indent + line.size() <= json_line_width) {
      out += line;
      return;
    }
  }
  const std::string margin(indent + 2, ' ');
  out += json.is_object() ? '{' : '[';
  bool first = true;
  for (const auto& item : json.items()) {
    out += first ? "\n" : ",\n";
    first = false;
    out += margin;
    if (json.is_object()) json_print_string(item.key(), out), out += ": ";
    json_print_indented(item.value(), indent + 2, out);
  }
  out += '\n' + std::string(indent, ' ') + (json.is_object() ? '}' : ']');
}

}  // namespace

std::string print_json_document(const Json& json) {
  std::string out;
  json_print_indented(json, 0, out);
  return out + '\n';
}

std::string print_json_compact(const Json& json) {
  std::string out;
  out.reserve(512);
  json_print_compact(json, ",", ":", out);
  return out;
}

Json json_number(double number) {
  constexpr double exact = 9007199254740992.0;  // 2^53
  if (std::trunc(number) == number && std::fabs(number) < exact) return static_cast<std::int64_t>(number);
  return number;
}

}  // namespace persona
