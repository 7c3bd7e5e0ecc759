# The libraries persona is built with, by the names that Debian, Ubuntu, vcpkg and Conan share.
include(FetchContent)

# persona_dependency(NAME VERSION.. [URL.. SHA256..] [GIT.. TAG..] [HEADERS_ONLY] [FIND args..])
#
# Finds a package; with PERSONA_FETCH_DEPS, downloads the pinned one where the system has none.
# HEADERS_ONLY unpacks without running its CMake files.
macro(persona_dependency name)
  cmake_parse_arguments(dep "HEADERS_ONLY" "URL;SHA256;GIT;TAG" "FIND" ${ARGN})
  if(NOT PERSONA_FETCH_DEPS)
    find_package(${name} ${dep_FIND} REQUIRED)
  else()
    if(dep_URL)
      set(dep_from URL ${dep_URL} URL_HASH SHA256=${dep_SHA256} DOWNLOAD_EXTRACT_TIMESTAMP OFF)
    else()
      set(dep_from GIT_REPOSITORY ${dep_GIT} GIT_TAG ${dep_TAG} GIT_SHALLOW ON)
    endif()
    if(dep_HEADERS_ONLY)
      list(APPEND dep_from SOURCE_SUBDIR no-cmake-here)
    endif()
    FetchContent_Declare(${name} ${dep_from} SYSTEM FIND_PACKAGE_ARGS ${dep_FIND})
    FetchContent_MakeAvailable(${name})
  endif()
endmacro()

# persona_headers_target(TARGET FOLDER): a stand-in where only headers were unpacked.
function(persona_headers_target target folder)
  if(NOT TARGET ${target})
    add_library(${target} INTERFACE IMPORTED GLOBAL)
    target_include_directories(${target} SYSTEM INTERFACE ${folder})
  endif()
endfunction()

if(PERSONA_FETCH_DEPS)  # what the fetched projects would otherwise decide for us
  set(CMAKE_POLICY_DEFAULT_CMP0077 NEW)
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
  if(NOT DEFINED BUILD_SHARED_LIBS)
    set(BUILD_SHARED_LIBS OFF)
  endif()
  foreach(option IN ITEMS EXPECTED_BUILD_TESTS ENABLE_SAMPLES ENABLE_OPENMP SQLITECPP_RUN_CPPLINT SQLITECPP_RUN_CPPCHECK
      DOCTEST_WITH_TESTS FMT_INSTALL)
    set(${option} OFF)
  endforeach()
endif()

find_package(Threads REQUIRED)
persona_dependency(tl-expected FIND 1.0 CONFIG
  URL https://github.com/TartanLlama/expected/archive/refs/tags/v1.1.0.tar.gz
  SHA256 1db357f46dd2b24447156aaf970c4c40a793ef12a8a9c2ad9e096d9801368df6)
persona_dependency(nlohmann_json FIND 3.11 CONFIG
  URL https://github.com/nlohmann/json/releases/download/v3.11.3/json.tar.xz
  SHA256 d6c65aca6b1ed68e7a182f4757257b107ae403032760ed6ef121c9d55e81757d)
persona_dependency(fmt FIND 9.1...<13 CONFIG
  URL https://github.com/fmtlib/fmt/archive/10.2.1.tar.gz
  SHA256 1250e4cc58bf06ee631567523f48848dc4596133e163f02615c97f78bab6c811)
persona_dependency(muparser FIND 2.3 CONFIG
  URL https://github.com/beltoforion/muparser/archive/refs/tags/v2.3.4.tar.gz
  SHA256 0c3fa54a3ebf36dda0ed3e7cd5451c964afbb15102bdbcba08aafb359a290121)
persona_dependency(Eigen3 HEADERS_ONLY FIND 3.4 CONFIG
  URL https://gitlab.com/libeigen/eigen/-/archive/3.4.0/eigen-3.4.0.tar.bz2
  SHA256 b4c198460eba6f28d34894e3a5710998818515104d6e74e5cc331ce31e46e626)
