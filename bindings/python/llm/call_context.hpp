//! The Context of Python: a deadline, and a way to stop.
#pragma once

#include <persona/core/context.hpp>

#include <memory>
#include <optional>
#include <stop_token>

namespace persona::python {

class CallContext {
 public:
  //! Ends no later than its parent, if it has one, and is stopped with it.
  CallContext(std::optional<double> timeout, const CallContext* parent);
  //! That of a call under way.
  explicit CallContext(const Context& context) : stop_(context.stop), deadline_(context.deadline) {}

  void request_stop();
  bool stopped() const { return stop_.stop_requested(); }
  std::optional<double> remaining() const;  //!< seconds
  Context context() const { return {.stop = stop_, .deadline = deadline_}; }

 private:
  struct Pass {
    std::stop_source source;
    void operator()() { source.request_stop(); }
  };

  std::stop_source source_{std::nostopstate};
  std::stop_token stop_;
  std::chrono::steady_clock::time_point deadline_ = std::chrono::steady_clock::time_point::max();
  std::shared_ptr<std::stop_callback<Pass>> link_;  // to the parent
};

}  // namespace persona::python
