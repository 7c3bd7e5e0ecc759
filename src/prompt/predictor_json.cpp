//! Predictors as JSON trees.
#include "predictor_json.hpp"

#include "fields_json.hpp"

#include <array>
#include <utility>

namespace persona::prompt {
namespace {

constexpr std::array<std::pair<FieldType, std::string_view>, 7> field_types{{{FieldType::text, "text"},
                                                                             {FieldType::whole_number, "whole_number"},
                                                                             {FieldType::number, "number"},
                                                                             {FieldType::yes_no, "yes_no"},
                                                                             {FieldType::choice, "choice"},
                                                                             {FieldType::list, "list"},
                                                                             {FieldType::object, "object"}}};
constexpr std::array<std::pair<Format, std::string_view>, 3> formats{
    {{Format::chat, "chat"}, {Format::json, "json"}, {Format::plain, "plain"}}};

template <class Table, class T>
std::string_view name_in(const Table& table, T value) {
  for (const auto& [each, name] : table) {
    if (each == value) return name;
  }
  return table.front().second;
}

template <class Table, class T>
Status value_in(const Table& table, const Json& json, const JsonPath& path, T& value) {
  for (const auto& [each, name] : table) {
    if (json == name) {
      value = each;
      return {};
    }
  }
  return fail(Errc::invalid_argument, "'" + std::string(path.last()) + "' is none of what it can be", path.text());
}

Json json_of_field(const Field& field) {
  Json json = {{"name", field.name}, {"type", name_in(field_types, field.type)}};
  if (!field.description.empty()) json["description"] = field.description;
  if (!field.label.empty()) json["label"] = field.label;
  if (!field.choices.empty()) json["choices"] = field.choices;
  return json;
}

Json json_of_fields(const std::vector<Field>& fields) {
  Json list = Json::array();
  for (const Field& field : fields) list.push_back(json_of_field(field));
  return list;
}

tl::unexpected<Error> misfit(const JsonPath& path, std::string_view wanted) {
  return fail(Errc::invalid_argument, "'" + std::string(path.last()) + "' must be " + std::string(wanted), path.text());
}

Status read_text(const Json& json, const JsonPath& path, std::string_view name, std::string& text) {
  const auto found = json.find(name);
  if (found == json.end() || found->is_null()) return {};
  if (!found->is_string()) return misfit(path / name, "text");
  text = found->get<std::string>();
  return {};
}

Result<Field> field_from(const Json& json, const JsonPath& path) {
  if (!json.is_object() || !json.contains("name")) return misfit(path, "an object with a name");
  Field field;
  for (const auto& [name, text] : {std::pair{"name", &field.name}, std::pair{"description", &field.description},
                                   std::pair{"label", &field.label}}) {
    if (const auto read = read_text(json, path, name, *text); !read) return tl::unexpected(read.error());
  }
  if (const auto type = json.find("type"); type != json.end()) {
    if (const auto read = value_in(field_types, *type, path / "type", field.type); !read)
      return tl::unexpected(read.error());
  }
  if (const auto choices = json.find("choices"); choices != json.end()) {
    if (!choices->is_array()) return misfit(path / "choices", "a list of texts");
    for (const Json& choice : *choices) {
      if (!choice.is_string()) return misfit(path / "choices", "a list of texts");
      field.choices.push_back(choice.get<std::string>());
    }
  }
  return field;
}

Status read_fields(const Json& json, const JsonPath& path, std::string_view name, std::vector<Field>& fields) {
  const auto found = json.find(name);
  if (found == json.end() || !found->is_array()) return misfit(path / name, "a list of fields");
  for (std::size_t i = 0; i < found->size(); ++i) {
    auto field = field_from((*found)[i], path / name / i);
    if (!field) return tl::unexpected(field.error());
    fields.push_back(*std::move(field));
  }
  return {};
}

Status read_demos(const Json& json, const JsonPath& path, std::vector<Demo>& demos) {
  const auto list = json.find("demos");
  if (list == json.end()) return {};
  if (!list->is_array()) return misfit(path / "demos", "a list");
  for (std::size_t i = 0; i < list->size(); ++i) {
    const Json& item = (*list)[i];
    const auto at = path / "demos" / i;
    if (!item.is_object() || !item.contains("fields")) return misfit(at, "an object with fields");
    auto fields = fields_from(item["fields"], (at / "fields").text());
    if (!fields) return tl::unexpected(fields.error());
    const auto augmented = item.find("augmented");
    demos.push_back({*std::move(fields), augmented != item.end() && *augmented == true});
  }
  return {};
}

Status read_options(const Json& json, const JsonPath& path, Predictor& predictor) {
  if (const auto reasons = json.find("reasons"); reasons != json.end()) {
    if (!reasons->is_boolean()) return misfit(path / "reasons", "true or false");
    predictor.reasons = reasons->get<bool>();
  }
  if (const auto format = json.find("format"); format != json.end()) {
    if (const auto read = value_in(formats, *format, path / "format", predictor.format); !read) return read;
  }
  if (const auto temperature = json.find("temperature"); temperature != json.end()) {
    if (!temperature->is_number() && !temperature->is_null()) return misfit(path / "temperature", "a number or null");
    predictor.temperature = temperature->is_null() ? std::nullopt : std::optional(temperature->get<double>());
  }
  if (const auto most = json.find("max_output_tokens"); most != json.end() && !most->is_null()) {
    if (!most->is_number_integer()) return misfit(path / "max_output_tokens", "a whole number");
    predictor.max_output_tokens = most->get<std::int64_t>();
  }
  return {};
}

}  // namespace

Json json_of(const Signature& signature) {
  return {{"instructions", signature.instructions},
          {"inputs", json_of_fields(signature.inputs)},
          {"outputs", json_of_fields(signature.outputs)}};
}

Json json_of(const Predictor& predictor) {
  Json demos = Json::array();
  for (const Demo& demo : predictor.demos) {
    Json item = {{"fields", json_of(demo.fields)}};
    if (demo.augmented) item["augmented"] = true;
    demos.push_back(std::move(item));
  }
  Json json = {{"name", predictor.name}, {"signature", json_of(predictor.signature)}, {"demos", std::move(demos)}};
  json["reasons"] = predictor.reasons;
  json["format"] = name_in(formats, predictor.format);
  json["temperature"] = predictor.temperature ? json_number(*predictor.temperature) : Json(nullptr);
  if (predictor.max_output_tokens) json["max_output_tokens"] = *predictor.max_output_tokens;
  return json;
}

Result<Predictor> predictor_from(const Json& json, const JsonPath& path) {
  if (!json.is_object()) return misfit(path, "an object");
  Predictor predictor;
  if (const auto read = read_text(json, path, "name", predictor.name); !read) return tl::unexpected(read.error());
  const auto signature = json.find("signature");
  if (signature == json.end() || !signature->is_object()) return misfit(path / "signature", "an object");
  const auto at = path / "signature";
  Signature& into = predictor.signature;
  for (const auto& read :
       {read_text(*signature, at, "instructions", into.instructions),
        read_fields(*signature, at, "inputs", into.inputs), read_fields(*signature, at, "outputs", into.outputs),
        read_demos(json, path, predictor.demos), read_options(json, path, predictor)}) {
    if (!read) return tl::unexpected(read.error());
  }
  return predictor;
}

}  // namespace persona::prompt
