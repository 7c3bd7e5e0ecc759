//! How functions over records are called.
#pragma once

#include "llm/call.hpp"
#include "storage/document.hpp"
#include "storage/handle.hpp"

#include <persona/storage/records.hpp>

#include <pybind11/pybind11.h>

#include <string>

namespace persona::python {

//! What `work` makes of the records and a text, without the GIL.
template <class Work>
auto with_records(const Handle<Records>& store, const pybind11::str& text, Work&& work) {
  const std::string given = text_of(text);
  const auto records = store.use();
  return call([&](const Context&) { return work(*records, given); });
}

}  // namespace persona::python
