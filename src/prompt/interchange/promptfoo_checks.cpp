//! Assertions of promptfoo and metrics.
#include "promptfoo_checks.hpp"

#include "prompt/fields_json.hpp"
#include "prompt/wording.hpp"
#include "template_text.hpp"

#include <algorithm>
#include <array>

namespace persona::prompt {
namespace {

// The first of equal metrics is the one to write.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> assertion_kinds{{{"equals", "exact_match"},
                                                                                        {"icontains", "contains"},
                                                                                        {"contains", "contains"},
                                                                                        {"regex", "matches_pattern"},
                                                                                        {"bleu", "bleu"}}};

std::string_view metric_of_kind(std::string_view kind) {
  for (const auto& [each, metric] : assertion_kinds)
    if (each == kind) return metric;
  return {};
}

std::string js_text(std::string_view text) {
  return print_json_compact(std::string(text));
}

// JavaScript: the field's part of an answer, or the whole where the heading is not there.
std::string js_field(const Predictor& predictor, const Field& field) {
  const auto written = written_fields(predictor);
  const auto head = [&](const Field& each) {
    return predictor.format == Format::plain ? label_of(each) + ":" : "[[ ## " + each.name + " ## ]]";
  };
  std::string code = "(String(output).split(" + js_text(head(field)) + ")[1] ?? String(output))";
  if (predictor.format != Format::plain) return code + ".split(\"[[ ## \")[0].trim()";
  for (const Field& other : written)
    if (other.name != field.name) code += ".split(" + js_text("\n" + head(other)) + ")[0]";
  return code + ".trim()";
}

}  // namespace

Status AssertionReader::read(const Json& assertions, const JsonPath& path, Fields& values) {
  if (!assertions.is_array()) return fail(Errc::invalid_argument, "'assert' must be a list", path.text());
  for (std::size_t i = 0; i < assertions.size(); ++i) {
    const Json& assertion = assertions[i];
    const auto kind = assertion.is_object() ? assertion.find("type") : assertion.end();
    if (!assertion.is_object() || kind == assertion.end() || !kind->is_string())
      return fail(Errc::invalid_argument, "an assertion has a 'type'", (path / i / "type").text());
    const auto name = kind->get<std::string>();
    const auto metric = metric_of_kind(name);
    const Json value = assertion.value("value", Json());
    if (metric.empty() || value.is_null() || value.is_structured()) {
      leave(name, path / i);
      continue;
    }
    const auto text = value.is_string() ? read_double_braces(value.get<std::string>(), path / i / "value", "nunjucks")
                                        : Result<TemplateText>(TemplateText{});
    const bool is_literal =
        text && std::none_of(text->begin(), text->end(), [](const auto& piece) { return piece.is_slot; });
    if (text && text->size() == 1 && text->front().is_slot) {
      take(metric, text->front().text);
    } else if (is_literal && (!value.is_string() || !value.get_ref<const std::string&>().starts_with("file://"))) {
      const FieldValue expected =
          value.is_string() && !text->empty() ? FieldValue(text->front().text) : field_value(value);
      if (const auto [answer, is_new] = values.emplace("answer", expected); !is_new && answer->second != expected) {
        leave(name, path / i);
      } else {
        take(metric, "answer");
      }
    } else {
      leave(name, path / i);
    }
  }
  return {};
}

void AssertionReader::take(std::string_view metric, std::string_view field) {
  std::string name = std::string(metric) + "(" + std::string(field) + ")";
  if (std::find(metrics_.begin(), metrics_.end(), name) == metrics_.end()) metrics_.push_back(std::move(name));
  if (std::find(fields_.begin(), fields_.end(), field) == fields_.end()) fields_.emplace_back(field);
}

void AssertionReader::leave(const std::string& kind, const JsonPath& path) {
  ++left_.try_emplace(kind, 0, path.text()).first->second.first;
}

std::string AssertionReader::judged_field() const {
  return fields_.size() == 1 ? fields_.front() : std::string();
}

void AssertionReader::add_notes(std::vector<std::string>& notes) const {
  for (const auto& [kind, places] : left_)
    notes.push_back(places.second + ": an assertion '" + kind + "' is left out" +
                    (places.first > 1 ? ", the first of " + std::to_string(places.first) : ""));
}

Result<Json> assertion_of(std::string_view metric, const Predictor& predictor) {
  const auto open = metric.find('(');
  const auto name = metric.substr(0, open);
  const std::string field_name(open == std::string_view::npos ? std::string_view()
                                                              : metric.substr(open + 1, metric.size() - open - 2));
  const auto kind = std::find_if(assertion_kinds.begin(), assertion_kinds.end(),
                                 [&](const auto& each) { return each.second == name; });
  if (kind == assertion_kinds.end() || !metric.ends_with(')'))
    return fail(Errc::unsupported, "promptfoo has no assertion for '" + std::string(metric) +
                                       "': exact_match, contains, matches_pattern and bleu of a field have one");
  const auto written = written_fields(predictor);
  const auto field =
      std::find_if(written.begin(), written.end(), [&](const Field& each) { return each.name == field_name; });
  if (field == written.end())
    return fail(Errc::not_found, "predictor '" + predictor.name + "' has no output '" + field_name + "'");
  return Json{{"type", kind->first},
              {"value", nunjucks_of({{.text = field_name, .is_slot = true}})},
              {"transform", js_field(predictor, *field)}};
}

}  // namespace persona::prompt
