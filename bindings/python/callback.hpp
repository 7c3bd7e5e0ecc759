//! Functions of Python that C++ keeps and calls from any of its threads.
#pragma once

#include "kept_object.hpp"
#include "result_caster.hpp"

#include <pybind11/pybind11.h>

#include <memory>
#include <string>
#include <utility>

namespace persona::python {

//! Shared by all copies.
class Callback {
 public:
  explicit Callback(pybind11::object function) : function_(std::make_shared<KeptObject>(std::move(function))) {}

  const pybind11::object& function() const { return function_->get(); }  // with the GIL

  //! What `work` makes of the function, with the GIL; what is raised becomes an error.
  template <class Work>
  auto call(Work&& work) const -> Result<decltype(work(std::declval<const pybind11::object&>()))> {
    const pybind11::gil_scoped_acquire acquire;
    try {
      return work(function());
    } catch (pybind11::error_already_set& raised) {
      return tl::unexpected(from_exception(raised.value()));
    } catch (const pybind11::cast_error& wrong) {
      return fail(Errc::invalid_argument, std::string("a function of Python returned something else: ") + wrong.what());
    }
  }

 private:
  std::shared_ptr<KeptObject> function_;
};

}  // namespace persona::python
