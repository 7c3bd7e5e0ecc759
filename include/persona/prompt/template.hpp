//! Text with named slots, in versions.
#pragma once

#include <persona/core/result.hpp>
#include <persona/prompt/fields.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace persona::prompt {

//! "Dear {{name}}": slots in double braces, nothing is evaluated. `{{{{` is a literal pair.
class Template {
 public:
  //! @errors invalid_argument: an open brace, a slot that is no name
  [[nodiscard]] PERSONA_EXPORT static Result<Template> parse(std::string text, std::string name = {}, int version = 1);

  const std::vector<std::string>& slots() const { return slots_; }
  const std::string& text() const { return text_; }
  const std::string& name() const { return name_; }
  int version() const { return version_; }
  //! @errors invalid_argument: a slot without a value; the message names it
  [[nodiscard]] PERSONA_EXPORT Result<std::string> fill(const Fields& values) const;

 private:
  std::string text_, name_;
  int version_ = 1;
  std::vector<std::string> slots_;
};

}  // namespace persona::prompt
