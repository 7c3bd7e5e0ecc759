# What a developer gets without asking; a project that embeds persona keeps its own.
if(NOT PROJECT_IS_TOP_LEVEL)
  return()
endif()

get_property(persona_multi_config GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
if(NOT CMAKE_BUILD_TYPE AND NOT persona_multi_config)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug, Release, RelWithDebInfo or MinSizeRel" FORCE)
endif()

find_program(PERSONA_CCACHE ccache)
mark_as_advanced(PERSONA_CCACHE)
if(PERSONA_CCACHE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${PERSONA_CCACHE})
endif()

set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(PERSONA_TESTS)
  enable_testing()
endif()
