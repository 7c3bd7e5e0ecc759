//! Who watches a long call.
#pragma once

#include <cstdint>
#include <string_view>

namespace persona {

//! How far a long call has come.
struct Progress {
  std::string_view task;    //!< "generate", "report", ...
  std::uint64_t done = 0;   //!< in units of the task, rows for a population
  std::uint64_t total = 0;  //!< 0 where it is not known
};

//! Told about progress. Calls come from one thread at a time, not always the caller's.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void on_progress(const Progress& progress) = 0;

 protected:
  Observer() = default;
  Observer(const Observer&) = default;
  Observer& operator=(const Observer&) = default;
};

}  // namespace persona
