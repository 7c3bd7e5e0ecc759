//! What checks and messages need of text.
#pragma once

#include "core/utf8.hpp"

#include <persona/core/value.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace persona {

//! "; did you mean 'age'?", or "" where no candidate is near.
std::string did_you_mean(std::string_view name, std::span<const std::string> candidates);

//! "'a', 'b', 'c' and 12 more".
std::string listing(std::span<const std::string> names, std::size_t most = 8);

//! At most `most` bytes, cut between characters and marked with "...".
PERSONA_EXPORT std::string shortened(std::string_view text, std::size_t most = 60);

//! The day of "2019-07-04", if it is one.
PERSONA_EXPORT std::optional<Date> parse_date(std::string_view text);

}  // namespace persona
