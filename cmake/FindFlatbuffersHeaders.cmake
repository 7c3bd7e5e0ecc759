# The header-only part of FlatBuffers, target flatbuffers::headers. Distributions differ in the names of
# their packages and libraries, not in where the header is.
find_path(FlatbuffersHeaders_INCLUDE_DIR flatbuffers/flatbuffers.h)
mark_as_advanced(FlatbuffersHeaders_INCLUDE_DIR)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(FlatbuffersHeaders REQUIRED_VARS FlatbuffersHeaders_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "install libflatbuffers-dev (Debian, Ubuntu) or flatbuffers (vcpkg, Conan)")

if(FlatbuffersHeaders_FOUND AND NOT TARGET flatbuffers::headers)
  add_library(flatbuffers::headers INTERFACE IMPORTED GLOBAL)
  target_include_directories(flatbuffers::headers SYSTEM INTERFACE ${FlatbuffersHeaders_INCLUDE_DIR})
endif()
