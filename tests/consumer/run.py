#!/usr/bin/env python3
"""Consumes persona the way users do, each way a small project that is built and run.

usage: run.py WAY --build BUILD_DIR [--cxx COMPILER]

Each way makes the same thousand people, which must be those of the persona command, byte for byte.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# Persona is built anew only to be found and linked: without optimisation, and the people must be the same.
QUICK = ["-DCMAKE_UNITY_BUILD=ON", "-DCMAKE_UNITY_BUILD_BATCH_SIZE=12", "-DCMAKE_CXX_FLAGS_RELEASE=-O0"]
# What an installed persona must not ask its users for.
UNSEEN = [f"-DCMAKE_DISABLE_FIND_PACKAGE_{name}=ON" for name in ("fmt", "nlohmann_json", "Boost", "Eigen3", "CLI11")]


class Way:
    """One way to consume persona, in its own folder; the commands are printed as a user would type them."""

    def __init__(self, name, build, cxx):
        self.build, self.cxx = build, cxx
        self.folder = build / "consumer" / name
        self.folder.mkdir(parents=True, exist_ok=True)

    def run(self, *command, env=None, cwd=None):
        print("$", *command, flush=True)
        subprocess.run([str(part) for part in command], check=True, env={**os.environ, **(env or {})}, cwd=cwd)

    def output(self, *command, env=None):
        print("$", *command, flush=True)
        return subprocess.run([str(part) for part in command], check=True, env={**os.environ, **(env or {})},
                              stdout=subprocess.PIPE, text=True).stdout

    def cmake(self, source, build, *options):
        compiler = [f"-DCMAKE_CXX_COMPILER={self.cxx}"] if self.cxx else []
        self.run("cmake", "-S", source, "-B", build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
                 "--log-level=WARNING", "--no-warn-unused-cli", *compiler, *options)
        self.run("cmake", "--build", build)

    def fresh(self, name):
        path = self.folder / name
        shutil.rmtree(path, ignore_errors=True)
        return path

    def same_people(self, *program, database=True, env=None):
        """Runs a program that writes people; compares them with the persona command's."""
        people, stored, asked = (self.folder / f"people.{kind}" for kind in ("ndjson", "db", "asked.ndjson"))
        for old in self.folder.glob("people.*"):
            old.unlink()
        self.run(*program, HERE / "people.json", people, *([stored] if database else []), env=env)
        self.run(self.build / "persona", "generate", HERE / "people.json", "--count", "1000", "--seed", "7",
                 "--out", asked)
        if people.read_bytes() != asked.read_bytes():
            sys.exit(f"{people} and {asked} differ: not the same people")
        print("the same 1000 people as the persona command's")


def install(way, build):
    prefix = way.fresh("prefix")
    way.run("cmake", "--install", build, "--prefix", prefix, "--component", "Unspecified")
    return prefix


def consume_prefix(way, prefix):
    """Also after a move: nothing in the package may point to where it was installed first."""
    moved = way.fresh("moved")
    prefix.rename(moved)
    way.cmake(HERE / "installed", way.fresh("build"), f"-DCMAKE_PREFIX_PATH={moved}", *UNSEEN)
    way.same_people(way.folder / "build/consumer")


def find_package_static(way):
    consume_prefix(way, install(way, way.build))


def build_shared(way):
    way.cmake(ROOT, way.folder / "library", "-DBUILD_SHARED_LIBS=ON", "-DPERSONA_TESTS=OFF", "-DPERSONA_CLI=OFF",
              "-DPERSONA_WERROR=ON", *QUICK[:2])  # optimised: which symbols it shows depends on it
    return install(way, way.folder / "library")


def find_package_shared(way):
    prefix = build_shared(way)
    symbols = way.output("nm", "-DC", "--defined-only", next(prefix.glob("lib*/**/libpersona.so")))
    foreign = [line for line in symbols.splitlines() if re.match(r"\S+ [TBDVW] ([\w:]+ )?(fmt|nlohmann|boost|Eigen|mu)::", line)]
    if foreign:
        sys.exit("libpersona.so shows symbols of others:\n" + "\n".join(foreign[:10]))
    consume_prefix(way, prefix)


def add_subdirectory(way):
    way.cmake(HERE / "embedded", way.folder / "build", *QUICK)
    way.same_people(way.folder / "build/consumer")


def pkg_config(way):
    prefix = install(way, way.build)
    moved = way.fresh("moved")
    prefix.rename(moved)
    folder = next(moved.glob("lib*/**/pkgconfig"))
    flags = way.output("pkg-config", "--cflags", "--libs", "persona-http", "persona-sqlite", env={"PKG_CONFIG_PATH": str(folder)}).split()
    program = way.folder / "consumer"
    way.run(way.cxx or "g++", "-std=c++20", HERE / "main.cpp", "-o", program, *flags)
    way.same_people(program)


