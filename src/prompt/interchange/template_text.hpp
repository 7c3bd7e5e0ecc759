//! Templates as Python's f-strings and in double braces.
#pragma once

#include "chat_template.hpp"

#include <string>
#include <string_view>

namespace persona::prompt {

//! "Dear {name}", a literal brace doubled. @errors invalid_argument: a brace alone; unsupported: {0}, {a.b}, {a:>8}
Result<TemplateText> read_f_string(std::string_view text, const JsonPath& path);
std::string f_string_of(const TemplateText& text);

//! "Dear {{name}}", of mustache, jinja and nunjucks. @errors unsupported: tags and filters, which are code
Result<TemplateText> read_double_braces(std::string_view text, const JsonPath& path, std::string_view language);
//! For nunjucks: its tags are quoted where they stand in the text.
std::string nunjucks_of(const TemplateText& text);

}  // namespace persona::prompt