persona_dependency(Boost HEADERS_ONLY FIND 1.74
  GIT https://github.com/boostorg/math.git TAG boost-1.83.0)  # stands alone since 1.77
persona_dependency(FlatbuffersHeaders HEADERS_ONLY FIND MODULE
  URL https://github.com/google/flatbuffers/archive/refs/tags/v23.5.26.tar.gz
  SHA256 1cce06b17cddd896b6d73cc047e36a254fb8df4d7ea18a46acf16c4c0cd3f3f3)
if(PERSONA_FETCH_DEPS)
  if(NOT TARGET muparser::muparser)  # its own build says only muparser
    add_library(muparser::muparser ALIAS muparser)
  endif()
  persona_headers_target(Eigen3::Eigen "${eigen3_SOURCE_DIR}")
  persona_headers_target(Boost::headers "${boost_SOURCE_DIR}/include")
  persona_headers_target(flatbuffers::headers "${flatbuffersheaders_SOURCE_DIR}/include")
endif()

if(PERSONA_SQLITE)
  if(PERSONA_SQLCIPHER)  # of the system always
    include(PersonaSqlcipher)
    if(NOT sqlcipher_LIBRARY OR NOT sqlcipher_INCLUDE_DIR)
      message(FATAL_ERROR "PERSONA_SQLCIPHER: neither pkg-config nor CMake finds sqlcipher")
    endif()
    set(SQLITECPP_INTERNAL_SQLITE OFF)
  endif()
  persona_dependency(SQLiteCpp FIND 3.2 CONFIG
    URL https://github.com/SRombauts/SQLiteCpp/archive/3.2.0.tar.gz
    SHA256 57f91ed44ef205fe97b8c6586002fe6031cd02771d1c5d8415d9c515ad1532d1)
endif()
if(PERSONA_POSTGRES)  # of the system always, as below
  if(PERSONA_POSTGRES STREQUAL AUTO)
    find_package(PostgreSQL 14 QUIET)
  else()
    find_package(PostgreSQL 14 REQUIRED)
  endif()
endif()
if(PERSONA_HTTP STREQUAL "AUTO")
  find_package(CURL 7.80 QUIET)
  if(NOT CURL_FOUND)
    message(STATUS "libcurl 7.80 is not there: no persona::http")
    set(PERSONA_HTTP OFF)
  endif()
elseif(PERSONA_HTTP)
  find_package(CURL 7.80 REQUIRED)  # of the system always: it holds the system's certificates and security updates
endif()
if(PERSONA_CLI)
  persona_dependency(CLI11 FIND 2.1 CONFIG
    URL https://github.com/CLIUtils/CLI11/archive/v2.4.2.tar.gz
    SHA256 f2d893a65c3b1324c50d4e682c0cdc021dd0477ae2c048544f39eed6654b699a)
  find_package(yaml-cpp 0.6 CONFIG QUIET)  # of the system, or `persona convert-prompt` reads JSON alone
endif()
if(PERSONA_TESTS)
  persona_dependency(doctest FIND 2.4 CONFIG
    URL https://github.com/doctest/doctest/archive/refs/tags/v2.4.11.tar.gz
    SHA256 632ed2c05a7f53fa961381497bf8069093f0d6628c5f26286161fbd32a560186)
  if(doctest_SOURCE_DIR)
    list(APPEND CMAKE_MODULE_PATH ${doctest_SOURCE_DIR}/scripts/cmake)
  endif()
endif()
if(PERSONA_PYTHON)
  find_package(Python 3.9 REQUIRED COMPONENTS Interpreter Development.Module)
  persona_dependency(pybind11 FIND 2.10 CONFIG
    URL https://github.com/pybind/pybind11/archive/refs/tags/v2.13.6.tar.gz
    SHA256 e08cb87f4773da97fa7b5f035de8763abc656d87d5773e62f6da0587d1f0ec20)
endif()
