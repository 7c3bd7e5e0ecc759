//! Reading and writing one predictor's state.
#include "dspy_state.hpp"

#include "prompt/fields_json.hpp"
#include "prompt/wording.hpp"

#include <array>
#include <cmath>
#include <utility>

namespace persona::prompt {
namespace {

void note_at(std::vector<std::string>& notes, const JsonPath& path, std::string_view what) {
  notes.push_back(path.text() + ": " + std::string(what));
}

std::string text_at(const Json& json, std::string_view name) {
  return json.at(std::string(name)).get<std::string>();
}

// What the file says replaces what is known, unless the file says what we would write.
void read_wording(const Json& saved, Field& field) {
  if (std::string prefix = text_at(saved, "prefix"); prefix != dspy_prefix(field)) {
    if (prefix.ends_with(':')) prefix.pop_back();
    field.label = prefix;
    if (label_of({.name = field.name}) == field.label) field.label.clear();
  }
  if (std::string description = text_at(saved, "description"); description != dspy_description(field)) {
    field.description = description == "${" + field.name + "}" ? std::string() : std::move(description);
  }
}

Status read_fields_of(const Json& saved, const JsonPath& path, Predictor& predictor, std::vector<std::string>& notes) {
  const auto known = dspy_fields(predictor);
  if (saved.size() != known.size()) {
    std::string names;
    for (const Field& field : known) names += (names.empty() ? "'" : ", '") + field.name + "'";
    return fail(Errc::invalid_argument,
                "predictor '" + predictor.name + "' has the fields " + names + ": " + std::to_string(known.size()) +
                    ", not " + std::to_string(saved.size()),
                path.text());
  }
  std::size_t at = 0;
  for (Field& field : predictor.signature.inputs) read_wording(saved[at++], field);
  if (predictor.reasons) {
    Field reasoning{.name = "reasoning"};
    read_wording(saved[at], reasoning);
    if (reasoning != Field{.name = "reasoning"})
      note_at(notes, path / at, "the wording of `reasoning` is left out: it has one of its own here");
    ++at;
  }
  for (Field& field : predictor.signature.outputs) read_wording(saved[at++], field);
  return {};
}

Status read_demos_of(const Json& state, const JsonPath& path, Predictor& predictor) {
  const auto list = state.find("demos");
  if (list == state.end()) return {};
  if (!list->is_array()) return fail(Errc::invalid_argument, "'demos' must be a list", (path / "demos").text());
  predictor.demos.clear();
  for (std::size_t i = 0; i < list->size(); ++i) {
    Json demo = (*list)[i];
    bool augmented = false;
    if (demo.is_object()) {
      if (const auto flag = demo.find("augmented"); flag != demo.end() && flag->is_boolean()) {
        augmented = flag->get<bool>();
        demo.erase("augmented");
      }
    }
    auto fields = fields_from(demo, (path / "demos" / i).text());
    if (!fields) return tl::unexpected(fields.error());
    predictor.demos.push_back({*std::move(fields), augmented});
  }
  return {};
}

Status read_model_of(const Json& state, const JsonPath& path, Predictor& predictor, std::vector<std::string>& notes) {
  const auto lm = state.find("lm");
  if (lm == state.end() || lm->is_null()) return {};
  const auto at = path / "lm";
  if (!lm->is_object()) return fail(Errc::invalid_argument, "'lm' must be an object or null", at.text());
  if (const auto temperature = lm->find("temperature"); temperature != lm->end()) {
    if (!temperature->is_number() && !temperature->is_null())
      return fail(Errc::invalid_argument, "'temperature' must be a number", (at / "temperature").text());
    predictor.temperature = temperature->is_null() ? std::nullopt : std::optional(temperature->get<double>());
  }
  if (const auto most = lm->find("max_tokens"); most != lm->end() && !most->is_null()) {
    if (!most->is_number_integer())
      return fail(Errc::invalid_argument, "'max_tokens' must be a whole number", (at / "max_tokens").text());
    predictor.max_output_tokens = most->get<std::int64_t>();
  }
  const auto model = lm->find("model");
  if (model != lm->end() && model->is_string())
    note_at(notes, at, "the model '" + model->get<std::string>() + "' is left out: a program names none");
  return {};
}

void note_the_rest(const Json& state, const JsonPath& path, std::vector<std::string>& notes) {
  for (const auto& [name, value] : state.items()) {
    const bool is_known = name == "demos" || name == "signature" || name == "lm" || name == "metadata";
    if (!is_known && !value.empty()) note_at(notes, path / name, "left out: a predictor has no place for it");
  }
}

}  // namespace

std::vector<Field> dspy_fields(const Predictor& predictor) {
  std::vector<Field> fields = predictor.signature.inputs;
  if (predictor.reasons) fields.push_back({.name = "reasoning"});
  fields.insert(fields.end(), predictor.signature.outputs.begin(), predictor.signature.outputs.end());
  return fields;
}

std::string dspy_prefix(const Field& field) {
  return label_of(field) + ":";
}

std::string dspy_description(const Field& field) {
  return field.description.empty() ? "${" + field.name + "}" : field.description;
}

Status check_dspy_signature(const Json& state, const JsonPath& path) {
  for (const char* old : {"extended_signature", "extended_signature_instructions", "signature_instructions"}) {
    if (state.contains(old))
      return fail(Errc::unsupported, "saved by DSPy 2.5 or before: load and save it with 2.6 or later",
                  (path / old).text());
  }
  const auto signature = state.find("signature");
  const auto at = path / "signature";
  if (signature == state.end() || !signature->is_object())
    return fail(Errc::invalid_argument, "a predictor's state has an object 'signature'", at.text());
  const auto instructions = signature->find("instructions");
  if (instructions == signature->end() || !instructions->is_string())
    return fail(Errc::invalid_argument, "'instructions' must be text", (at / "instructions").text());
  const auto fields = signature->find("fields");
  if (fields == signature->end() || !fields->is_array())
    return fail(Errc::invalid_argument, "'fields' must be a list", (at / "fields").text());
  for (std::size_t i = 0; i < fields->size(); ++i) {
    for (const char* name : {"prefix", "description"}) {
      const Json& field = (*fields)[i];
      if (!field.is_object() || !field.contains(name) || !field[name].is_string())
        return fail(Errc::invalid_argument, "a field has a '" + std::string(name) + "', which is text",
                    (at / "fields" / i / name).text());
    }
  }
  return {};
}

Status read_dspy_state(const Json& state, const JsonPath& path, Predictor& predictor, std::vector<std::string>& notes) {
  const auto checked = check_dspy_signature(state, path);
  if (!checked) return checked;
  const Json& signature = state["signature"];
  const auto fields = read_fields_of(signature["fields"], path / "signature" / "fields", predictor, notes);
  if (!fields) return fields;
  if (std::string said = text_at(signature, "instructions"); said != objective_text(predictor.signature)) {
    predictor.signature.instructions.clear();
    if (said != objective_text(predictor.signature)) predictor.signature.instructions = std::move(said);
  }
  if (const auto read = read_demos_of(state, path, predictor); !read) return read;
  if (const auto read = read_model_of(state, path, predictor, notes); !read) return read;
  note_the_rest(state, path, notes);
  return {};
}

Json dspy_state_of(const Predictor& predictor) {
  Json demos = Json::array();
  for (const Demo& demo : predictor.demos) {
    Json item = Json::object();
    if (demo.augmented) item["augmented"] = true;
    for (const Field& field : dspy_fields(predictor))
      if (const auto value = demo.fields.find(field.name); value != demo.fields.end())
        item[field.name] = json_of(value->second);
    for (const auto& [name, value] : demo.fields) item[name] = json_of(value);
    demos.push_back(std::move(item));
  }
  Json fields = Json::array();
  for (const Field& field : dspy_fields(predictor))
    fields.push_back({{"prefix", dspy_prefix(field)}, {"description", dspy_description(field)}});
  return {{"traces", Json::array()},
          {"train", Json::array()},
          {"demos", std::move(demos)},
          {"signature", {{"instructions", objective_text(predictor.signature)}, {"fields", std::move(fields)}}},
          {"lm", nullptr}};
}

}  // namespace persona::prompt
