//! Where a text stops being JSON, shown as a compiler would.
#pragma once

#include <string>
#include <string_view>

namespace persona::cli {

//! "file:3:14: unexpected ']'", the line, and a caret under the place; empty where the text is
//! JSON, or not even UTF-8.
std::string json_syntax_error(std::string_view text, std::string_view file);

}  // namespace persona::cli
