//! Votes of the nearest examples.
#include "offline_vote.hpp"

#include "labelled_text.hpp"
#include "nearest.hpp"
#include "schema_sample.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace persona::llm {
namespace {

std::vector<Neighbour> neighbours_of(const PromptReading& reading, std::size_t count) {
  std::vector<std::string_view> inputs;
  inputs.reserve(reading.examples.size());
  for (const PromptExample& example : reading.examples) inputs.push_back(example.input);
  return nearest(inputs, reading.query, count);
}

//! Weighs answers; of equal ones the first wins.
class Ballot {
 public:
  void add(const std::string& answer, double weight) {
    const auto [at, is_new] = places_.emplace(answer, answers_.size());
    if (is_new) answers_.push_back({answer, 0});
    answers_[at->second].second += weight;
  }
  bool empty() const { return answers_.empty(); }
  const std::string& winner() const {
    const auto less = [](const auto& a, const auto& b) { return a.second < b.second; };
    return std::max_element(answers_.begin(), answers_.end(), less)->first;
  }

 private:
  std::vector<std::pair<std::string, double>> answers_;
  std::unordered_map<std::string, std::size_t> places_;
};

std::string label_key(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c == '_' ? ' ' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

//! A bare value as the property wants it: JSON where it is not text.
Json bare_value(const Json& property, std::string_view text) {
  const bool is_text = property.is_object() && property.value("type", Json("string")) == Json("string");
  if (!is_text) {
    if (auto parsed = parse_json_document(text)) return std::move(*parsed);
  }
  return std::string(text);
}

//! An example's answer as a document of the schema, as far as it can be read as one.
Json answered_document(const PromptExample& example, const Json& root, const Json& properties) {
  const std::string_view text = example.fields.size() == 1 ? example.fields[0].second : example.output;
  if (auto parsed = parse_json_document(text); parsed && parsed->is_object()) return std::move(*parsed);
  Json document = Json::object();
  for (const auto& [name, property] : properties.items()) {
    const auto same = [key = label_key(name)](const auto& field) { return label_key(field.first) == key; };
    const auto found = std::find_if(example.fields.begin(), example.fields.end(), same);
    if (found != example.fields.end()) {
      document[name] = bare_value(follow_reference(root, property), found->second);
    } else if (properties.size() == 1) {
      document[name] = bare_value(follow_reference(root, property), text);
    }
  }
  return document;
}

}  // namespace

std::string vote_text(const PromptReading& reading, std::size_t neighbours) {
  Ballot ballot;
  for (const Neighbour& each : neighbours_of(reading, neighbours)) {
    ballot.add(reading.examples[each.index].output, each.weight);
  }
  return ballot.winner();
}

Json vote_document(const PromptReading& reading, std::size_t neighbours, const Json& schema, std::uint64_t seed) {
  const Json& shape = follow_reference(schema, schema);
  const Json properties = shape.is_object() ? shape.value("properties", Json::object()) : Json::object();
  std::vector<std::pair<Json, double>> documents;
  for (const Neighbour& each : neighbours_of(reading, neighbours)) {
    documents.emplace_back(answered_document(reading.examples[each.index], schema, properties), each.weight);
  }
  const Json made_up = sample_schema(schema, seed);
  const Json required = shape.is_object() ? shape.value("required", Json::array()) : Json::array();
  Json voted = Json::object();
  for (const auto& [name, property] : properties.items()) {
    Ballot ballot;
    for (const auto& [document, weight] : documents) {
      if (document.contains(name)) ballot.add(print_json_compact(document[name]), weight);
    }
    if (!ballot.empty()) {
      voted[name] = Json::parse(ballot.winner());
    } else if (std::find(required.begin(), required.end(), Json(name)) != required.end()) {
      voted[name] = made_up.is_object() ? made_up.value(name, Json(nullptr)) : Json(nullptr);
    }
  }
  return properties.empty() ? made_up : voted;
}

Json mended(Json document, const Json& with, const std::vector<SchemaIssue>& issues) {
  if (!document.is_object() || !with.is_object()) return with;
  Json mended = Json::object();
  for (const auto& [name, value] : document.items()) {
    const std::string place = (JsonPath() / name).text();
    const auto is_here = [&](const SchemaIssue& issue) { return (issue.path + '/').starts_with(place + '/'); };
    if (std::none_of(issues.begin(), issues.end(), is_here))
      mended[name] = value;
    else if (with.contains(name))
      mended[name] = with[name];
  }
  const bool lacks =
      std::any_of(issues.begin(), issues.end(), [](const SchemaIssue& each) { return each.path.empty(); });
  for (const auto& [name, value] : with.items())
    if (lacks && !mended.contains(name)) mended[name] = value;
  return mended;
}

}  // namespace persona::llm
