//! What a symbol needs to be seen outside a shared persona.
#pragma once

#if defined(_WIN32) && defined(PERSONA_SHARED)
#if defined(PERSONA_BUILDING)
#define PERSONA_EXPORT __declspec(dllexport)
#else
#define PERSONA_EXPORT __declspec(dllimport)
#endif
#elif defined(__GNUC__)
#define PERSONA_EXPORT __attribute__((visibility("default")))
#else
#define PERSONA_EXPORT
#endif
