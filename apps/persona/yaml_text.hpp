//! YAML as JSON.
#pragma once

#include <persona/core/result.hpp>

#include <string>

namespace persona::cli {

//! The JSON of one YAML 1.2 document; text that begins as JSON does is returned as it is.
//! @errors invalid_argument: the message names the line; unsupported: tags, merge keys, a build without yaml-cpp
Result<std::string> json_of_yaml(const std::string& text);

}  // namespace persona::cli
