"""persona as a Conan 2 package."""

import os
import re

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import load


class Persona(ConanFile):
    name = "persona"
    description = "Synthetic people from a specification"
    license = "MIT"
    topics = ("synthetic-data", "population", "statistics", "persona")
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False], "fPIC": [True, False], "http": [True, False],
               "postgres": [True, False], "sqlite": [True, False]}
    default_options = {"shared": False, "fPIC": True, "http": True, "postgres": False,
                       "sqlite": True}
    implements = ["auto_shared_fpic"]
    exports_sources = "CMakeLists.txt", "LICENSE", "cmake/*", "include/*", "src/*", "packaging/pkgconfig/*", "docs/spec.schema.json"
    test_package_folder = "packaging/conan/test_package"

    def set_version(self):
        header = load(self, os.path.join(self.recipe_folder, "include/persona/core/version.hpp"))
        self.version = re.search(r'PERSONA_VERSION "([0-9.]+)"', header).group(1)

    def requirements(self):
        self.requires("tl-expected/[>=1.0 <2]", transitive_headers=True)
        self.requires("muparser/[>=2.3 <3]")
        for header_only in ("nlohmann_json/[>=3.11 <4]", "fmt/[>=9.1 <13]", "boost/[>=1.74 <2]", "eigen/[>=3.4 <4]",
                            "flatbuffers/[>=2.0]"):
            self.requires(header_only, visible=False, libs=False)
        if self.options.http:
            self.requires("libcurl/[>=7.80 <9]")
        if self.options.postgres:
            self.requires("libpq/[>=14 <18]")
        if self.options.sqlite:
            self.requires("sqlitecpp/[>=3.2 <4]")

    def build_requirements(self):
        self.tool_requires("cmake/[>=3.25]")

    def validate(self):
        check_min_cppstd(self, 20)

    def layout(self):
        cmake_layout(self)

    def generate(self):
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["PERSONA_HTTP"] = bool(self.options.http)
        toolchain.cache_variables["PERSONA_POSTGRES"] = "ON" if self.options.postgres else "OFF"
        toolchain.cache_variables["PERSONA_SQLITE"] = bool(self.options.sqlite)
        toolchain.cache_variables["PERSONA_CLI"] = False
        toolchain.cache_variables["PERSONA_TESTS"] = False
        toolchain.generate()
        CMakeDeps(self).generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        CMake(self).install()

    def package_info(self):
        # The package's own config file describes the targets, here as everywhere.
        self.cpp_info.set_property("cmake_find_mode", "none")
        self.cpp_info.builddirs = ["lib/cmake/persona"]
