//! Pieces of a stream that outlive it.
#pragma once

#include <persona/core/context.hpp>
#include <persona/llm/reply.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace persona::llm {

//! A delta that owns its text.
struct HeldDelta {
  enum class Kind { text, thinking, tool_call };
  Kind kind = Kind::text;
  std::string text = {};  //!< or arguments
  std::size_t index = 0;
  std::string id = {}, name = {};

  static HeldDelta of(const Delta& delta);
  Delta delta() const;
};

//! In order. @errors cancelled, deadline_exceeded, those of `on_delta`
Status show_held(const std::vector<HeldDelta>& pieces, const OnDelta& on_delta, const Context& context);

}  // namespace persona::llm
