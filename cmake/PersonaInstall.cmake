# What an installed persona is found by: CMake's package files and pkg-config.
include(CMakePackageConfigHelpers)

get_property(persona_components GLOBAL PROPERTY persona_components)
set(persona_shared OFF)
if(BUILD_SHARED_LIBS)
  set(persona_shared ON)
endif()
set(persona_cmake_dir ${CMAKE_INSTALL_LIBDIR}/cmake/persona)

configure_package_config_file(cmake/persona-config.cmake.in ${PROJECT_BINARY_DIR}/persona-config.cmake
  INSTALL_DESTINATION ${persona_cmake_dir})
# Until 1.0 a minor version may change anything.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/persona-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/persona-config.cmake ${PROJECT_BINARY_DIR}/persona-config-version.cmake
  DESTINATION ${persona_cmake_dir})

# The files find their prefix from where they lie, so an installed tree may be moved.
file(RELATIVE_PATH persona_pc_prefix /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
string(REGEX REPLACE "/$" "" persona_pc_prefix "${persona_pc_prefix}")
if(BUILD_SHARED_LIBS)
  set(persona_pc_static .private)  # a static archive's own needs are its user's
endif()
set(persona_sqlite_library sqlite3)
if(PERSONA_SQLCIPHER)
  set(persona_sqlite_library sqlcipher)
  install(FILES cmake/PersonaSqlcipher.cmake DESTINATION ${persona_cmake_dir})
endif()
foreach(component IN ITEMS persona http postgres sqlite)
  if(component IN_LIST persona_components)
    string(REPLACE persona-persona persona file persona-${component}.pc)
    configure_file(packaging/pkgconfig/${file}.in ${PROJECT_BINARY_DIR}/${file} @ONLY)
    install(FILES ${PROJECT_BINARY_DIR}/${file} DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
  endif()
endforeach()

install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
