//! A run that changes what is asked within another.
#pragma once

#include <persona/prompt/flow.hpp>

#include <string_view>

namespace persona::prompt {

//! All but `predict` is the other's.
class RunWithin : public Run {
 public:
  llm::Provider through(const llm::Provider& model, std::string_view model_name) final {
    return whole_.through(model, model_name);
  }
  void set_sample(int sample) final { whole_.set_sample(sample); }
  const Context& context() const final { return whole_.context(); }

 protected:
  explicit RunWithin(Run& whole) : whole_(whole) {}
  Run& whole_;
};

}  // namespace persona::prompt
