//! Surnames from counts and shares of origin.
#pragma once

#include <persona/population/names.hpp>

#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace persona {

//! Adds one entry per origin with its part of `count`; what the shares leave is "two or more".
//! @param percent  of each origin
inline void append_by_origin(std::vector<Surname>& surnames, std::string_view name, double count,
                             std::span<const std::pair<std::string_view, double>> percent) {
  double rest = 100;
  for (const auto& [origin, share] : percent) {
    if (share <= 0) continue;
    rest -= share;
    surnames.push_back({std::string(name), std::string(origin), count * share / 100});
  }
  if (rest > 1e-6) surnames.push_back({std::string(name), "two or more", count * rest / 100});
}

}  // namespace persona
