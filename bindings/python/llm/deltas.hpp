//! The pieces of a stream, as values that outlive the call.
#pragma once

#include <persona/llm/reply.hpp>

#include <pybind11/pybind11.h>

#include <string>

namespace persona::python {

struct TextPiece {
  std::string text = {};
};
struct ThinkingPiece {
  std::string text = {};
};
struct ToolCallPiece {
  std::size_t index = 0;
  std::string id = {}, name = {}, arguments = {};
};

pybind11::object delta_object(const llm::Delta& delta);

//! Shows a delta of Python, or a str as text. Raises TypeError where it is neither.
Status show(const pybind11::handle& delta, const llm::OnDelta& on_delta);

}  // namespace persona::python
