//! JSON as text, so that no JSON library shows in a header.
#pragma once

#include <string>

namespace persona {

//! A JSON document as it is written.
struct JsonText {
  std::string text = "null";
  bool operator==(const JsonText&) const = default;
};

}  // namespace persona
