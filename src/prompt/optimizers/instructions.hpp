//! What a proposer is shown and asked when it is to write instructions.
#pragma once

#include "proposals.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace persona::prompt {

//! A way of looking at the task: what one proposal is told besides the facts.
std::span<const std::string_view> writing_tips();

//! Rewrite this predictor's instruction, given runs that went wrong.
std::string reflection_question(const Predictor& predictor, const std::vector<std::string>& failures,
                                std::string_view tip);

//! Write an instruction for this task, given examples of the data.
std::string grounded_question(const Predictor& predictor, const std::vector<std::string>& examples,
                              std::string_view tip);

//! Runs a program on some training examples and shows those that scored below 1, the worst first; at
//! most `most`. Validation examples are never shown to a proposer. Empty where the session is over.
//! @errors as `evaluate_items`
Result<std::vector<std::string>> failures_of(const Task& task, const Program& program, const Signature& signature,
                                             std::size_t runs, std::size_t most, Session& session, Dice& dice,
                                             const Context& context);

//! The predictors with the instruction of one of them replaced. Empty or unchanged: none.
std::optional<std::vector<Predictor>> with_instruction(std::vector<Predictor> predictors, std::size_t which,
                                                       std::string instruction);

}  // namespace persona::prompt
