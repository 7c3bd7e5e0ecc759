//! Files that other tools wrote: tests/prompt/golden, remade by `make golden`.
#pragma once

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace persona::testing {

inline std::string golden(const std::string& name) {
  std::ifstream file(PERSONA_SOURCE_DIR "/tests/prompt/golden/" + name, std::ios::binary);
  REQUIRE_MESSAGE(file.good(), name);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace persona::testing
