//! Templates as predictors.
#include "chat_template.hpp"

#include "prompt/wording.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

namespace persona::prompt {
namespace {

std::string_view without_space(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) text.remove_suffix(1);
  return text;
}

std::vector<TemplateText> lines_of(const TemplateText& text) {
  std::vector<TemplateText> lines(1);
  for (const TemplatePiece& piece : text) {
    std::string_view rest = piece.text;
    for (auto end = rest.find('\n'); !piece.is_slot && end != std::string_view::npos; end = rest.find('\n')) {
      append_piece(lines.back(), {std::string(rest.substr(0, end)), false});
      lines.emplace_back();
      rest.remove_prefix(end + 1);
    }
    append_piece(lines.back(), {std::string(rest), piece.is_slot});
  }
  return lines;
}

bool is_blank(const TemplateText& line) {
  return std::all_of(line.begin(), line.end(),
                     [](const TemplatePiece& piece) { return !piece.is_slot && without_space(piece.text).empty(); });
}

// "Question" of a line "Question:", with nothing or one slot behind it.
std::optional<std::string> label_in(const TemplateText& line) {
  if (line.empty() || line.front().is_slot) return {};
  auto text = without_space(line.front().text);
  if (!text.ends_with(':')) return {};
  text = without_space(text.substr(0, text.size() - 1));
  if (text.empty() || text.size() > 60) return {};
  return std::string(text);
}

bool has_slot_at(const TemplateText& line, std::size_t place) {
  return line.size() > place && line[place].is_slot &&
         std::all_of(line.begin() + static_cast<std::ptrdiff_t>(place) + 1, line.end(),
                     [](const TemplatePiece& piece) { return !piece.is_slot && without_space(piece.text).empty(); });
}

std::string with_named_slots(const TemplateText& text) {
  std::string words;
  for (const TemplatePiece& piece : text) words += piece.is_slot ? "`" + piece.text + "`" : piece.text;
  return words;
}

Field labelled(std::string name, std::string label) {
  Field field{.name = std::move(name), .label = std::move(label)};
  if (label_of({.name = field.name}) == field.label) field.label.clear();
  return field;
}

// The last turn: words, then inputs under their labels, then the label of the answer.
struct Question {
  TemplateText words;
  std::vector<Field> inputs;
  std::string answer_label;
};

Question question_of(const TemplateText& text) {
  auto lines = lines_of(text);
  Question question;
  const auto drop_blank = [&] {
    while (!lines.empty() && is_blank(lines.back())) lines.pop_back();
  };
  drop_blank();
  if (!lines.empty() && lines.back().size() == 1)
    if (auto label = label_in(lines.back())) {
      question.answer_label = *label;
      lines.pop_back();
    }
  for (drop_blank(); !lines.empty(); drop_blank()) {
    const TemplateText& line = lines.back();
    auto label = label_in(line);
    if (label && has_slot_at(line, 1)) {
      question.inputs.insert(question.inputs.begin(), labelled(line[1].text, *label));
    } else if (has_slot_at(line, 0)) {
      const std::string name = line[0].text;
      std::string above;
      if (lines.size() > 1 && lines[lines.size() - 2].size() == 1)
        above = label_in(lines[lines.size() - 2]).value_or("");
      question.inputs.insert(question.inputs.begin(), labelled(name, above));
      if (!above.empty()) lines.pop_back();
    } else {
      break;
    }
    lines.pop_back();
  }
  for (const TemplateText& line : lines) {
    for (const TemplatePiece& piece : line) append_piece(question.words, piece);
    if (&line != &lines.back()) append_piece(question.words, {"\n", false});
  }
  return question;
}

// What stands at the slots if the text was made from the template.
std::optional<Fields> matched(const TemplateText& shape, std::string_view text) {
  Fields fields;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (!shape[i].is_slot) {
      if (!text.starts_with(shape[i].text)) return {};
      text.remove_prefix(shape[i].text.size());
      continue;
    }
    const bool is_last = i + 1 == shape.size();
    const auto end = is_last                ? text.size()
                     : shape[i + 1].is_slot ? std::string_view::npos
                                            : text.find(shape[i + 1].text);
    if (end == std::string_view::npos) return {};
    fields[shape[i].text] = std::string(text.substr(0, end));
    text.remove_prefix(end);
  }
  if (!text.empty()) return {};
  return fields;
}

void add_inputs(const TemplateText& text, std::vector<Field>& inputs) {
  for (const TemplatePiece& piece : text) {
    const auto same = [&](const Field& field) { return field.name == piece.text; };
    if (piece.is_slot && std::none_of(inputs.begin(), inputs.end(), same)) inputs.push_back({.name = piece.text});
  }
}

