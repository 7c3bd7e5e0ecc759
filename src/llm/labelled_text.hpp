//! Text with labels: "Question: ..." and its many spellings.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace persona::llm {

struct LabelledField {
  std::string label = {};  //!< in lower case
  std::string_view value;
};

//! Fields that belong together: no label twice, no rule ("---", "Example 3:") between them.
using LabelledRecord = std::vector<LabelledField>;

using IsLabel = std::function<bool(const std::string& label)>;

//! What stands before the first label belongs to no record. The views are of `text`.
std::vector<LabelledRecord> labelled_records(std::string_view text, const IsLabel& is_label);

//! All lines that could begin a field, in order, by their labels.
std::vector<std::string> possible_labels(std::string_view text);

//! "input", "question", "text", ...: what is asked, in most prompts.
bool is_common_input(std::string_view label);
//! "output", "answer", "label", ...
bool is_common_output(std::string_view label);

std::string_view trimmed(std::string_view text);

}  // namespace persona::llm
