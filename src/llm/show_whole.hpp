//! A finished answer shown as if it were streamed.
#pragma once

#include <persona/llm/reply.hpp>

namespace persona::llm {

Status show_whole(const Reply& reply, const OnDelta& on_delta);

}  // namespace persona::llm
