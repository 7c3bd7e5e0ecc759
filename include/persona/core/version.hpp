//! The version of persona, stated once; CMake, Conan and Python read it from here.
#pragma once

#define PERSONA_VERSION_MAJOR 0
#define PERSONA_VERSION_MINOR 1
#define PERSONA_VERSION_PATCH 0
#define PERSONA_VERSION "0.1.0"
