# The few commands of this repository. `make help` lists them.
.DEFAULT_GOAL := build
.PHONY: help build demo test bench peers golden format check formatted headers tidy documents sanitize coverage fuzz clean

py    := .venv/bin/python
count ?= 1000000
seed  ?= 2019
seconds ?= 60

help:  ## say what there is to make
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /make \1\t/' | expand -t 16

build:  ## build the library and the persona command into build/
	@tools/setup
	@cmake --preset release -DPERSONA_TESTS=OFF --log-level=WARNING
	@cmake --build --preset release

demo: build  ## a million adults of Massachusetts, and a prompt made better offline; a report proves each
	build/persona generate examples/massachusetts.json --count $(count) --seed $(seed) \
	  --out massachusetts.db --replace --report report.html
	build/persona optimize "sentence -> kind: 'animal'|'plant'|'tool'" --data examples/kinds.jsonl --model offline \
	  --calls 3000 --html optimization.html

# The wheel keeps its build folder, and compiles the library as the build does, by the same compiler name (Python
# would say g++): ccache then has it already.
wheel := CXX=$${CXX:-c++} SKBUILD_BUILD_DIR=build-python
pip_install = $(wheel) $(py) -m pip install -q --no-build-isolation --no-deps --force-reinstall .

test:  ## build and run all tests: C++, installed consumers, Python, the command
	@tools/setup full
	@cmake --preset release -DPERSONA_TESTS=ON --log-level=WARNING
	@cmake --build --preset release
	$(wheel) ctest --preset release --parallel 2
	$(pip_install)
	$(py) -m pytest -q tests/python tests/cli
	$(py) -m pytest -q tests/llm_peers

bench:  ## measure against the peers; ONLY=name runs one
	@tools/setup bench
	@cmake --preset release -DPERSONA_TESTS=ON -DPERSONA_BENCHMARKS=ON --log-level=WARNING
	@cmake --build --preset release
	$(pip_install)
	$(py) benchmarks/run.py $(if $(ONLY),--only $(ONLY))

peers:  ## let DSPy and LangChain load the prompts we write, and read theirs
	@tools/setup peers
	$(wheel) .venv-peers/bin/python -m pip install -q --no-build-isolation --no-deps --force-reinstall .
	.venv-peers/bin/python -m pytest -q tests/prompt_peers

golden:  ## let DSPy and LangChain write tests/prompt/golden anew
	@tools/setup peers
	.venv-peers/bin/python tests/prompt_peers/write_golden.py

format:  ## format all C++
	@tools/setup full
	@git ls-files '*.hpp' '*.cpp' | xargs .venv/bin/clang-format -i

check: formatted headers tidy documents  ## formatting, each header alone, clang-tidy, floors and documents

formatted:
	@tools/setup full
	git ls-files '*.hpp' '*.cpp' | xargs .venv/bin/clang-format --dry-run -Werror

headers tidy: build-clang/build.ninja

build-clang/build.ninja: CMakePresets.json
	@tools/setup full
	cmake --preset clang --log-level=WARNING

headers:
	cmake --build --preset clang --target all_verify_interface_header_sets

tidy:
	@cmake build-clang --log-level=WARNING >/dev/null  # a new source is in the list of commands
	tools/tidy build-clang

documents:
	@tools/setup full
	for test in tests/*_test.py; do $(py) $$test || exit 1; done

sanitize:  ## the C++ tests under the address, undefined-behaviour and thread sanitizers
	@tools/setup full
	tools/sanitize

coverage:  ## count the lines the C++ tests reach; fails below 90 %
	@tools/setup full
	@cmake --preset coverage --log-level=WARNING
	@cmake --build --preset coverage --target tests/all
	@find build-coverage -name '*.gcda' -delete
	for tests in build-coverage/tests/persona_*tests; do $$tests || exit 1; done
	$(py) -m gcovr build-coverage --root . --filter src/core --filter src/population --filter include/persona \
	  --merge-lines --gcov-ignore-parse-errors=negative_hits.warn --fail-under-line 90

fuzz:  ## feed the reader of specifications whatever bytes come, for a minute; seconds=N for longer
	@tools/setup full
	@cmake --preset fuzz --log-level=WARNING
	@cmake --build --preset fuzz --target spec_fuzz
	@mkdir -p build-fuzz/corpus
	build-fuzz/tests/fuzz/spec_fuzz -dict=tests/fuzz/spec.dict -max_total_time=$(seconds) -print_final_stats=1 \
	  -artifact_prefix=build-fuzz/ build-fuzz/corpus tests/fuzz/seeds examples/specs

clean:  ## remove what was built; .venv stays
	rm -rf build build-* dist report.html optimization.html massachusetts.db massachusetts.db-*
