# One function makes every library of persona.
include(GNUInstallDirs)

# persona_private(TARGET): what only the sources of persona are compiled with.
function(persona_private target)
  # No fused multiply-add behind our back: the same people on every machine.
  target_compile_options(${target} PRIVATE -ffp-contract=off -Wall -Wextra
    -Wno-missing-field-initializers)  # aggregates are filled by name; the rest keeps its default
  if(PERSONA_WERROR)
    target_compile_options(${target} PRIVATE -Werror
      $<$<CXX_COMPILER_ID:GNU>:-Wno-error=restrict>)  # GCC bug 105651: warns of "text" + std::string
  endif()
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src)
  # Header-only libraries leave no trace in the installed package.
  target_link_libraries(${target} PRIVATE
    $<BUILD_INTERFACE:nlohmann_json::nlohmann_json> $<BUILD_INTERFACE:fmt::fmt-header-only>
    $<BUILD_INTERFACE:Boost::headers> $<BUILD_INTERFACE:Eigen3::Eigen> $<BUILD_INTERFACE:flatbuffers::headers>)
endfunction()

# persona_component(NAME [HEADERS..] [SOURCES..] [PUBLIC targets..] [PRIVATE targets..])
#
# Makes persona::NAME and its install rules. HEADERS are relative to include/persona. Without SOURCES it is
# an interface library; else static, or shared with BUILD_SHARED_LIBS.
function(persona_component name)
  cmake_parse_arguments(arg "" "" "HEADERS;SOURCES;PUBLIC;PRIVATE" ${ARGN})
  set(target persona_${name})
  if(name STREQUAL persona)
    set(target persona)
  endif()

  if(arg_SOURCES)
    set(scope PUBLIC)
    add_library(${target} ${arg_SOURCES})
    persona_private(${target})
    target_link_libraries(${target} PRIVATE ${arg_PRIVATE})
    target_compile_definitions(${target} PRIVATE PERSONA_BUILDING)
    if(BUILD_SHARED_LIBS)
      target_compile_definitions(${target} PUBLIC PERSONA_SHARED)
    endif()
    string(REPLACE _ - file ${target})
    set_target_properties(${target} PROPERTIES
      OUTPUT_NAME ${file}
      VERSION ${PROJECT_VERSION}
      SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
      POSITION_INDEPENDENT_CODE ON)
    if(BUILD_SHARED_LIBS AND CMAKE_SYSTEM_NAME STREQUAL Linux AND NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize")
      target_link_options(${target} PRIVATE -Wl,--no-undefined)  # what is missing is said here, not at the user's
      # Boost makes its exceptions visible whatever we say: they stay inside.
      target_link_options(${target} PRIVATE -Wl,--version-script=${PROJECT_SOURCE_DIR}/cmake/foreign.map)
    endif()
    if(NOT (BUILD_SHARED_LIBS AND PERSONA_TESTS))  # the tests look at private parts too
      set_target_properties(${target} PROPERTIES CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
    endif()
  else()
    set(scope INTERFACE)
    add_library(${target} INTERFACE)
  endif()
  add_library(persona::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  target_compile_features(${target} ${scope} cxx_std_20)
  target_link_libraries(${target} ${scope} ${arg_PUBLIC})

  set(include ${PROJECT_SOURCE_DIR}/include)
  list(TRANSFORM arg_HEADERS PREPEND ${include}/persona/)
  target_sources(${target} ${scope} FILE_SET HEADERS BASE_DIRS ${include} FILES ${arg_HEADERS})
  set_target_properties(${target} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ${PROJECT_IS_TOP_LEVEL})

  if(PERSONA_INSTALL)
    install(TARGETS ${target} EXPORT persona-${name} FILE_SET HEADERS)
    install(EXPORT persona-${name} FILE persona-${name}-targets.cmake NAMESPACE persona::
      DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/persona)
    set_property(GLOBAL APPEND PROPERTY persona_components ${name})
  endif()
endfunction()
