//! JSON text of which there is only one for each value.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace persona::llm {

//! Writes members in the order they are given: give them sorted, and the text is canonical. Whole numbers
//! that a double cannot hold are written as text.
//! @source{RFC 8785}
class CanonicalJson {
 public:
  //! What stands for a byte that is not UTF-8.
  enum class NotText { replaced, kept_apart };  // kept_apart: a lone surrogate, so that unequal bytes stay unequal

  explicit CanonicalJson(NotText not_text = NotText::replaced) : not_text_(not_text) { text_.reserve(1024); }

  void open_object() { open('{'); }
  void close_object() { close('}'); }
  void open_list() { open('['); }
  void close_list() { close(']'); }

  CanonicalJson& key(std::string_view name);
  void value(std::string_view text);
  void value(const char* text) { value(std::string_view(text)); }
  void value(double number);
  void value(std::int64_t number);
  void value(std::same_as<bool> auto yes) { word(yes ? "true" : "false"); }
  void value(std::integral auto number) requires(!std::same_as<decltype(number), bool>) {
    value(static_cast<std::int64_t>(number));
  }

  //! A member that is left out where it is what a fresh value has.
  template <class T>
  void member(std::string_view name, const T& what, const T& fresh = {}) {
    if (what != fresh) key(name).value(what);
  }

  std::string take() { return std::move(text_); }

 private:
  void comma();
  void open(char bracket);
  void close(char bracket);
  void word(std::string_view text);

  std::string text_;
  NotText not_text_;
  bool first_ = true;
};

std::string base64(std::string_view bytes);

}  // namespace persona::llm
