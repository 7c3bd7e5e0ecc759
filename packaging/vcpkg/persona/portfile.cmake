# Builds the checkout this port lies in: vcpkg install persona --overlay-ports=packaging/vcpkg
get_filename_component(SOURCE_PATH ${CMAKE_CURRENT_LIST_DIR}/../../.. ABSOLUTE)

vcpkg_check_features(OUT_FEATURE_OPTIONS FEATURE_OPTIONS
  FEATURES
    http PERSONA_HTTP
    postgres PERSONA_POSTGRES
    sqlite PERSONA_SQLITE
    cli PERSONA_CLI)

vcpkg_cmake_configure(SOURCE_PATH ${SOURCE_PATH}
  OPTIONS ${FEATURE_OPTIONS} -DPERSONA_TESTS=OFF -DPERSONA_INSTALL=ON)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(CONFIG_PATH lib/cmake/persona)
vcpkg_fixup_pkgconfig()
if("cli" IN_LIST FEATURES)
  vcpkg_copy_tools(TOOL_NAMES persona AUTO_CLEAN)
endif()

file(REMOVE_RECURSE ${CURRENT_PACKAGES_DIR}/debug/include ${CURRENT_PACKAGES_DIR}/debug/share)
vcpkg_install_copyright(FILE_LIST ${SOURCE_PATH}/LICENSE)
