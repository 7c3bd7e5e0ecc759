//! What a prompt takes and gives.
#pragma once

#include <persona/core/result.hpp>
#include <persona/prompt/fields.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace persona::prompt {

enum class FieldType { text, whole_number, number, yes_no, choice, list, object };

struct Field {
  std::string name = {};
  FieldType type = FieldType::text;
  std::string description = {};           //!< for the model
  std::string label = {};                 //!< how the field is headed; empty: made from the name
  std::vector<std::string> choices = {};  //!< of `choice`
  bool operator==(const Field&) const = default;
};

//! Inputs, outputs, and what to do. A value; the instructions are what optimizers rewrite.
struct Signature {
  std::string instructions = {};  //!< empty: "Given the fields `question`, produce the fields `answer`."
  std::vector<Field> inputs = {}, outputs = {};
  bool operator==(const Signature&) const = default;
};

//! "context, question -> answer: int, confidence: float, label: 'yes'|'no'". Types are str, int, float,
//! bool, list, dict, and quoted choices.
//! @errors invalid_argument: the message shows where the text stops making sense
[[nodiscard]] PERSONA_EXPORT Result<Signature> parse_signature(std::string_view text, std::string instructions = {});

//! "context, question -> answer: int".
PERSONA_EXPORT std::string to_string(const Signature& signature);

//! A model's words as a value of the field: "1,234" is a whole number, "Yes." is yes.
//! @errors invalid_output: it is not one; the message names the field
[[nodiscard]] PERSONA_EXPORT Result<FieldValue> read_value(const Field& field, std::string_view text);

}  // namespace persona::prompt
