//! The outputs in a model's answer.
#include <persona/llm/structured.hpp>
#include <persona/prompt/predictor.hpp>

#include "core/text.hpp"
#include "fields_json.hpp"
#include "wording.hpp"

#include <map>
#include <optional>
#include <utility>

namespace persona::prompt {
namespace {

using Sections = std::map<std::string, std::string, std::less<>>;

std::string_view without_space(std::string_view text) {
  const auto from = text.find_first_not_of(" \t\r\n");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

// "[[ ## name ## ]]" at the beginning of a line.
std::optional<std::string_view> chat_heading(std::string_view line) {
  line = without_space(line);
  if (!line.starts_with("[[") || line.find("]]") == std::string_view::npos) return {};
  auto inside = without_space(line.substr(2, line.find("]]") - 2));
  while (inside.starts_with('#')) inside.remove_prefix(1);
  while (inside.ends_with('#')) inside.remove_suffix(1);
  return without_space(inside);
}

// "Label: value" at the beginning of a line, for one of the labels.
std::optional<std::pair<std::string_view, std::string_view>> plain_heading(const Predictor& predictor,
                                                                           std::string_view line) {
  for (const Field& field : written_fields(predictor)) {
    const std::string label = label_of(field) + ":";
    if (line.starts_with(label)) return std::pair(line.substr(0, label.size() - 1), line.substr(label.size()));
  }
  return {};
}

Sections sections_of(const Predictor& predictor, std::string_view text) {
  Sections sections;
  std::string* open = nullptr;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (predictor.format != Format::plain) {
      if (const auto name = chat_heading(line)) {
        open = sections.contains(*name) ? nullptr : &sections[std::string(*name)];
        if (open != nullptr) *open = without_space(line.substr(line.find("]]") + 2));
        continue;
      }
    } else if (const auto found = plain_heading(predictor, line)) {
      for (const Field& field : written_fields(predictor)) {
        if (label_of(field) == found->first) open = &sections[field.name];
      }
      *open = found->second;
      continue;
    }
    if (open != nullptr) open->append("\n").append(line);
  }
  return sections;
}

Result<Fields> typed(const Predictor& predictor, const Sections& sections) {
  Fields outputs;
  for (const Field& field : written_fields(predictor)) {
    const auto section = sections.find(field.name);
    if (section == sections.end()) {
      if (field.name == "reasoning" && predictor.reasons) continue;  // its lack does no harm
      return fail(Errc::invalid_output, "the answer has no field '" + field.name + "'");
    }
    auto value = read_value(field, section->second);
    if (!value) return tl::unexpected(value.error());
    outputs.emplace(field.name, *std::move(value));
  }
  return outputs;
}

std::optional<Sections> json_sections(std::string_view text) {
  const auto object = parse_json_document(llm::find_json(text));
  if (!object || !object->is_object()) return {};
  Sections sections;
  for (const auto& [name, value] : object->items()) sections.emplace(name, to_text(field_value(value)));
  return sections;
}

bool names_an_output(const Predictor& predictor, const Sections& sections) {
  for (const Field& field : predictor.signature.outputs) {
    if (sections.contains(field.name)) return true;
  }
  return false;
}

}  // namespace

Result<Fields> read_reply(const Predictor& predictor, const llm::Reply& reply) {
  if (reply.finish == llm::Finish::refusal || reply.finish == llm::Finish::content_filter) {
    return fail(Errc::refused,
                "predictor '" + predictor.name + "': the model refused: " + shortened(reply.refusal, 200));
  }
  Sections sections;
  if (predictor.format == Format::json) {
    sections = json_sections(reply.json.empty() ? reply.text : reply.json).value_or(Sections());
  } else {
    sections = sections_of(predictor, reply.text);
    if (!names_an_output(predictor, sections)) {
      if (auto object = json_sections(reply.text); object && names_an_output(predictor, *object)) {
        sections = *std::move(object);
      } else if (predictor.signature.outputs.size() == 1 && !predictor.reasons) {
        sections = {{predictor.signature.outputs.front().name, std::string(without_space(reply.text))}};
      }
    }
  }
  auto outputs = typed(predictor, sections);
  if (!outputs && reply.finish == llm::Finish::length) {
    return fail(Errc::truncated, "predictor '" + predictor.name + "': the answer was cut off");
  }
  if (!outputs) outputs.error().message = "predictor '" + predictor.name + "': " + outputs.error().message;
  return outputs;
}

}  // namespace persona::prompt
