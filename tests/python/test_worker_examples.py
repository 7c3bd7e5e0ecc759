"""The workers of examples/, in C++ and in Python, do every kind of job; what is done twice is there once."""

import http.server
import json
import os
import pathlib
import subprocess
import sys
import threading

import pytest

from postgres_server import PASSWORD

ROOT = pathlib.Path(__file__).parents[2]
PAGE = 20  # people that `write` is given


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((self.headers["Idempotency-Key"], self.headers["Content-Type"], json.loads(body)))
        self.send_response(self.server.statuses.pop(0))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


@pytest.fixture
def receiver():
    """An HTTP server that keeps what it was told, and answers with `statuses` in turn."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.received, server.statuses = [], []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=["C++", "Python"])
def work(request, database, receiver):
    """Runs the example until all its jobs have ended; returns what it prints."""
    program = [sys.executable, ROOT / "examples/worker.py"]
    if request.param == "C++":
        built = pathlib.Path(os.environ.get("PERSONA_EXAMPLES", ROOT / "build/examples")) / "persona_example_worker"
        if not built.exists():
            pytest.skip(f"{built} is not built; PERSONA_EXAMPLES names another folder")
        program = [built]
    environment = {**os.environ, "PEOPLE_PASSWORD": PASSWORD, "PEOPLE_SCHEMA": database.options.get("schema", "")}
    environment.pop("PEOPLE_MODEL", None)
    arguments = [database.where, ROOT / "examples/town.json", ROOT / "examples/kinds.jsonl",
                 f"http://127.0.0.1:{receiver.server_port}/made"]

    def run():
        done = subprocess.run([*program, *arguments], capture_output=True, text=True, env=environment)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def jobs_of(database, kind):
    with database.open_jobs() as queue:
        return [job for job in queue.list(limit=1000) if job.work.kind == kind]


def test_all_kinds_of_jobs_are_done(database, receiver, work):
    receiver.statuses = [503, 200]
    printed = work()
    assert all(f"{kind} completed" in printed for kind in ("generate", "write", "optimize", "webhook")), printed
    [generated], [written], [optimized], [told] = (
        jobs_of(database, kind) for kind in ("generate", "write", "optimize", "webhook"))
    assert (generated.result, written.result, told.result) == (
        {"people": 5000}, {"people": PAGE, "asked": PAGE}, {"status": 200})
    assert optimized.result["certificate"] and generated.state == "completed"
    assert receiver.received == [(str(told.id), "application/json", {"made": "sample"})] * 2  # tried again under its key
    runs = database.open_run_ledger()
    assert runs.runs == [f"job {optimized.id}"] and runs.report(f"job {optimized.id}")


def test_what_is_done_twice_is_there_once(database, receiver, work):
    receiver.statuses = [200, 200]
    work()
    with database.open_records() as records:
        before = records.list("profile", limit=1000)
    work()
    assert [job.result["asked"] for job in jobs_of(database, "write")] == [PAGE, 0]
    with database.open_records() as records:
        assert records.list("profile", limit=1000) == before
    assert sorted(one.id for one in before) == sorted(f"sample/{index}" for index in range(PAGE))
    assert all(one.version == 1 and one.person == one.id and one.body["profile"] for one in before)
    assert len({key for key, _, _ in receiver.received}) == len(receiver.received) == 2  # one for each job, told once
    with database.open() as storage:
        assert storage.find("sample").count == 5000


def test_who_was_erased_is_left_alone(database, receiver, work):
    receiver.statuses = [200, 200]
    work()
    with database.open_records() as records:
        records.erase_person("sample/3", actor="officer")
        work()
        assert [(job.state, job.result["asked"]) for job in jobs_of(database, "write")] == [("completed", PAGE), ("completed", 1)]
        assert len(records.list("profile", limit=1000)) == PAGE - 1


def test_a_refused_webhook_is_not_tried_again(database, receiver, work):
    receiver.statuses = [410]
    assert "webhook dead" in work()
    [told] = jobs_of(database, "webhook")
    assert told.attempt == 1 and "the receiver says 410" in told.error and len(receiver.received) == 1
