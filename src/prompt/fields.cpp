//! Named values as text and JSON.
#include "fields_json.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace persona::prompt {
namespace {

struct FieldPrinter {
  std::string operator()(std::monostate) const { return {}; }
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(double value) const {
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    return {text.data(), end};
  }
  std::string operator()(const std::string& value) const { return value; }
  std::string operator()(const JsonText& value) const { return value.text; }
};

struct FieldToJson {
  Json operator()(std::monostate) const { return nullptr; }
  Json operator()(const JsonText& value) const {
    auto tree = parse_json_document(value.text);
    return tree ? *std::move(tree) : Json(value.text);
  }
  template <class T>
  Json operator()(const T& value) const {
    return value;
  }
};

}  // namespace

std::string to_text(const FieldValue& value) {
  return std::visit(FieldPrinter{}, value);
}

Json json_of(const FieldValue& value) {
  return std::visit(FieldToJson{}, value);
}

Json json_of(const Fields& fields) {
  Json object = Json::object();
  for (const auto& [name, value] : fields) object[name] = json_of(value);
  return object;
}

FieldValue field_value(const Json& json) {
  switch (json.type()) {
    case Json::value_t::null: return std::monostate{};
    case Json::value_t::boolean: return json.get<bool>();
    case Json::value_t::number_integer: return json.get<std::int64_t>();
    case Json::value_t::number_unsigned: {
      const auto number = json.get<std::uint64_t>();
      if (number > static_cast<std::uint64_t>(INT64_MAX)) return static_cast<double>(number);
      return static_cast<std::int64_t>(number);
    }
    case Json::value_t::number_float: return json.get<double>();
    case Json::value_t::string: return json.get<std::string>();
    default: return JsonText{print_json_compact(json)};
  }
}

Result<Fields> fields_from(const Json& json, std::string path) {
  if (!json.is_object()) {
    return fail(Errc::invalid_argument, "fields are a JSON object, not " + std::string(json_kind(json)),
                std::move(path));
  }
  Fields fields;
  for (const auto& [name, value] : json.items()) fields.emplace(name, field_value(value));
  return fields;
}

std::string to_json(const Fields& fields) {
  return print_json_compact(json_of(fields));
}

Result<Fields> parse_fields(std::string_view json) {
  return parse_json_document(json).and_then([](const Json& tree) { return fields_from(tree); });
}

}  // namespace persona::prompt
