//! The pieces of a stream, as values that outlive the call.
#include "deltas.hpp"

namespace persona::python {
namespace py = pybind11;

py::object delta_object(const llm::Delta& delta) {
  struct Visitor {
    py::object operator()(const llm::TextDelta& piece) const { return py::cast(TextPiece{std::string(piece.text)}); }
    py::object operator()(const llm::ThinkingDelta& piece) const {
      return py::cast(ThinkingPiece{std::string(piece.text)});
    }
    py::object operator()(const llm::ToolCallDelta& piece) const {
      return py::cast(
          ToolCallPiece{piece.index, std::string(piece.id), std::string(piece.name), std::string(piece.arguments)});
    }
  };
  return std::visit(Visitor{}, delta);
}

Status show(const py::handle& delta, const llm::OnDelta& on_delta) {
  llm::Delta shown;
  std::string text;  // alive while it is shown
  if (py::isinstance<py::str>(delta)) {
    text = delta.cast<std::string>();
    shown = llm::TextDelta{text};
  } else if (py::isinstance<TextPiece>(delta)) {
    shown = llm::TextDelta{delta.cast<const TextPiece&>().text};
  } else if (py::isinstance<ThinkingPiece>(delta)) {
    shown = llm::ThinkingDelta{delta.cast<const ThinkingPiece&>().text};
  } else if (py::isinstance<ToolCallPiece>(delta)) {
    const auto& piece = delta.cast<const ToolCallPiece&>();
    shown = llm::ToolCallDelta{piece.index, piece.id, piece.name, piece.arguments};
  } else {
    throw py::type_error("a piece of a stream is a TextDelta, ThinkingDelta, ToolCallDelta or str");
  }
  const py::gil_scoped_release release;
  return on_delta(shown);
}

}  // namespace persona::python
