//! Calls that wait for others: without the GIL, and ended by Ctrl-C. Cheap enough for every call.
#pragma once

#include "call_context.hpp"
#include "result_caster.hpp"

#include <functional>
#include <optional>
#include <utility>

namespace persona::python {

//! Runs `work` without the GIL, where it stands. Python's signals come to its main thread alone: there
//! Ctrl-C stops the work, and KeyboardInterrupt is raised after it. Where signals have other handlers in
//! Python, the work is lent a thread that is kept for it, so that they can run meanwhile: the caller looks for
//! them every 50 ms and, where one raises, stops the work before it passes the exception on.
void run_call(const std::function<void(const Context&)>& work, const CallContext* context);

//! Runs `work` without the GIL, where it stands, whoever has which handlers: on this very thread, for functions of
//! Python that it calls. They see Ctrl-C themselves.
void run_in_place(const std::function<void()>& work);

//! The result of `work` as it is.
template <class Work>
auto call_result(Work&& work, const CallContext* context) {
  std::optional<decltype(work(std::declval<const Context&>()))> result;
  run_call([&](const Context& given) { result.emplace(work(given)); }, context);
  return std::move(*result);
}

//! The value, or what it failed with raised.
template <class Work>
auto call(Work&& work, const CallContext* context = nullptr) {
  return unwrap(call_result(std::forward<Work>(work), context));
}

}  // namespace persona::python
