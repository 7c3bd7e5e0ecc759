//! Structs of the llm room as Python classes that do not change: keywords in, attributes out, `replace`,
//! ==, repr and pickle. Fields may look different in Python than in C++.
#pragma once

#include "json_text.hpp"
#include "result_caster.hpp"
#include "seconds_caster.hpp"
#include "words.hpp"

#include <persona/core/clock.hpp>

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <concepts>
#include <memory>
#include <string>
#include <utility>

namespace persona::python {

//! As it is.
template <class T, class M>
struct PlainField {
  const char* name;
  M T::*pointer;
  using Given = M;
  M get(const T& of) const { return of.*pointer; }
  void set(T& of, M given) const { of.*pointer = std::move(given); }
  pybind11::object usual() const { return pybind11::cast(T{}.*pointer); }
};

//! A JSON document: text in C++, objects in Python.
template <class T>
struct JsonField {
  const char* name;
  std::string T::*pointer;
  using Given = pybind11::object;
  pybind11::object get(const T& of) const { return json_object(of.*pointer); }
  void set(T& of, const pybind11::object& given) const { of.*pointer = json_text(given); }
  pybind11::object usual() const { return pybind11::none(); }
};

//! Bytes, not text.
template <class T>
struct BytesField {
  const char* name;
  std::string T::*pointer;
  using Given = pybind11::bytes;
  pybind11::bytes get(const T& of) const { return of.*pointer; }
  void set(T& of, const pybind11::bytes& given) const { of.*pointer = std::string(given); }
  pybind11::object usual() const { return pybind11::bytes(); }
};

//! Shared; None is what a default T has. The default is made anew for each object.
template <class T, class M>
struct SharedField {
  const char* name;
  std::shared_ptr<M> T::*pointer;
  using Plain = std::remove_const_t<M>;
  using Given = std::shared_ptr<Plain>;
  Given get(const T& of) const { return std::const_pointer_cast<Plain>(of.*pointer); }
  void set(T& of, Given given) const {
    if (given) of.*pointer = std::move(given);
  }
  pybind11::object usual() const { return pybind11::none(); }
};

template <class T, class M>
PlainField<T, M> field(const char* name, M T::*pointer) {
  return {name, pointer};
}
template <class T, class M>
SharedField<T, M> field(const char* name, std::shared_ptr<M> T::*pointer) {
  return {name, pointer};
}
template <class T>
JsonField<T> json_field(const char* name, std::string T::*pointer) {
  return {name, pointer};
}

//! Attributes and repr of what the library hands out.
template <class T, class... F>
void def_fields(pybind11::class_<T>& type, const char* name, F... fields) {
  namespace py = pybind11;
  (type.def_property_readonly(fields.name, [=](const T& of) { return fields.get(of); }), ...);
  type.def("__repr__", [=](const py::object& self) {
    std::string text;
    const auto show = [&](const char* field, const py::object& usual) {
      const py::object value = self.attr(field);
      if (value.equal(usual)) return;
      text += (text.empty() ? "" : ", ") + std::string(field) + "=" + py::repr(value).template cast<std::string>();
    };
    (show(fields.name, fields.usual()), ...);
    return std::string(name) + "(" + text + ")";
  });
}

//! What users make, from keywords.
template <class T, class... F>
pybind11::class_<T> bind_fields(pybind11::handle scope, const char* name, const char* doc, F... fields) {
  namespace py = pybind11;
  py::class_<T> type(scope, name, doc);
  type.def(py::init([=](typename F::Given... given) {
             T made;
             (fields.set(made, std::move(given)), ...);
             return made;
           }),
           (py::arg(fields.name) = fields.usual())...);
  def_fields(type, name, fields...);
  const auto values = [=](const py::object& self) { return py::make_tuple(self.attr(fields.name)...); };
  type.def("__eq__", [=](const py::object& self, const py::object& other) {
    return py::type::of(self).is(py::type::of(other)) && values(self).equal(values(other));
  });
  type.attr("__hash__") = py::none();
  type.def("__reduce__", [=](const py::object& self) { return py::make_tuple(py::type::of(self), values(self)); });
  type.def(
      "replace",
      [=](const py::object& self, const py::kwargs& changes) {
        py::dict all;
        ((all[fields.name] = self.attr(fields.name)), ...);
        for (const auto& [field, value] : changes) all[field] = value;
        return py::type::of(self)(**all);
      },
      "A copy with some attributes changed.");
  return type;
}

}  // namespace persona::python
