//! Values as JSON Schema compares them.
#pragma once

#include "core/json_document.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace persona::llm {

//! Equal for equal values: 1 and 1.0, objects in any order.
std::string value_key(const Json& json);

bool is_whole(const Json& json);

//! -1, 0 or 1. @param a  a number, as b
int compare_numbers(const Json& a, const Json& b);

//! Exact in decimal digits, as they are written: 0.3 is a multiple of 0.1.
bool is_multiple(const Json& number, const Json& of);

//! In code points.
std::size_t text_length(std::string_view text);

//! As short as a message wants it.
std::string shown(const Json& json);

}  // namespace persona::llm
