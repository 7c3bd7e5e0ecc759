//! Collects what a contract finds broken.
#pragma once

#include <persona/core/result.hpp>

#include <string>
#include <utility>
#include <vector>

namespace persona::testing {

//! Collects the promises that are broken.
class ContractCheck {
 public:
  explicit ContractCheck(std::string part) : part_(std::move(part)) {}

  //! @param promise  what should be so, as a sentence
  void that(bool holds, const std::string& promise) {
    if (!holds) failures_.push_back(part_ + ": " + promise);
  }

  template <class T>
  bool succeeds(const Result<T>& result, const std::string& promise) {
    that(result.has_value(), promise + (result ? "" : ", but: " + to_string(result.error())));
    return result.has_value();
  }

  template <class T>
  void fails(const Result<T>& result, Errc code, const std::string& promise) {
    that(!result.has_value() && result.error().code == code,
         promise + " (" + std::string(to_string(code)) +
             "), but: " + (result ? "it succeeds" : to_string(result.error())));
    if (!result) that(!result.error().message.empty(), promise + " with a message");
  }

  const std::vector<std::string>& failures() const { return failures_; }

 private:
  std::string part_;
  std::vector<std::string> failures_;
};

}  // namespace persona::testing
