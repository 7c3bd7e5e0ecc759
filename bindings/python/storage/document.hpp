//! JSON of records and jobs as plain Python objects, and text that is text.
#pragma once

#include <persona/core/json.hpp>

#include <pybind11/pybind11.h>

#include <string>

namespace persona::python {

//! A str is a document like any other, None is null. Raises ValueError or TypeError for what JSON does not have.
JsonText json_of(const pybind11::handle& object);

//! Raises Corrupted where the text is no JSON.
pybind11::object object_of(const JsonText& document);

//! Raises ValueError for a str that has no UTF-8.
std::string text_of(const pybind11::str& text);

//! A field of `bind_fields`: a JSON document.
template <class T>
struct DocumentField {
  const char* name;
  JsonText T::*pointer;
  using Given = pybind11::object;
  pybind11::object get(const T& of) const { return object_of(of.*pointer); }
  void set(T& of, const pybind11::object& given) const { of.*pointer = json_of(given); }
  pybind11::object usual() const { return pybind11::none(); }
};

//! The same: a str, not bytes.
template <class T>
struct TextField {
  const char* name;
  std::string T::*pointer;
  using Given = pybind11::str;
  pybind11::str get(const T& of) const { return of.*pointer; }
  void set(T& of, const pybind11::str& given) const { of.*pointer = text_of(given); }
  pybind11::object usual() const { return pybind11::str(T{}.*pointer); }
};

template <class T>
DocumentField<T> document_field(const char* name, JsonText T::*pointer) {
  return {name, pointer};
}
template <class T>
TextField<T> text_field(const char* name, std::string T::*pointer) {
  return {name, pointer};
}

}  // namespace persona::python
