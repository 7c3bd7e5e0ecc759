//! JSON of the library as plain objects of Python.
#pragma once

#include <pybind11/pybind11.h>

#include <string>
#include <string_view>

namespace persona::python {

//! A document as Python has it: dict, list, ... None for empty text. What is no JSON, or JSON of a text
//! alone, stays the text it is.
pybind11::object json_object(std::string_view text);

//! Its text. None is empty; a str is a document that is text already. Raises ValueError for what JSON does not have.
std::string json_text(const pybind11::handle& document);

//! Its text, where a str is a document like any other.
std::string json_dump(const pybind11::handle& document);

}  // namespace persona::python
