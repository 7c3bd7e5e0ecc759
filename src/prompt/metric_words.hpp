//! What metrics compare: expected and given text, folded and cut into words.
#pragma once

#include <persona/prompt/metric.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace persona::prompt {

//! The expected and the given value of one field.
struct Pair {
  FieldValue expected = {}, given = {};
};

//! @errors invalid_argument: the example has no such field. A prediction without it gives a missing value.
Result<Pair> pair_of(const std::string& field, const Example& example, const Prediction& prediction);

//! Lower case (ASCII), one space between words, none at the ends.
std::string folded(std::string_view text);

//! Folded words without punctuation and English articles.
std::vector<std::string> answer_words(std::string_view text);

//! UTF-8 characters.
std::vector<std::string_view> characters(std::string_view text);

//! The number a text is, whatever its separators and signs; NaN where it is none.
double number_of(const FieldValue& value);

//! A metric of one field, made of a function of its two texts.
MetricPtr text_metric(std::string name, std::string field,
                      double (*similarity)(std::string_view expected, std::string_view given));

}  // namespace persona::prompt
