//! DSPy files: predictors by dotted name, and the sidecar.
#include <persona/prompt/interchange.hpp>

#include "dspy_state.hpp"
#include "prompt/predictor_json.hpp"

#include <algorithm>
#include <utility>

namespace persona::prompt {
namespace {

struct DspyEntry {
  std::string name;
  const Json* state = nullptr;
  JsonPath path;
};

struct DspyTree {
  std::vector<DspyEntry> entries;
  bool is_bare = false;  // the state of one `dspy.Predict`, without a name
};

bool is_predictor_state(const Json& json) {
  return json.is_object() && (json.contains("signature") || json.contains("demos") ||
                              json.contains("extended_signature") || json.contains("signature_instructions"));
}

Result<DspyTree> dspy_tree(const Json& tree, std::vector<std::string>& notes) {
  if (!tree.is_object())
    return fail(Errc::invalid_argument, "a DSPy program is an object, not " + std::string(json_kind(tree)));
  if (tree.contains("persona_program"))
    return fail(Errc::invalid_argument, "this is a program of persona, not of DSPy", "/persona_program");
  DspyTree found;
  if (is_predictor_state(tree)) {
    found.entries.push_back({"predict", &tree, {}});
    found.is_bare = true;
    return found;
  }
  for (const auto& [name, state] : tree.items()) {
    if (name == "metadata") continue;
    const auto path = JsonPath() / name;
    if (is_predictor_state(state)) {
      found.entries.push_back({name, &state, path});
    } else if (state.is_object()) {
      notes.push_back(path.text() + ": left out, not the state of a predictor");
    } else {
      return fail(Errc::invalid_argument, "a predictor's state is an object, not " + std::string(json_kind(state)),
                  path.text());
    }
  }
  if (found.entries.empty()) return fail(Errc::invalid_argument, "there is no predictor in it");
  return found;
}

// Predictors that know their fields, filled from the state. Both must have the same names.
Result<ImportedPredictors> filled(const DspyTree& tree, std::vector<Predictor> known, std::vector<std::string> notes) {
  const bool is_alone = tree.is_bare && known.size() == 1;
  for (const DspyEntry& entry : tree.entries) {
    const auto same = [&](const Predictor& predictor) { return predictor.name == entry.name; };
    if (!is_alone && std::none_of(known.begin(), known.end(), same))
      return fail(Errc::invalid_argument, "there is no predictor '" + entry.name + "' in the program it is read for",
                  entry.path.text());
  }
  for (Predictor& predictor : known) {
    const auto entry = std::find_if(tree.entries.begin(), tree.entries.end(),
                                    [&](const DspyEntry& each) { return is_alone || each.name == predictor.name; });
    if (entry == tree.entries.end())
      return fail(Errc::invalid_argument, "there is no state of the predictor '" + predictor.name + "'",
                  (JsonPath() / predictor.name).text());
    if (const auto read = read_dspy_state(*entry->state, entry->path, predictor, notes); !read)
      return tl::unexpected(read.error());
  }
  return ImportedPredictors{std::move(known), std::move(notes)};
}

Result<Predictor> sidecar_predictor(const std::string& name, const Json& said) {
  const auto path = JsonPath() / "predictors" / name;
  if (!said.is_string()) {
    auto predictor = predictor_from(said, path);
    if (predictor) predictor->name = name;
    return predictor;
  }
  auto signature = parse_signature(said.get<std::string>());
  if (!signature) return fail(signature.error().code, signature.error().message, path.text());
  Predictor predictor{.name = name, .signature = *std::move(signature)};
  auto& outputs = predictor.signature.outputs;
  predictor.reasons = outputs.size() > 1 && outputs.front().name == "reasoning";
  if (predictor.reasons) outputs.erase(outputs.begin());
  return predictor;
}

Result<std::vector<Predictor>> read_sidecar(std::string_view sidecar) {
  const auto tree = parse_json_document(sidecar);
  if (!tree) return tl::unexpected(tree.error());
  const auto version = tree->is_object() ? tree->find("persona_dspy") : tree->end();
  if (!tree->is_object() || version == tree->end() || !tree->contains("predictors") ||
      !(*tree)["predictors"].is_object())
    return fail(Errc::invalid_argument, "a sidecar is an object with 'persona_dspy' and an object 'predictors'");
  if (*version != 1)
    return fail(Errc::unsupported, "this sidecar was written by a later version of persona", "/persona_dspy");
  std::vector<Predictor> predictors;
  for (const auto& [name, said] : (*tree)["predictors"].items()) {
    auto predictor = sidecar_predictor(name, said);
    if (!predictor) return tl::unexpected(predictor.error());
    predictors.push_back(*std::move(predictor));
  }
  return predictors;
}

Status check_names(const std::vector<Predictor>& predictors) {
  if (predictors.empty()) return fail(Errc::invalid_argument, "there is no predictor to write");
  for (const Predictor& predictor : predictors) {
    const auto same = [&](const Predictor& other) { return other.name == predictor.name; };
    if (predictor.name.empty() || predictor.name == "metadata")
      return fail(Errc::invalid_argument, "DSPy has no predictor called '" + predictor.name + "'");
    if (std::count_if(predictors.begin(), predictors.end(), same) > 1)
      return fail(Errc::invalid_argument, "two predictors are called '" + predictor.name + "'");
    for (const Demo& demo : predictor.demos)
      if (demo.fields.contains("augmented"))
        return fail(Errc::invalid_argument,
                    "predictor '" + predictor.name + "': DSPy keeps a mark of its own in a demo's field 'augmented'");
  }
  return {};
}

}  // namespace

Result<ImportedPredictors> from_dspy(std::string_view state, std::string_view sidecar) {
  std::vector<std::string> notes;
  const auto tree = parse_json_document(state);
  if (!tree) return tl::unexpected(tree.error());
  const auto found = dspy_tree(*tree, notes);
  if (!found) return tl::unexpected(found.error());
  if (!sidecar.empty()) {
    auto known = read_sidecar(sidecar);
    if (!known) {
      known.error().message = "sidecar: " + known.error().message;
      return tl::unexpected(known.error());
    }
    return filled(*found, *std::move(known), std::move(notes));
  }
  std::vector<Predictor> guessed;
  for (const DspyEntry& entry : found->entries) {
    auto predictor = guess_dspy_predictor(*entry.state, entry.path, notes);
    if (!predictor) return tl::unexpected(predictor.error());
    predictor->name = entry.name;
    guessed.push_back(*std::move(predictor));
  }
  return filled(*found, std::move(guessed), std::move(notes));
}

Result<ImportedPredictors> from_dspy(std::string_view state, std::vector<Predictor> known) {
  std::vector<std::string> notes;
  const auto tree = parse_json_document(state);
  if (!tree) return tl::unexpected(tree.error());
  const auto found = dspy_tree(*tree, notes);
  if (!found) return tl::unexpected(found.error());
  return filled(*found, std::move(known), std::move(notes));
}

Result<DspyFiles> to_dspy(const std::vector<Predictor>& predictors) {
  if (const auto right = check_names(predictors); !right) return tl::unexpected(right.error());
  const Predictor& first = predictors.front();
  const bool is_bare = predictors.size() == 1 && first.name == "predict" && !first.reasons;
  Json state = is_bare ? dspy_state_of(first) : Json::object();
  Json roles = Json::object();
  for (const Predictor& predictor : predictors) {
    if (!is_bare) state[predictor.name] = dspy_state_of(predictor);
    Json said = json_of(predictor);
    said.erase("name");
    said.erase("demos");
    roles[predictor.name] = std::move(said);
  }
  state["metadata"] = {{"dependency_versions", Json::object()}};  // DSPy looks for it
  return DspyFiles{print_json_document(state),
                   print_json_document({{"persona_dspy", 1}, {"predictors", std::move(roles)}})};
}

}  // namespace persona::prompt
