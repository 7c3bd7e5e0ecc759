//! What a proposer is shown and asked when it is to write instructions.
#pragma once

#include "pool.hpp"
#include "proposals.hpp"

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

//! Runs of a candidate that scored below 1, the worst first, as texts; at most `most`.
std::vector<std::string> failures_of(const Pool& pool, std::size_t candidate, const Signature& signature,
                                     std::size_t most, Dice& dice);

//! The predictors with the instruction of one of them replaced. Empty or unchanged: none.
std::optional<std::vector<Predictor>> with_instruction(std::vector<Predictor> predictors, std::size_t which,
                                                       std::string instruction);

}  // namespace persona::prompt
