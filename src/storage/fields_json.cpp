//! What a table's columns cannot say of themselves, as JSON.
#include "storage/fields_json.hpp"

#include <array>
#include <memory>
#include <utility>

#include <nlohmann/json.hpp>

namespace persona {
namespace {

using FieldsJson = nlohmann::ordered_json;

constexpr std::array all_column_types = {ColumnType::float64, ColumnType::int32, ColumnType::int64,
                                         ColumnType::boolean, ColumnType::date,  ColumnType::category,
                                         ColumnType::text,    ColumnType::list};

FieldsJson field_to_json(const StoredField& stored) {
  const Field& field = stored.field;
  FieldsJson json = {{"name", field.name}, {"column", stored.column}, {"type", to_string(field.type)}};
  if (!field.unit.empty()) json["unit"] = field.unit;
  if (!field.description.empty()) json["description"] = field.description;
  if (field.decimals >= 0) json["decimals"] = field.decimals;
  if (field.ordered) json["ordered"] = true;
  if (field.type == ColumnType::category) json["code_bytes"] = field.code_bytes;
  if (field.labels) json["labels"] = *field.labels;
  return json;
}

StoredField field_from_json(const FieldsJson& json) {
  StoredField stored;
  Field& field = stored.field;
  field.name = json.at("name").get<std::string>();
  stored.column = json.at("column").get<std::string>();
  const auto type = json.at("type").get<std::string>();
  bool known = false;
  for (const ColumnType candidate : all_column_types)
    if (to_string(candidate) == type) field.type = candidate, known = true;
  if (!known) throw FieldsJson::other_error::create(501, "unknown type", nullptr);
  field.unit = json.value("unit", std::string());
  field.description = json.value("description", std::string());
  field.decimals = json.value("decimals", -1);
  field.ordered = json.value("ordered", false);
  field.code_bytes = json.value("code_bytes", 1);
  if (json.contains("labels"))
    field.labels = std::make_shared<const std::vector<std::string>>(json.at("labels").get<std::vector<std::string>>());
  const bool labelled = field.type == ColumnType::category || field.type == ColumnType::list;
  if (labelled && !field.labels) throw FieldsJson::other_error::create(501, "no labels", nullptr);
  return stored;
}

}  // namespace

std::string to_json(std::span<const StoredField> fields) {
  FieldsJson json = FieldsJson::array();
  for (const StoredField& field : fields) json.push_back(field_to_json(field));
  return json.dump();
}

Result<std::vector<StoredField>> parse_fields(std::string_view json) {
  try {
    std::vector<StoredField> fields;
    for (const FieldsJson& field : FieldsJson::parse(json)) fields.push_back(field_from_json(field));
    return fields;
  } catch (const FieldsJson::exception&) {
    return fail(Errc::corrupted, "the description of its columns is not what persona writes");
  }
}

std::string labels_to_json(std::span<const std::string> labels) {
  return FieldsJson(std::vector<std::string>(labels.begin(), labels.end())).dump();
}

Result<std::vector<std::string>> parse_labels(std::string_view json) {
  try {
    return FieldsJson::parse(json).get<std::vector<std::string>>();
  } catch (const FieldsJson::exception&) {
    return fail(Errc::corrupted, "not a list of labels");
  }
}

}  // namespace persona
