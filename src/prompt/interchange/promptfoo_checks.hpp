//! Assertions of promptfoo and metrics.
#pragma once

#include "core/json_document.hpp"

#include <persona/prompt/predictor.hpp>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace persona::prompt {

//! Reads assertions of test after test: expected values into fields, kinds into metrics.
class AssertionReader {
 public:
  //! @param values  of the test; where an assertion says what is expected, the field "answer" is put there
  //! @errors invalid_argument: not a list of assertions
  Status read(const Json& assertions, const JsonPath& path, Fields& values);

  const std::vector<std::string>& metrics() const { return metrics_; }
  //! The one field that all metrics judge; empty where there are none or several.
  std::string judged_field() const;
  void add_notes(std::vector<std::string>& notes) const;

 private:
  void take(std::string_view metric, std::string_view field);
  void leave(const std::string& kind, const JsonPath& path);

  std::vector<std::string> metrics_, fields_;
  std::map<std::string, std::pair<int, std::string>> left_;  // by kind: how many, and where the first stands
};

//! "exact_match(kind)" as an assertion that compares with the test's variable, and takes the field out of what a
//! predictor writes. @errors unsupported: promptfoo has no such assertion; not_found: no such output
Result<Json> assertion_of(std::string_view metric, const Predictor& predictor);

}  // namespace persona::prompt
