//! What is said to a model, and what it says.
#include "bind_fields.hpp"
#include "bind_llm.hpp"

#include <persona/llm/message.hpp>

namespace persona::python {
namespace py = pybind11;
namespace {

using llm::Message;

// A text may stand for itself, and one part for a list of it.
std::vector<llm::Part> parts_of(const py::object& given) {
  if (py::isinstance<py::str>(given)) return {llm::Text{given.cast<std::string>()}};
  if (!py::isinstance<py::iterable>(given)) return {given.cast<llm::Part>()};
  std::vector<llm::Part> parts;
  for (const auto part : given) {
    parts.push_back(py::isinstance<py::str>(part) ? llm::Part(llm::Text{part.cast<std::string>()})
                                                  : part.cast<llm::Part>());
  }
  return parts;
}

struct PartsField {
  const char* name = "parts";
  using Given = py::object;
  std::vector<llm::Part> get(const Message& of) const { return of.parts; }
  void set(Message& of, const py::object& given) const { of.parts = parts_of(given); }
  py::object usual() const { return py::tuple(); }
};

void bind_parts(py::module_& m) {
  using namespace llm;
  bind_fields<Text>(m, "Text", "Words.", field("text", &Text::text));
  bind_fields<Image>(
      m, "Image", "A picture: its bytes (not base64), or the url where it lies. media_type: \"image/png\".",
      field("media_type", &Image::media_type), BytesField<Image>{"bytes", &Image::bytes}, field("url", &Image::url));
  bind_fields<ToolCall>(m, "ToolCall",
                        "The model wants a function called. arguments: a dict, or the text itself where the model\n"
                        "wrote no JSON.",
                        field("id", &ToolCall::id), field("name", &ToolCall::name),
                        json_field("arguments", &ToolCall::arguments));
  bind_fields<ToolResult>(m, "ToolResult", "What the function returned, for the call of that id.",
                          field("id", &ToolResult::id), field("text", &ToolResult::text),
                          field("is_error", &ToolResult::is_error));
  bind_fields<Thinking>(m, "Thinking",
                        "What a model thought before it answered. Some providers want it back, unchanged, in the next\n"
                        "turn.",
                        field("text", &Thinking::text), field("signature", &Thinking::signature));
}

}  // namespace

void bind_messages(py::module_& module) {
  bind_parts(module);
  auto type =
      bind_fields<Message>(module, "Message",
                           "One turn of a conversation. role: \"system\", \"user\", \"assistant\" or \"tool\";\n"
                           "parts: a list of Text, Image, ToolCall, ToolResult, Thinking, or a str.",
                           field("role", &Message::role), PartsField{});
  type.def_static("system", &Message::system, py::arg("text"), "Message(\"system\", text)")
      .def_static("user", &Message::user, py::arg("text"), "Message(\"user\", text)")
      .def_static("assistant", &Message::assistant, py::arg("text"), "Message(\"assistant\", text)")
      .def_static("tool", &Message::tool, py::arg("result"), "Message(\"tool\", result)")
      .def_property_readonly("text", &Message::text, "All its text, joined.");
}

}  // namespace persona::python
