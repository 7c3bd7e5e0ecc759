//! What metrics compare.
#include "metric_words.hpp"

#include "core/text.hpp"
#include "core/utf8.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <utility>

namespace persona::prompt {

Result<Pair> pair_of(const std::string& field, const Example& example, const Prediction& prediction) {
  const auto expected = example.fields.find(field);
  if (expected == example.fields.end()) {
    return fail(Errc::invalid_argument, "example '" + example.id + "' has no field '" + field + "' to judge by");
  }
  const auto given = prediction.outputs.find(field);
  return Pair{expected->second, given == prediction.outputs.end() ? FieldValue() : given->second};
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
  TextMetric(std::string name, std::string field, double (*similarity)(std::string_view, std::string_view))
      : name_(std::move(name)), field_(std::move(field)), similarity_(similarity) {}

  std::string name() const override { return name_ + "(" + field_ + ")"; }

  Result<Score> score(const Example& example, const Prediction& prediction, const Judging&) const override {
    const auto pair = pair_of(field_, example, prediction);
    if (!pair) return tl::unexpected(pair.error());
    const std::string expected = to_text(pair->expected);
    const std::string given = to_text(pair->given);
    Score score{similarity_(expected, given), {}};
    if (score.value < 1) {
      score.feedback =
          "expected \"" + shortened(expected, 300) + "\", the answer was \"" + shortened(given, 300) + "\"";
    }
    return score;
  }

 private:
  std::string name_, field_;
  double (*similarity_)(std::string_view, std::string_view);
};

}  // namespace

MetricPtr text_metric(std::string name, std::string field, double (*similarity)(std::string_view, std::string_view)) {
  return std::make_shared<TextMetric>(std::move(name), std::move(field), similarity);
}

}  // namespace persona::prompt