def conan(way):
    tool = Path(sys.executable).with_name("conan")
    env = {"CONAN_HOME": str(way.folder / "home")}
    way.run(tool, "create", ROOT, "-pr:a", ROOT / "packaging/conan/profiles/debian12", "--no-remote",
            "-c", f"tools.cmake.cmaketoolchain:extra_variables={dict(re.match('-D(.*)=(.*)', one).groups() for one in QUICK)}",
            env=env)


def vcpkg(way):
    """There is no vcpkg here: its files are checked against the build they describe, not run."""
    port = ROOT / "packaging/vcpkg/persona"
    manifest = json.loads((port / "vcpkg.json").read_text())
    version = re.search(r'PERSONA_VERSION "([0-9.]+)"', (ROOT / "include/persona/core/version.hpp").read_text())[1]
    assert manifest["version-semver"] == version, "vcpkg.json states another version than version.hpp"
    portfile, cmake = (port / "portfile.cmake").read_text(), (ROOT / "CMakeLists.txt").read_text()
    for option in re.findall(r"PERSONA_\w+", portfile):
        assert re.search(rf"(option|set)\({option} ", cmake), f"portfile.cmake sets {option}, which is no option"
    features = set(re.findall(r"^    (\w+) PERSONA_\w+", portfile, re.MULTILINE))
    assert features == set(manifest["features"]), f"features {features} of portfile.cmake are not those of vcpkg.json"
    names = {name for one in manifest["dependencies"] for name in [one if isinstance(one, str) else one["name"]]}
    for found in re.findall(r"^persona_dependency\((\S+)", (ROOT / "cmake/PersonaDependencies.cmake").read_text(), re.M):
        port_name = {"nlohmann_json": "nlohmann-json", "Eigen3": "eigen3", "Boost": "boost-math",
                     "FlatbuffersHeaders": "flatbuffers"}.get(found, found)
        assert port_name in names, f"vcpkg.json lacks {port_name}"
    way.run("cmake", "-P", HERE / "vcpkg_stub.cmake", env={"PERSONA_PORT": str(port), "PERSONA_SCRATCH": str(way.folder)})


def pip(way):
    environment, wheels = way.fresh("environment"), way.fresh("wheels")
    way.run(sys.executable, "-m", "pip", "wheel", "-q", "--no-build-isolation", "--no-deps", "-w", wheels, ROOT)
    way.run(sys.executable, "-m", "venv", environment)
    way.run(environment / "bin/pip", "install", "-q", "--disable-pip-version-check", next(wheels.glob("*.whl")))
    way.same_people(environment / "bin/python", HERE / "people.py", database=False)
    if (way.build / "src/libpersona-postgres.a").exists():  # what CMake found for us it found for the wheel
        way.run(environment / "bin/python", "-c", "import persona; print('Postgres:', persona.postgres.schema_version())")


def amalgamated(way):
    way.run(sys.executable, ROOT / "tools/amalgamate.py", "--out", way.folder)
    program = way.folder / "consumer"
    include = way.fresh("include")  # main.cpp names the headers it would use otherwise
    for header in re.findall(r"#include <(persona.*\.hpp)>", (HERE / "main.cpp").read_text()):
        (include / header).parent.mkdir(parents=True, exist_ok=True)
        (include / header).write_text(f'#include "{way.folder}/persona.hpp"\n')
    way.run(way.cxx or "g++", "-std=c++20", "-O0", "-ffp-contract=off", "-DPERSONA_WITH_HTTP", "-DPERSONA_WITH_SQLITE",
            f"-I{include}",
            HERE / "main.cpp", way.folder / "persona.cpp", "-o", program, "-lmuparser", "-lcurl", "-lSQLiteCpp", "-lsqlite3",
            "-pthread")
    way.same_people(program)


WAYS = {function.__name__.replace("_", "-"): function for function in (
    find_package_static, find_package_shared, add_subdirectory, pkg_config, conan, vcpkg, pip, amalgamated)}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("way", choices=WAYS)
    parser.add_argument("--build", type=Path, required=True, help="a finished Release build")
    parser.add_argument("--cxx", help="the compiler of that build")
    arguments = parser.parse_args()
    try:
        WAYS[arguments.way](Way(arguments.way, arguments.build.resolve(), arguments.cxx))
    except subprocess.CalledProcessError as error:
        sys.exit(f"failed: {' '.join(map(str, error.cmd))}")
