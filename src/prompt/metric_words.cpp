//! What metrics compare.
#include "metric_words.hpp"

#include "core/text.hpp"
#include "core/utf8.hpp"
#include "fields_json.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <utility>

namespace persona::prompt {

namespace {

// A list is one value each, anything else is one.
Result<std::vector<FieldValue>> references_in(const std::string& name, const Example& example) {
  const FieldValue& value = example.fields.find(name)->second;
  if (!std::holds_alternative<JsonText>(value)) return std::vector<FieldValue>{value};
  const Json list = json_of(value);
  if (!list.is_array()) return std::vector<FieldValue>{value};
  std::vector<FieldValue> references;
  for (const Json& each : list) references.push_back(field_value(each));
  if (references.empty()) {
    return fail(Errc::invalid_argument, "example '" + example.id + "': field '" + name + "' is an empty list");
  }
  return references;
}

}  // namespace

std::string JudgedField::named(std::string_view metric) const {
  return std::string(metric) + "(" + field + (references.empty() ? "" : ", " + references) + ")";
}

Result<Compared> compared(const JudgedField& judged, const Example& example, const Prediction& prediction) {
  const auto given = prediction.outputs.find(judged.field);
  Compared values{{}, given == prediction.outputs.end() ? FieldValue() : given->second};
  if (!judged.references.empty() && example.fields.contains(judged.references)) {
    auto references = references_in(judged.references, example);
    if (!references) return tl::unexpected(references.error());
    values.expected = *std::move(references);
    return values;
  }
  const auto expected = example.fields.find(judged.field);
  if (expected == example.fields.end()) {
    return fail(Errc::invalid_argument, "example '" + example.id + "' has no field '" + judged.field + "' to judge by");
  }
  values.expected.push_back(expected->second);
  return values;
}

std::string miss(const Compared& values) {
  std::string expected;
  for (std::size_t i = 0; i < std::min<std::size_t>(values.expected.size(), 3); ++i) {
    expected += (i == 0 ? "\"" : " or \"") + shortened(to_text(values.expected[i]), 300) + "\"";
  }
  return "expected " + expected + ", the answer was \"" + shortened(to_text(values.given), 300) + "\"";
}

std::string folded(std::string_view text) {
  std::string out;
  bool space = false;
  for (const char c : text) {
    if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      space = !out.empty();
      continue;
    }
    if (space) out += ' ';
    space = false;
    out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return out;
}

std::vector<std::string> answer_words(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char c : folded(text)) {
    if (c == ' ') {
      words.emplace_back();
    } else if (std::ispunct(static_cast<unsigned char>(c)) == 0) {
      words.back() += c;
    }
  }
  std::erase_if(words,
                [](const std::string& word) { return word.empty() || word == "a" || word == "an" || word == "the"; });
  return words;
}

std::vector<std::string_view> characters(std::string_view text) {
  std::vector<std::string_view> all;
  while (!text.empty()) {
    const std::size_t bytes = std::max<std::size_t>(utf8_sequence(text), 1);
    all.push_back(text.substr(0, bytes));
    text.remove_prefix(bytes);
  }
  return all;
}

double number_of(const FieldValue& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* text = std::get_if<std::string>(&value)) {
    const auto read = read_value({.name = "number", .type = FieldType::number}, *text);
    if (read) return std::get<double>(*read);
  }
  return std::numeric_limits<double>::quiet_NaN();
}

namespace {

class TextMetric final : public Metric {
 public:
  TextMetric(std::string name, JudgedField judged, Similarity similarity)
      : name_(std::move(name)), judged_(std::move(judged)), similarity_(similarity) {}

  std::string name() const override { return judged_.named(name_); }

  Result<Score> score(const Example& example, const Prediction& prediction, const Judging&) const override {
    const auto values = compared(judged_, example, prediction);
    if (!values) return tl::unexpected(values.error());
    std::vector<std::string> expected;
    for (const FieldValue& value : values->expected) expected.push_back(to_text(value));
    Score score{similarity_(expected, to_text(values->given)), {}};
    if (score.value < 1) score.feedback = miss(*values);
    return score;
  }

 private:
  std::string name_;
  JudgedField judged_;
  Similarity similarity_;
};

}  // namespace

MetricPtr text_metric(std::string name, JudgedField judged, Similarity similarity) {
  return std::make_shared<TextMetric>(std::move(name), std::move(judged), similarity);
}

}  // namespace persona::prompt
