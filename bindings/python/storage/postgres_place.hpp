//! Where a Postgres database is, as Python says it.
#pragma once

#include "llm/call.hpp"

#include <persona/core/clock.hpp>
#include <persona/core/secret.hpp>

#include <memory>
#include <string>
#include <utility>

namespace persona::python {

//! What `work` makes of the connection string, without the GIL. It comes as a Secret: it may hold a password, and
//! Python shows arguments that do not fit.
template <class Work>
auto opened(const Secret& connection, Work&& work) {
  return call([&](const Context&) { return connection.reveal().and_then(work); });
}

//! The same for what can be stopped.
template <class Work>
auto opened(const Secret& connection, const CallContext* context, Work&& work) {
  const auto found = [&](const Context& given) {
    return connection.reveal().and_then([&](const std::string& text) { return work(text, given); });
  };
  return call(found, context);
}

inline std::shared_ptr<Clock> this_or_system(std::shared_ptr<Clock> clock) {
  return clock ? std::move(clock) : system_clock();
}

}  // namespace persona::python
