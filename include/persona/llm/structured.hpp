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
//! where it is not right. `Reply::json` is the document; usage, cost, attempts and time are of all
//! answers together. A stream is shown, in its pieces, once it is known to be right. A reply that
//! calls tools is passed on as it is.
//!
//! @errors
//!   - invalid_argument, unsupported: the schema is not one, by `JsonSchema::compile`
//!   - truncated: the answer was cut off; refused: the model declined; neither is asked again
//!   - invalid_output: still wrong after the last attempt; the message lists what is, `path` is where
//!     the first of it is in the document
//!   `service->cost` is what the answers took that came to nothing
PERSONA_EXPORT Provider structured(Provider provider, StructuredOptions options = {});

//! The JSON in a text that also talks: the first fenced block that is JSON, else the longest complete
//! object or array; nothing of what stands before "</think>", nor of a document that is broken as a whole.
//! Empty: there is none.
PERSONA_EXPORT std::string find_json(std::string_view text);

}  // namespace persona::llm
