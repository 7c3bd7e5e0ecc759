//! The column that numbers the rows of a stored population.
#pragma once

#include <persona/core/config.hpp>
#include <persona/population/population.hpp>

#include <cstdint>
#include <string_view>

namespace persona {

inline constexpr std::string_view index_name = "index";

PERSONA_EXPORT Field index_field();

//! `population` with its rows numbered first, first + 1, ... in a column before the others.
//! @pre it has no column of that name
PERSONA_EXPORT Population with_index(const Population& population, std::int64_t first);

}  // namespace persona
