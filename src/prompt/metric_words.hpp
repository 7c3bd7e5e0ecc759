//! What metrics compare: expected and given text, folded and cut into words.
#pragma once

#include <persona/prompt/metric.hpp>

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace persona::prompt {

//! What a metric judges, and what it judges it by.
struct JudgedField {
  std::string field = {};
  std::string references = {};  //!< of the example: a list of all that is right; empty: the field alone

  //! "exact_match(answer)"
  std::string named(std::string_view metric) const;
};

//! What is right, at least one value, and what was given.
struct Compared {
  std::vector<FieldValue> expected = {};
  FieldValue given = {};
};

//! @errors invalid_argument: the example has no such field, or an empty list of references. A prediction without
//!         the field gives a missing value.
Result<Compared> compared(const JudgedField& judged, const Example& example, const Prediction& prediction);

//! What was expected and what came, for the feedback.
std::string miss(const Compared& values);

//! Lower case (ASCII), one space between words, none at the ends.
std::string folded(std::string_view text);

//! Folded words without punctuation and English articles.
std::vector<std::string> answer_words(std::string_view text);

//! UTF-8 characters.
std::vector<std::string_view> characters(std::string_view text);

//! The number a text is, whatever its separators and signs; NaN where it is none.
double number_of(const FieldValue& value);

//! 0 .. 1, how like the given text is to what is right.
using Similarity = double (*)(std::span<const std::string> expected, std::string_view given);

//! A metric of one field, made of a function of its texts.
MetricPtr text_metric(std::string name, JudgedField judged, Similarity similarity);

//! The best of several references.
template <double (*similarity)(std::string_view expected, std::string_view given)>
double best_of(std::span<const std::string> expected, std::string_view given) {
  double best = 0;
  for (const std::string& reference : expected) best = std::max(best, similarity(reference, given));
  return best;
}

}  // namespace persona::prompt
