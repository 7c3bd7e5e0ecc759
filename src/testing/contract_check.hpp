//! What the parts of a contract are written with.
#pragma once

#include <persona/storage/storage.hpp>

#include <cstdint>
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

//! Rows with a column of each type, values missing here and there, and hostile names and texts.
Population mixed_population(std::int64_t rows);

//! A small specification as JSON.
std::string small_spec();

// The parts about reading; each gets an empty storage.
void check_values_survive(Storage& storage, ContractCheck& check);
void check_pages(Storage& storage, ContractCheck& check);
void check_filters_hold(Storage& storage, ContractCheck& check);
void check_wrong_queries(Storage& storage, ContractCheck& check);
void check_injections(Storage& storage, ContractCheck& check);
void check_streams(Storage& storage, ContractCheck& check);
void check_recipes(Storage& storage, ContractCheck& check);

}  // namespace persona::testing
