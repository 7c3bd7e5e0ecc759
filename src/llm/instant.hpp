//! Times that do not overflow, whatever a server asks for.
#pragma once

#include <algorithm>
#include <chrono>

namespace persona::llm {

using Instant = std::chrono::steady_clock::time_point;
using Span = std::chrono::steady_clock::duration;

inline constexpr Instant never = Instant::max();

//! A part of a nanosecond counts as a whole one: who waits for it has waited enough.
inline Span seconds_of(double seconds) {
  constexpr double most = 9e18;
  return Span(static_cast<Span::rep>(std::clamp(seconds * 1e9 + 0.999, 0.0, most)));
}

inline Span span_of(std::chrono::milliseconds time) {
  return std::chrono::duration_cast<Span>(std::clamp(
      time, std::chrono::milliseconds(0), std::chrono::duration_cast<std::chrono::milliseconds>(Span::max())));
}

inline Instant later(Instant now, Span wait) {
  return wait >= never - std::max(now, Instant{}) ? never : now + wait;
}

inline Instant later(Instant now, std::chrono::milliseconds wait) {
  return later(now, span_of(wait));
}

//! Rounded up, so that who comes back then does not come too early.
inline std::chrono::milliseconds time_left(Instant now, Instant end) {
  return end <= now ? std::chrono::milliseconds(0) : std::chrono::ceil<std::chrono::milliseconds>(end - now);
}

}  // namespace persona::llm
