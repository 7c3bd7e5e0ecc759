//! Requests looked over before they cost anything.
#pragma once

#include <persona/llm/provider.hpp>

namespace persona::llm {

//! Finds what no provider could make sense of: no model, no message, text that is not UTF-8, a tool call by the user,
//! a schema that is no JSON.
//! @errors invalid_argument, unsupported: `path` is where it stands in the request
[[nodiscard]] PERSONA_EXPORT Status validate(const Request& request);

//! Refuses such requests at once, so that no cache, limit or budget hears of them.
PERSONA_EXPORT Provider validated(Provider provider);

}  // namespace persona::llm
