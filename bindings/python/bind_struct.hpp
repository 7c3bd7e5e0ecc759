//! A plain struct as a Python class that does not change: keywords in, attributes out, == and repr.
#pragma once

#include "enum_caster.hpp"
#include "result_caster.hpp"
#include "value_caster.hpp"

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <string>
#include <utility>

namespace persona::python {

template <class T, class M>
struct Member {
  const char* name;
  M T::*pointer;
};

template <class T, class M>
Member<T, M> member(const char* name, M T::*pointer) {
  return {name, pointer};
}

//! "Normal(mean=46.0, sd=18.0)"
template <class T, class... M>
std::string shown(const char* name, const pybind11::object& self, const Member<T, M>&... members) {
  std::string text;
  const auto show = [&](const char* member) {
    text += (text.empty() ? "" : ", ") + std::string(member) + "=" +
            pybind11::repr(self.attr(member)).template cast<std::string>();
  };
  (show(members.name), ...);
  return std::string(name) + "(" + text + ")";
}

//! What the library hands out and nobody makes: attributes and repr.
template <class T, class... M>
pybind11::class_<T> bind_answer(pybind11::handle scope, const char* name, const char* doc, Member<T, M>... members) {
  pybind11::class_<T> type(scope, name, doc);
  (type.def_readonly(members.name, members.pointer), ...);
  type.def("__repr__", [=](const pybind11::object& self) { return shown(name, self, members...); });
  return type;
}

//! What users make: also keywords, with the struct's own defaults, and ==.
template <class T, class... M>
pybind11::class_<T> bind_struct(pybind11::handle scope, const char* name, const char* doc, Member<T, M>... members) {
  auto type = bind_answer(scope, name, doc, members...);
  type.def(pybind11::init([=](M... values) {
             T made;
             ((made.*(members.pointer) = std::move(values)), ...);
             return made;
           }),
           (pybind11::arg(members.name) = T{}.*(members.pointer))...);
  type.def(
      "__eq__", [](const T& a, const T& b) { return a == b; }, pybind11::is_operator());
  return type;
}

}  // namespace persona::python
