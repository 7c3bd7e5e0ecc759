//! Bytes as letters and digits.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace persona::llm::wire {

//! With padding. @source{RFC 4648, section 4}
std::string base64(std::string_view bytes);

//! None where it is not base64.
std::optional<std::string> from_base64(std::string_view text);

//! 32-bit floats, least significant byte first, as embeddings are sent.
std::optional<std::vector<float>> floats_from_base64(std::string_view text);

}  // namespace persona::llm::wire
