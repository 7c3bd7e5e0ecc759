//! Long calls that let other threads of Python run, and that Ctrl-C ends.
#pragma once

#include "result_caster.hpp"

#include <persona/core/context.hpp>

#include <functional>
#include <optional>
#include <utility>

namespace persona::python {

//! Runs `work` on a thread of its own without the GIL. The caller looks for signals every 50 ms and,
//! where one raises, stops the work before it passes the exception on.
//!
//! @param progress  None, or called with (done, total) on the caller's thread; what it raises stops the work
void run_interruptible(const std::function<void(const Context&)>& work, const pybind11::object& progress);

//! The result of `work`, or what it failed with raised.
template <class Work>
auto interruptible(Work&& work, const pybind11::object& progress = pybind11::none()) {
  std::optional<decltype(work(std::declval<const Context&>()))> result;
  run_interruptible([&](const Context& context) { result.emplace(work(context)); }, progress);
  return unwrap(std::move(*result));
}

}  // namespace persona::python
