//! Samples of OpenAI evals.
#include <persona/prompt/interchange.hpp>

#include "prompt/fields_json.hpp"

#include <utility>

namespace persona::prompt {
namespace {

constexpr const char* evals_instructions = "instructions";
constexpr const char* evals_conversation = "conversation";
constexpr const char* evals_ideals = "ideals";

Status put_new(Json& fields, const std::string& name, Json value) {
  if (fields.contains(name)) return fail(Errc::invalid_argument, "two values for the field '" + name + "'", "/" + name);
  fields[name] = std::move(value);
  return {};
}

Status read_messages(const Json& input, const EvalsNames& names, Json& fields) {
  if (input.is_string()) return put_new(fields, names.question, input);
  const auto path = JsonPath() / "input";
  if (!input.is_array() || input.empty())
    return fail(Errc::invalid_argument, "'input' is text or a list of messages", path.text());
  std::string instructions;
  Json conversation = Json::array();
  for (std::size_t i = 0; i < input.size(); ++i) {
    const Json& message = input[i];
    if (!message.is_object() || !message.contains("role") || !message.contains("content"))
      return fail(Errc::invalid_argument, "a message has a 'role' and 'content'", (path / i).text());
    if (!message["content"].is_string())
      return fail(Errc::unsupported, "content that is not text", (path / i / "content").text());
    const Json& role = message["role"];
    if (i + 1 == input.size()) {
      if (role != "user" && input.size() > 1)
        return fail(Errc::unsupported, "the last message must be the user's", (path / i / "role").text());
      if (const auto put = put_new(fields, names.question, message["content"]); !put) return put;
    } else if ((role == "system" || role == "developer") && !message.contains("name") && conversation.empty()) {
      instructions += (instructions.empty() ? "" : "\n\n") + message["content"].get<std::string>();
    } else {
      conversation.push_back(message);
    }
  }
  if (!instructions.empty())
    if (const auto put = put_new(fields, evals_instructions, instructions); !put) return put;
  return conversation.empty() ? Status() : put_new(fields, evals_conversation, std::move(conversation));
}

Status read_ideal(const Json& ideal, const EvalsNames& names, Json& fields) {
  if (!ideal.is_array()) return put_new(fields, names.answer, ideal);
  if (ideal.empty()) return fail(Errc::invalid_argument, "'ideal' is an empty list", "/ideal");
  if (const auto put = put_new(fields, names.answer, ideal.front()); !put) return put;
  return ideal.size() == 1 ? Status() : put_new(fields, evals_ideals, ideal);
}

Result<Json> evals_fields(std::string_view line, const EvalsNames& names) {
  const auto sample = parse_json_document(line);
  if (!sample) return sample;
  if (!sample->is_object() || !sample->contains("input"))
    return fail(Errc::invalid_argument, "a sample is an object with an 'input'", "/input");
  Json fields = Json::object();
  for (const auto& [name, value] : sample->items())
    if (name != "input" && name != "ideal") fields[name] = value;
  if (const auto read = read_messages((*sample)["input"], names, fields); !read) return tl::unexpected(read.error());
  if (sample->contains("ideal"))
    if (const auto read = read_ideal((*sample)["ideal"], names, fields); !read) return tl::unexpected(read.error());
  return fields;
}

Json spoken(std::string_view role, Json content) {
  return {{"role", role}, {"content", std::move(content)}};
}

Json ideal_of(const Example& example, const std::string& answer) {
  if (const auto ideals = example.fields.find(evals_ideals); ideals != example.fields.end())
    return json_of(ideals->second);
  const auto value = example.fields.find(answer);
  return value == example.fields.end() ? Json() : Json(to_text(value->second));
}

void put_marks(const Example& example, Json& sample) {
  sample["id"] = example.id;
  if (example.weight != 1) sample["weight"] = json_number(example.weight);
  if (!example.segment.empty()) sample["segment"] = example.segment;
}

tl::unexpected<Error> of_example(const Example& example, std::string_view what) {
  return fail(Errc::invalid_argument, "example '" + example.id + "': " + std::string(what));
}

Result<Json> sample_of(const Example& example, const EvalsNames& names) {
  const auto question = example.fields.find(names.question);
  if (question == example.fields.end()) return of_example(example, "there is no field '" + names.question + "'");
  Json messages = Json::array();
  if (const auto said = example.fields.find(evals_instructions); said != example.fields.end())
    messages.push_back(spoken("system", to_text(said->second)));
  if (const auto talk = example.fields.find(evals_conversation); talk != example.fields.end()) {
    const Json turns = json_of(talk->second);
    if (!turns.is_array()) return of_example(example, "'conversation' is not a list of messages");
    for (const Json& turn : turns) messages.push_back(turn);
  }
  messages.push_back(spoken("user", to_text(question->second)));
  Json sample = {{"input", std::move(messages)}};
  if (Json ideal = ideal_of(example, names.answer); !ideal.is_null()) sample["ideal"] = std::move(ideal);
  put_marks(example, sample);
  for (const auto& [name, value] : example.fields) {
    if (name == names.question || name == names.answer || name == evals_instructions || name == evals_conversation ||
        name == evals_ideals)
      continue;
    if (sample.contains(name)) return of_example(example, "a sample has a '" + name + "' of its own");
    sample[name] = json_of(value);
  }
  return sample;
}

}  // namespace

Result<Dataset> from_openai_evals(std::string_view jsonl, const EvalsNames& names) {
  std::string lines;
  for (std::size_t line = 1; !jsonl.empty(); ++line) {
    const auto end = jsonl.find('\n');
    const auto text = jsonl.substr(0, end);
    jsonl.remove_prefix(end == std::string_view::npos ? jsonl.size() : end + 1);
    if (text.find_first_not_of(" \t\r") != std::string_view::npos) {
      const auto fields = evals_fields(text, names);
      if (!fields)
        return fail(fields.error().code, "line " + std::to_string(line) + ": " + fields.error().message,
                    fields.error().path);
      lines += print_json_compact(*fields);
    }
    lines += '\n';
  }
  return parse_jsonl(lines);
}

Result<std::string> to_openai_evals(const Dataset& data, const EvalsNames& names) {
  std::string lines;
  for (const Example& example : data) {
    const auto sample = sample_of(example, names);
    if (!sample) return tl::unexpected(sample.error());
    lines += print_json_compact(*sample) + "\n";
  }
  return lines;
}

Result<std::string> to_openai_evals(const Predictor& predictor, const Dataset& data) {
  if (predictor.signature.outputs.empty())
    return fail(Errc::invalid_argument, "predictor '" + predictor.name + "' has no output");
  std::string lines;
  for (const Example& example : data) {
    const auto request = render(predictor, example.fields);
    if (!request) return of_example(example, request.error().message);
    Json messages = Json::array();
    for (const auto& message : request->messages) messages.push_back(spoken(to_string(message.role), message.text()));
    Json sample = {{"input", std::move(messages)}};
    Json ideal = ideal_of(example, predictor.signature.outputs.back().name);
    if (!ideal.is_null()) sample["ideal"] = std::move(ideal);
    put_marks(example, sample);
    lines += print_json_compact(sample) + "\n";
  }
  return lines;
}

}  // namespace persona::prompt
