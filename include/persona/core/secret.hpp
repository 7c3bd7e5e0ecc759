//! A key that cannot be printed.
#pragma once

#include <persona/core/result.hpp>

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace persona {

//! Holds a key, or where to find it. There is no way to print, compare or serialize it; the bytes
//! are wiped when the last copy goes. Values found late are read anew for each use, so that a key
//! can be rotated while a program runs.
class Secret {
 public:
  Secret() = default;  //!< none
  PERSONA_EXPORT explicit Secret(std::string value);
  PERSONA_EXPORT static Secret from_environment(std::string variable);
  PERSONA_EXPORT static Secret from_file(std::string path);  //!< without the newline at its end
  PERSONA_EXPORT static Secret from(std::function<Result<std::string>()> source);

  bool is_set() const { return source_ != nullptr; }

  //! For the one place that sends it. @errors unauthenticated: nothing there; the message names the
  //! variable or file, never the value
  [[nodiscard]] PERSONA_EXPORT Result<std::string> reveal() const;

 private:
  struct Source;
  std::shared_ptr<const Source> source_;
};

//! Replaces by "***" the known secrets in a text, and whatever looks like one (`sk-...`, `Bearer ...`,
//! `x-api-key: ...`).
PERSONA_EXPORT std::string redact(std::string_view text, std::span<const Secret> known = {});

}  // namespace persona
