//! References from one address to another.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace persona::llm {

//! Where a reference leads from a base; as it is where the base is empty.
//! @source{RFC 3986, 5.2}
std::string resolve_url(std::string_view base, std::string_view reference);

//! The address before '#', and what stands behind it with %xx decoded.
std::pair<std::string, std::string> split_fragment(std::string_view url);

}  // namespace persona::llm
