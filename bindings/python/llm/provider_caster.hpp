//! Providers between Python and C++: those of the library, and classes written in Python.
#pragma once

#include <persona/llm/provider.hpp>

#include <pybind11/pybind11.h>

#include <memory>

namespace persona::python {

//! The class `LLMProvider` of Python; holds nothing where Python itself implements it.
class ProviderHandle {
 public:
  ProviderHandle() = default;
  explicit ProviderHandle(llm::Provider provider) : provider_(std::move(provider)) {}
  ProviderHandle(const ProviderHandle&) = default;
  ProviderHandle(ProviderHandle&&) = default;
  ProviderHandle& operator=(const ProviderHandle&) = default;
  ProviderHandle& operator=(ProviderHandle&&) = default;
  ~ProviderHandle();  //!< lets go without the GIL: threads may end with it that need the GIL

  const llm::Provider& provider() const { return provider_; }
  //! Raises Unsupported where a class of Python does not say how.
  llm::LLMProvider& own(const char* method) const;

 private:
  llm::Provider provider_;
};

//! Whatever provider an object is; raises TypeError where it is none.
llm::Provider provider_of(const pybind11::handle& object);

//! As Python sees it: the very object where Python made it.
pybind11::object provider_object(const llm::Provider& provider);

//! A context that was handed down, as an object.
pybind11::object context_object(const Context& context);

}  // namespace persona::python

namespace pybind11::detail {

template <>
struct type_caster<persona::llm::Provider> {
  PYBIND11_TYPE_CASTER(persona::llm::Provider, const_name("LLMProvider"));
  bool load(handle source, bool) {
    if (source.is_none()) return true;  // the default, an empty one
    if (!isinstance<persona::python::ProviderHandle>(source)) return false;
    value = persona::python::provider_of(source);
    return true;
  }
  static handle cast(const persona::llm::Provider& source, return_value_policy, handle) {
    return persona::python::provider_object(source).release();
  }
};

}  // namespace pybind11::detail
