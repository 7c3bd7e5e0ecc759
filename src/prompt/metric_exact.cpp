//! Right or wrong.
#include <persona/prompt/metric.hpp>

#include "core/text.hpp"
#include "fields_json.hpp"
#include "llm/pattern.hpp"
#include "metric_words.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace persona::prompt {
namespace {

bool is_json(const FieldValue& value) {
  return std::holds_alternative<JsonText>(value);
}

// Objects whatever the order of their keys, numbers by value.
bool same_json(const Json& a, const Json& b) {
  if (a.is_number() && b.is_number()) return a.get<double>() == b.get<double>();
  if (a.is_array() && b.is_array()) return std::equal(a.begin(), a.end(), b.begin(), b.end(), same_json);
  if (!a.is_object() || !b.is_object()) return a == b;
  return a.size() == b.size() && std::all_of(a.items().begin(), a.items().end(), [&](const auto& item) {
           const auto other = b.find(item.key());
           return other != b.end() && same_json(item.value(), *other);
         });
}

Json as_json(const FieldValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    if (auto tree = parse_json_document(*text); tree && tree->is_structured()) return *std::move(tree);
  }
  return json_of(value);
}

std::string without_end(std::string text) {
  while (!text.empty() && (text.back() == '.' || text.back() == '!')) text.pop_back();
  return text;
}

bool same_value(const FieldValue& expected, const FieldValue& given) {
  if (is_json(expected) || is_json(given)) return same_json(as_json(expected), as_json(given));
  if (std::holds_alternative<std::monostate>(given)) {
    return std::holds_alternative<std::monostate>(expected);
  }
  if (const double a = number_of(expected), b = number_of(given); !std::isnan(a) && !std::isnan(b)) return a == b;
  if (const auto* yes = std::get_if<bool>(&expected)) {
    const auto read = read_value({.name = "answer", .type = FieldType::yes_no}, to_text(given));
    return read && std::get<bool>(*read) == *yes;
  }
  return without_end(folded(to_text(expected))) == without_end(folded(to_text(given)));
}

class FieldMetric final : public Metric {
 public:
  using Judge = std::function<bool(const FieldValue& expected, const FieldValue& given)>;
  FieldMetric(std::string name, JudgedField judged, Judge judge)
      : name_(std::move(name)), judged_(std::move(judged)), judge_(std::move(judge)) {}

  std::string name() const override { return judged_.named(name_); }
  Result<Score> score(const Example& example, const Prediction& prediction, const Judging&) const override {
    const auto values = compared(judged_, example, prediction);
    if (!values) return tl::unexpected(values.error());
    const bool right = std::any_of(values->expected.begin(), values->expected.end(),
                                   [&](const FieldValue& expected) { return judge_(expected, values->given); });
    return Score{right ? 1.0 : 0.0, right ? "" : miss(*values)};
  }

 private:
  std::string name_;
  JudgedField judged_;
  Judge judge_;
};

constexpr std::size_t most_steps = 100'000'000;  // of matching a pattern: a second or so

class PatternMetric final : public Metric {
 public:
  explicit PatternMetric(JudgedField judged) : judged_(std::move(judged)) {}
  std::string name() const override { return judged_.named("matches_pattern"); }
  Result<Score> score(const Example& example, const Prediction& prediction, const Judging&) const override {
    const auto values = compared(judged_, example, prediction);
    if (!values) return tl::unexpected(values.error());
    bool right = false;
    for (const FieldValue& expected : values->expected) {
      const auto pattern = llm::Pattern::compile(to_text(expected));
      if (!pattern) {
        return fail(Errc::invalid_argument, "example '" + example.id + "': field '" + judged_.field +
                                                "' is not a regular expression: " + pattern.error().message);
      }
      std::size_t budget = most_steps;
      right = right || pattern->search(to_text(values->given), budget).value_or(false);
    }
    return Score{right ? 1.0 : 0.0, right ? "" : miss(*values)};
  }

 private:
  JudgedField judged_;
};

class CallbackMetric final : public Metric {
 public:
  CallbackMetric(std::string name, std::function<Result<Score>(const Example&, const Prediction&)> score)
      : name_(std::move(name)), score_(std::move(score)) {}
  std::string name() const override { return name_; }
  Result<Score> score(const Example& example, const Prediction& prediction, const Judging&) const override {
    return score_(example, prediction);
  }

 private:
  std::string name_;
  std::function<Result<Score>(const Example&, const Prediction&)> score_;
};

class WeightedMetric final : public Metric {
 public:
  explicit WeightedMetric(std::vector<std::pair<MetricPtr, double>> parts) : parts_(std::move(parts)) {}
  std::string name() const override {
    std::string names;
    for (const auto& [part, weight] : parts_) names += (names.empty() ? "" : " + ") + part->name();
    return names;
  }
  Result<Score> score(const Example& example, const Prediction& prediction, const Judging& judging) const override {
    Score total;
    double weights = 0;
    for (const auto& [part, weight] : parts_) {
      auto score = part->score(example, prediction, judging);
      if (!score) return score;
      total.value += weight * score->value;
      weights += weight;
      if (!score->feedback.empty()) total.feedback += (total.feedback.empty() ? "" : "; ") + score->feedback;
    }
    total.value /= weights;
    return total;
  }
  std::vector<ModelLoad> load() const override {
    std::vector<ModelLoad> all;
    for (const auto& [part, weight] : parts_) {
      for (ModelLoad& load : part->load()) all.push_back(std::move(load));
    }
    return all;
  }

 private:
  std::vector<std::pair<MetricPtr, double>> parts_;
};

}  // namespace

MetricPtr exact_match(std::string field, std::string references) {
  return std::make_shared<FieldMetric>("exact_match", JudgedField{std::move(field), std::move(references)}, same_value);
}

MetricPtr contains(std::string field, std::string references) {
  return std::make_shared<FieldMetric>("contains", JudgedField{std::move(field), std::move(references)},
                                       [](const FieldValue& expected, const FieldValue& given) {
                                         const std::string wanted = folded(to_text(expected));
                                         const std::string text = folded(to_text(given));
                                         return wanted.empty() ? text.empty() : text.find(wanted) != std::string::npos;
                                       });
}

MetricPtr matches_pattern(std::string field, std::string references) {
  return std::make_shared<PatternMetric>(JudgedField{std::move(field), std::move(references)});
}

MetricPtr near(std::string field, double absolute, double relative, std::string references) {
  return std::make_shared<FieldMetric>("near", JudgedField{std::move(field), std::move(references)},
                                       [absolute, relative](const FieldValue& expected, const FieldValue& given) {
                                         const double wanted = number_of(expected);
                                         const double number = number_of(given);  // NaN compares false
                                         return std::abs(wanted - number) <=
                                                std::max(absolute, relative * std::abs(wanted));
                                       });
}

Result<MetricPtr> weighted(std::vector<std::pair<MetricPtr, double>> parts) {
  double sum = 0;
  for (const auto& [part, weight] : parts) {
    if (part == nullptr || !(weight >= 0))
      return fail(Errc::invalid_argument, "weighted: a weight must not be negative");
    sum += weight;
  }
  if (!(sum > 0)) return fail(Errc::invalid_argument, "weighted: the weights add up to nothing");
  return std::make_shared<WeightedMetric>(std::move(parts));
}

MetricPtr metric(std::string name, std::function<Result<Score>(const Example&, const Prediction&)> score) {
  return std::make_shared<CallbackMetric>(std::move(name), std::move(score));
}

}  // namespace persona::prompt
