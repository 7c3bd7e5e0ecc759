//! How a predictor speaks to a model.
#include "wording.hpp"

#include "fields_json.hpp"

#include <cctype>

namespace persona::prompt {
namespace {

std::string type_words(const Field& field) {
  switch (field.type) {
    case FieldType::text: return "text";
    case FieldType::whole_number: return "whole number";
    case FieldType::number: return "number";
    case FieldType::yes_no: return "true or false";
    case FieldType::list: return "JSON list";
    case FieldType::object: return "JSON object";
    case FieldType::choice: break;
  }
  std::string words = "one of: ";
  for (const auto& choice : field.choices) words += (&choice == &field.choices.front() ? "" : "; ") + choice;
  return words;
}

std::string field_list(std::string_view heading, const std::vector<Field>& fields) {
  std::string text(heading);
  for (const Field& field : fields) {
    text += "\n- `" + field.name + "` (" + type_words(field) + ")";
    if (!field.description.empty()) text += ": " + field.description;
  }
  return text;
}

std::string chat_block(const Field& field, std::string_view value) {
  return "[[ ## " + field.name + " ## ]]\n" + std::string(value) + "\n\n";
}

std::string plain_block(const Field& field, std::string_view value) {
  return label_of(field) + ": " + std::string(value) + "\n";
}

std::string blocks(const Predictor& predictor, const std::vector<Field>& fields, const Fields& values) {
  std::string text;
  for (const Field& field : fields) {
    const auto value = values.find(field.name);
    if (value == values.end()) continue;
    const std::string shown = to_text(value->second);
    text += predictor.format == Format::plain ? plain_block(field, shown) : chat_block(field, shown);
  }
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

std::string names_of(const std::vector<Field>& fields) {
  std::string names;
  for (const Field& field : fields) names += (names.empty() ? "`" : ", `") + field.name + "`";
  return names;
}

std::string form_text(const Predictor& predictor) {
  const auto written = written_fields(predictor);
  if (predictor.format == Format::json)
    return "Answer with one JSON object that has the fields " + names_of(written) + ".";
  std::string form = "Answer in this form, each field under its heading:\n\n";
  if (predictor.format == Format::plain) {
    form = "Answer in this form:\n\n";
    for (const Field& field : written) form += plain_block(field, "{" + field.name + "}");
    form.pop_back();
    return form;
  }
  for (const Field& field : written) form += chat_block(field, "{" + field.name + "}");
  return form + "[[ ## completed ## ]]";
}

Json type_schema(const Field& field) {
  Json schema = Json::object();
  switch (field.type) {
    case FieldType::text: schema["type"] = "string"; break;
    case FieldType::whole_number: schema["type"] = "integer"; break;
    case FieldType::number: schema["type"] = "number"; break;
    case FieldType::yes_no: schema["type"] = "boolean"; break;
    case FieldType::list: schema["type"] = "array"; break;
    case FieldType::object: schema["type"] = "object"; break;
    case FieldType::choice:
      schema["type"] = "string";
      schema["enum"] = field.choices;
      break;
  }
  if (!field.description.empty()) schema["description"] = field.description;
  return schema;
}

}  // namespace

std::vector<Field> written_fields(const Predictor& predictor) {
  std::vector<Field> fields;
  if (predictor.reasons) fields.push_back({.name = "reasoning", .description = "the way to the answer, step by step"});
  fields.insert(fields.end(), predictor.signature.outputs.begin(), predictor.signature.outputs.end());
  return fields;
}

std::string label_of(const Field& field) {
  if (!field.label.empty()) return field.label;
  std::string label = field.name;
  bool starts = true;
  for (char& c : label) {
    if (c == '_') c = ' ';
    if (starts) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    starts = c == ' ';
  }
  return label;
}

std::string objective_text(const Signature& signature) {
  if (!signature.instructions.empty()) return signature.instructions;
  return "Given the fields " + names_of(signature.inputs) + ", produce the fields " + names_of(signature.outputs) + ".";
}

std::string system_text(const Predictor& predictor) {
  return field_list("You are given:", predictor.signature.inputs) + "\n\n" +
         field_list("You produce:", written_fields(predictor)) + "\n\n" + form_text(predictor) +
         "\n\nYour task: " + objective_text(predictor.signature);
}

std::string inputs_text(const Predictor& predictor, const Fields& inputs, std::string_view note) {
  std::string text;
  if (predictor.format == Format::json) {
    Json object = Json::object();
    for (const Field& field : predictor.signature.inputs) {
      if (const auto value = inputs.find(field.name); value != inputs.end())
        object[field.name] = json_of(value->second);
    }
    text = print_json_compact(object);
  } else {
    text = blocks(predictor, predictor.signature.inputs, inputs);
  }
  if (!note.empty()) text.append("\n\n").append(note);
  return text;
}

std::string outputs_text(const Predictor& predictor, const Fields& outputs) {
  const auto written = written_fields(predictor);
  if (predictor.format != Format::json) {
    const std::string text = blocks(predictor, written, outputs);
    return predictor.format == Format::plain ? text : text + "\n\n[[ ## completed ## ]]";
  }
  Json object = Json::object();
  for (const Field& field : written) {
    if (const auto value = outputs.find(field.name); value != outputs.end())
      object[field.name] = json_of(value->second);
  }
  return print_json_compact(object);
}

std::string outputs_schema(const Predictor& predictor) {
  Json properties = Json::object();
  Json required = Json::array();
  for (const Field& field : written_fields(predictor)) {
    properties[field.name] = type_schema(field);
    required.push_back(field.name);
  }
  const Json schema = {
      {"type", "object"}, {"properties", properties}, {"required", required}, {"additionalProperties", false}};
  return print_json_compact(schema);
}

}  // namespace persona::prompt
