//! Points in time as whole numbers of a table.
#pragma once

#include <chrono>
#include <cstdint>

namespace persona {

inline std::int64_t milliseconds_of(std::chrono::system_clock::time_point time) {
  return std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
}

inline std::chrono::system_clock::time_point time_of(std::int64_t milliseconds) {
  return std::chrono::system_clock::time_point(std::chrono::milliseconds(milliseconds));
}

}  // namespace persona
