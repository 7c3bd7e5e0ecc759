//! Fields of a DSPy signature where nothing beside the state tells them.
#include "dspy_state.hpp"

#include "prompt/fields_json.hpp"
#include "prompt/wording.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

namespace persona::prompt {
namespace {

bool is_identifier(std::string_view name) {
  return !name.empty() && std::isdigit(static_cast<unsigned char>(name.front())) == 0 &&
         std::all_of(name.begin(), name.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c >= 0x80; });
}

// "question" of "${question}", which DSPy writes where there is no description.
std::optional<std::string> name_in_description(std::string_view description) {
  if (!description.starts_with("${") || !description.ends_with('}')) return {};
  const auto name = description.substr(2, description.size() - 3);
  return is_identifier(name) ? std::optional<std::string>(name) : std::nullopt;
}

std::optional<std::string> name_in_demos(const Json& state, std::string_view prefix) {
  const auto demos = state.find("demos");
  if (demos == state.end() || !demos->is_array()) return {};
  for (const Json& demo : *demos) {
    if (!demo.is_object()) continue;
    for (const auto& [name, value] : demo.items())
      if (is_identifier(name) && dspy_prefix({.name = name}) == prefix) return name;
  }
  return {};
}

std::string name_of_prefix(std::string_view prefix) {
  std::string name;
  for (const char c : prefix) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || byte >= 0x80) {
      name += static_cast<char>(std::tolower(byte));
    } else if (!name.empty() && name.back() != '_') {
      name += '_';
    }
  }
  while (!name.empty() && name.back() == '_') name.pop_back();
  return name;
}

// Of the values in demos, where there are some and they agree.
FieldType type_in_demos(const Json& state, const std::string& name) {
  std::optional<FieldType> type;
  const auto demos = state.find("demos");
  if (demos == state.end() || !demos->is_array()) return FieldType::text;
  for (const Json& demo : *demos) {
    if (!demo.is_object() || !demo.contains(name) || demo[name].is_null()) continue;
    const Json& value = demo[name];
    const FieldType here = value.is_boolean()          ? FieldType::yes_no
                           : value.is_number_integer() ? FieldType::whole_number
                           : value.is_number()         ? FieldType::number
                           : value.is_array()          ? FieldType::list
                           : value.is_object()         ? FieldType::object
                                                       : FieldType::text;
    const auto is_numeric = [](FieldType t) { return t == FieldType::whole_number || t == FieldType::number; };
    if (!type || *type == here) {
      type = here;
    } else {
      type = is_numeric(*type) && is_numeric(here) ? FieldType::number : FieldType::text;
    }
    if (*type == FieldType::text) break;
  }
  return type.value_or(FieldType::text);
}

Result<std::vector<Field>> named_fields(const Json& state, const JsonPath& path) {
  std::vector<Field> fields;
  for (const Json& saved : state["signature"]["fields"]) {
    const auto at = path / "signature" / "fields" / fields.size();
    const auto prefix = saved["prefix"].get<std::string>();
    auto name = name_in_description(saved["description"].get<std::string>());
    if (!name) name = name_in_demos(state, prefix);
    if (!name) name = name_of_prefix(prefix);
    if (!is_identifier(*name))
      return fail(Errc::invalid_argument, "no name can be read from the prefix '" + prefix + "': a sidecar can tell it",
                  at.text());
    if (std::any_of(fields.begin(), fields.end(), [&](const Field& field) { return field.name == *name; }))
      return fail(Errc::invalid_argument, "two fields seem to be called '" + *name + "': a sidecar can tell them apart",
                  at.text());
    fields.push_back({.name = *name, .type = type_in_demos(state, *name)});
  }
  if (fields.size() < 2)
    return fail(Errc::invalid_argument, "a signature has an input and an output", (path / "signature/fields").text());
  return fields;
}

// How many of the fields the sentence that DSPy writes by default calls inputs; none where it is another.
std::optional<std::size_t> inputs_in_sentence(const std::vector<Field>& fields, std::string_view instructions) {
  for (std::size_t count = 1; count < fields.size(); ++count) {
    Signature signature;
    signature.inputs.assign(fields.begin(), fields.begin() + static_cast<std::ptrdiff_t>(count));
    for (std::size_t i = count; i < fields.size(); ++i)
      if (i > count || fields[i].name != "reasoning") signature.outputs.push_back(fields[i]);
    if (instructions.starts_with(objective_text(signature))) return count;
    signature.outputs.assign(fields.begin() + static_cast<std::ptrdiff_t>(count), fields.end());
    if (instructions.starts_with(objective_text(signature))) return count;
  }
  return {};
}

}  // namespace

Result<Predictor> guess_dspy_predictor(const Json& state, const JsonPath& path, std::vector<std::string>& notes) {
  if (const auto right = check_dspy_signature(state, path); !right) return tl::unexpected(right.error());
  auto fields = named_fields(state, path);
  if (!fields) return tl::unexpected(fields.error());
  const auto reasoning =
      std::find_if(fields->begin(), fields->end(), [](const Field& field) { return field.name == "reasoning"; });
  const auto place = static_cast<std::size_t>(reasoning - fields->begin());
  std::string why = "the instructions tell the inputs";
  auto inputs = inputs_in_sentence(*fields, state["signature"]["instructions"].get<std::string>());
  if (!inputs && place > 0 && place + 1 < fields->size()) {
    inputs = place;
    why = "what follows `reasoning` is taken for outputs";
  } else if (!inputs) {
    inputs = fields->size() - 1;
    why = "the last field alone is taken for an output";
  }
  Predictor predictor;
  Signature& signature = predictor.signature;
  for (std::size_t i = 0; i < fields->size(); ++i) {
    if (i == *inputs && i == place && place + 1 < fields->size()) {
      predictor.reasons = true;
    } else {
      (i < *inputs ? signature.inputs : signature.outputs).push_back(std::move((*fields)[i]));
    }
  }
  notes.push_back((path / "signature").text() + ": read as \"" + to_string(signature) + "\": " + why +
                  ", types are those of the demos, else text; a sidecar can tell");
  return predictor;
}

}  // namespace persona::prompt
