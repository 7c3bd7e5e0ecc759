"""Servers and clients that nobody here wrote, started by the tests and ended with them."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request

import pytest

import scenarios

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parents[1]
PACKAGES = pathlib.Path(os.environ.get("PERSONA_PEERS", ROOT / ".cache" / "llm_peers"))


def specification():
    """OpenAI's own, beside the repository, or beside the folder with its worktrees."""
    inside = pathlib.Path("shared", "data", "openai_openapi", "openai-subset.json")
    places = [folder / inside for folder in ROOT.parents]
    return next((place for place in places if place.exists()), places[0])


SPECIFICATION = pathlib.Path(os.environ.get("PERSONA_OPENAI_SPEC", specification()))
KEY = "canary-5a17e9-never-show-this"


def pytest_terminal_summary(terminalreporter):
    """How many courses of events the mock plays: tests/llm_peers is held to 60 at least."""
    terminalreporter.write_line(f"{len(scenarios.CASES)} scenarios of aimock, {len(scenarios.OFFICIAL)} questions to "
                                "the official clients")


@pytest.fixture(scope="session")
def packages():
    """The folder with the npm packages of package-lock.json, which `tools/setup full` installs."""
    if shutil.which("node") is None:
        pytest.skip("there is no node: tools/setup full")
    stamp = PACKAGES / "installed.lock"
    if not stamp.exists() or stamp.read_text() != (HERE / "package-lock.json").read_text():
        pytest.skip(f"the peers are not in {PACKAGES}: tools/setup full installs them where npm is to be had")
    return PACKAGES


@pytest.fixture(scope="session")
def program():
    """persona_llm_call, of the build of this tree unless PERSONA_LLM_CALL names another."""
    binary = pathlib.Path(os.environ.get("PERSONA_LLM_CALL", ROOT / "build" / "tests" / "persona_llm_call"))
    if not binary.exists():
        pytest.skip(f"there is no {binary}: make test builds it")
    return binary


@pytest.fixture(scope="session")
def call(program):
    """Makes one call: call("openai", url, request, "--stream") is what came of it."""

    def run(dialect, url, request, *flags):
        done = subprocess.run([program, dialect, url, *map(str, flags)], input=json.dumps(request), text=True,
                              capture_output=True, timeout=60, env={**os.environ, "PERSONA_CALL_KEY": KEY}, check=False)
        assert done.returncode == 0, done.stderr
        assert KEY not in done.stdout + done.stderr, "the key is shown"
        return json.loads(done.stdout)

    return run


class Mock:
    """aimock, with the journal of what it was sent."""

    def __init__(self, url):
        self.url = url

    def journal(self, word):
        """All requests in whose body the word stands, in order."""
        with urllib.request.urlopen(f"{self.url}/__aimock/journal?limit=100000") as answer:
            entries = json.load(answer)
        entries = entries if isinstance(entries, list) else entries["entries"]
        return [entry for entry in entries if word in json.dumps(entry["body"])]


@pytest.fixture(scope="session")
def mock(packages, tmp_path_factory):
    fixtures = tmp_path_factory.mktemp("aimock") / "fixtures.json"
    fixtures.write_text(json.dumps({"fixtures": scenarios.fixtures()}))
    server = subprocess.Popen(["node", HERE / "serve.mjs", fixtures], cwd=packages, stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True)
    url = server.stdout.readline().strip()
    assert url.startswith("http"), "aimock did not start"
    yield Mock(url)
    server.stdin.close()
    server.wait(timeout=20)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def usable_specification(folder):
    """A message of the user with parts is two of the items at once, of which the specification allows one."""
    document = json.loads(SPECIFICATION.read_text())
    item = document["components"]["schemas"]["InputItem"]
    item["anyOf"] = item.pop("oneOf")
    path = folder / "openai.json"
    path.write_text(json.dumps(document))
    return path


@pytest.fixture(scope="session")
def prism(packages, tmp_path_factory):
    """Prism, which checks every request against OpenAI's specification."""
    if not SPECIFICATION.exists():
        pytest.skip(f"there is no {SPECIFICATION}: PERSONA_OPENAI_SPEC names another")
    usable = usable_specification(tmp_path_factory.mktemp("prism"))
    port = free_port()
    server = subprocess.Popen(["node", packages / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js", "mock",
                               usable, "-p", str(port)], cwd=packages, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    until = time.monotonic() + 120
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(url + "/models", timeout=5)
            break
        except urllib.error.HTTPError:
            break  # it answers
        except OSError:
            time.sleep(0.2)
    assert server.poll() is None, "Prism did not start"
    yield url
    server.terminate()
    server.wait(timeout=20)


@pytest.fixture(scope="session")
def official(packages, mock):
    """Makes calls with the official clients: official([{"client": ..., "body": ...}]) is what came of each."""

    def run(calls):
        done = subprocess.run(["node", HERE / "official.mjs"], cwd=packages, text=True, capture_output=True, timeout=120,
                              input=json.dumps({"url": mock.url, "key": KEY, "calls": calls}), check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run
