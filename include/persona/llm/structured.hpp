//! Answers that are the JSON one asked for, from any model.
#pragma once

#include <persona/llm/provider.hpp>

#include <string>
#include <string_view>

namespace persona::llm {

struct StructuredOptions {
  int attempts = 2;  //!< the first one too
};

//! Where a request has a `JsonFormat`: the provider's own mode where it has one, the schema in the
//! prompt where not; in every case the answer is validated, and asked for again with the issues
//! where it is not right. `Reply::json` is the document.
//!
//! @errors
//!   - invalid_argument: the schema is not one
//!   - truncated: the answer was cut off; refused: the model declined; neither is asked again
//!   - invalid_output: still wrong after the last attempt; the message lists what is
PERSONA_EXPORT Provider structured(Provider provider, StructuredOptions options = {});

//! The JSON in a text that also talks: a fenced block, or the first complete object or array.
PERSONA_EXPORT std::string find_json(std::string_view text);

}  // namespace persona::llm
