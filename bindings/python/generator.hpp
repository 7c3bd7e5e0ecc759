//! The generator of Python: it remembers how it was compiled, so that a pickle can compile it again.
#pragma once

#include <persona/persona_generator.hpp>

namespace persona::python {

struct Generator : PersonaGenerator {
  Generator(PersonaGenerator made, CompileOptions chosen)
      : PersonaGenerator(std::move(made)), options(std::move(chosen)) {}
  CompileOptions options;
};

}  // namespace persona::python