std::string name_of_label(std::string_view label) {
  std::string name;
  for (const char c : label) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0) {
      name += static_cast<char>(std::tolower(byte));
    } else if (c == ' ' && !name.empty()) {
      name += '_';
    } else {
      return {};
    }
  }
  return name.empty() || std::isdigit(static_cast<unsigned char>(name.front())) != 0 ? std::string() : name;
}

Field output_of(const std::string& label, std::string_view name, const std::vector<Field>& inputs) {
  std::string chosen = name.empty() ? name_of_label(label) : std::string(name);
  const auto is_taken = [&] {
    return chosen.empty() ||
           std::any_of(inputs.begin(), inputs.end(), [&](const Field& field) { return field.name == chosen; });
  };
  for (const char* other : {"answer", "output", "reply", "completion"})
    if (is_taken()) chosen = other;
  return labelled(chosen, label.empty() ? label_of({.name = chosen}) : label);
}

std::string plain_text(const TemplateText& text) {
  return text.empty() ? std::string() : text.front().text;
}

bool has_slots(const TemplateText& text) {
  return std::any_of(text.begin(), text.end(), [](const TemplatePiece& piece) { return piece.is_slot; });
}

// Pairs of turns between what the system says and the question.
Result<std::vector<Demo>> demos_of(const ChatTemplate& turns, const std::vector<std::size_t>& places,
                                   const std::string& output, const JsonPath& path) {
  std::vector<Demo> demos;
  for (std::size_t i = 0; i < turns.size(); i += 2) {
    const auto at = [&](std::size_t turn) { return (path / places[turn]).text(); };
    if (turns[i].role != llm::Role::user || i + 1 == turns.size() || turns[i + 1].role != llm::Role::assistant)
      return fail(Errc::unsupported, "examples before the question are turns of a user and an assistant", at(i));
    if (has_slots(turns[i].text) || has_slots(turns[i + 1].text))
      return fail(Errc::unsupported, "a turn with slots before the question", at(has_slots(turns[i].text) ? i : i + 1));
    demos.push_back({{{"", plain_text(turns[i].text)}, {output, plain_text(turns[i + 1].text)}}, false});
  }
  return demos;
}

}  // namespace

Result<Predictor> predictor_of(const ChatTemplate& chat, const JsonPath& path, std::vector<std::string>& notes,
                               std::string_view output) {
  Predictor predictor{.format = Format::plain};
  Signature& signature = predictor.signature;
  ChatTemplate talk;
  std::vector<std::size_t> places;
  const auto instruct = [&](const TemplateText& text) {
    const std::string words = with_named_slots(text);
    if (const auto trimmed = without_space(words); !trimmed.empty())
      signature.instructions.append(signature.instructions.empty() ? "" : "\n\n").append(trimmed);
  };
  for (std::size_t i = 0; i < chat.size(); ++i) {
    if (chat[i].role == llm::Role::system) {
      instruct(chat[i].text);
      add_inputs(chat[i].text, signature.inputs);
    } else {
      talk.push_back(chat[i]);
      places.push_back(i);
    }
  }
  if (talk.empty() || talk.back().role != llm::Role::user)
    return fail(Errc::unsupported, "the last turn must be the user's question",
                places.empty() ? path.text() : (path / places.back()).text());
  const TemplateTurn last = std::move(talk.back());
  talk.pop_back();
  const Question question = question_of(last.text);
  instruct(question.words);
  add_inputs(question.words, signature.inputs);
  for (const Field& field : question.inputs) {
    const auto same = [&](const Field& other) { return other.name == field.name; };
    if (std::none_of(signature.inputs.begin(), signature.inputs.end(), same)) signature.inputs.push_back(field);
  }
  if (signature.inputs.empty()) return fail(Errc::unsupported, "a prompt without a slot asks nothing", path.text());
  signature.outputs.push_back(output_of(question.answer_label, output, signature.inputs));
  auto demos = demos_of(talk, places, signature.outputs[0].name, path);
  if (!demos) return tl::unexpected(demos.error());
  for (std::size_t i = 0; i < demos->size(); ++i) {
    auto fields = matched(last.text, to_text((*demos)[i].fields[""]));
    if (!fields)
      return fail(Errc::unsupported, "this example has not the shape of the question at the end",
                  (path / places[2 * i]).text());
    fields->emplace(signature.outputs[0].name, (*demos)[i].fields[signature.outputs[0].name]);
    predictor.demos.push_back({*std::move(fields), false});
  }
  notes.push_back(path.text() + (path.text().empty() ? "" : ": ") + "read as \"" + to_string(signature) +
                  "\"; the words are kept as instructions, and sent in the form of a predictor");
  return predictor;
}

}  // namespace persona::prompt
