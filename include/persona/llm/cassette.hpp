//! Calls that were recorded once, and play back without network or key.
#pragma once

#include <persona/llm/provider.hpp>

#include <string>

namespace persona::llm {

//! Asks the provider and writes each exchange to a new file of JSON lines, as it happens. Of a request,
//! its body is kept; keys are not part of it, and what looks like one is masked, in answers too. Failures
//! are kept, but for what the caller stopped.
//! @errors io: also of calls, where the file cannot be written
[[nodiscard]] PERSONA_EXPORT Result<Provider> record(Provider provider, const std::string& path);

//! Answers from such a file: the recorded answers to equal requests, in the order they came, then
//! the last one again. Streams in the pieces they came in.
//! @errors not_found, corrupted: the message names the file and line; of calls: not_found
[[nodiscard]] PERSONA_EXPORT Result<Provider> replay(const std::string& path);

}  // namespace persona::llm
