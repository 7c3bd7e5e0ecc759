//! Whole files of text.
#pragma once

#include <persona/core/result.hpp>

#include <string>

namespace persona::cli {

//! @errors not_found, io
Result<std::string> read_text_file(const std::string& path);

//! Replaces the file at once, or leaves it as it was. @errors io
Status write_text_file(const std::string& path, const std::string& text);

}  // namespace persona::cli
