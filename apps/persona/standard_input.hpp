//! What is typed or piped in, read so that Ctrl-C ends the wait.
#pragma once

#include <persona/core/context.hpp>
#include <persona/core/result.hpp>

#include <optional>
#include <string>

namespace persona::cli {

class StandardInput {
 public:
  static bool is_terminal();

  //! All that is left. @errors cancelled, io
  Result<std::string> rest(const Context& context);
  //! The next line without its end; none after the last. @errors cancelled, io
  Result<std::optional<std::string>> line(const Context& context);

 private:
  Result<bool> more(const Context& context);  // false at the end

  std::string read_;
};

}  // namespace persona::cli
