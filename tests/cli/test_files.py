"""Nothing half done: databases that are added to, Ctrl-C, full folders, terminals."""

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time

import pytest


def test_a_database_is_added_to_and_names_are_taken_once(persona):
    persona("generate", "town.json", "-n", 10, "-o", "people.db")
    done = persona("generate", "town.json", "-n", 20, "-o", "people.db", code=1)
    assert "'town'" in done.stderr and "--replace" in done.stderr
    persona("generate", "town.json", "-n", 20, "-o", "people.db", "--name", "others")
    persona("generate", "town.json", "-n", 30, "-o", "people.db", "--replace")
    text = persona("describe", "people.db").stdout
    assert "others" in text and " 30 " in text and " 10 " not in text


def size(persona):
    total = 0
    for entry in os.scandir(persona.folder):
        with contextlib.suppress(FileNotFoundError):  # a journal that was there a moment ago
            total += entry.stat().st_size
    return total


def wait_until(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not begin"
        time.sleep(0.02)


@pytest.mark.parametrize("name", ["people.csv", "people.ndjson", "people.arrow", "people.db"])
@pytest.mark.parametrize("signal_", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_leaves_nothing(persona, name, signal_):
    process = persona.start("generate", "town.json", "-n", "1e10", "-o", name, "--report", "r.html", stderr=subprocess.PIPE)
    wait_until(lambda: size(persona) > 300_000)
    process.send_signal(signal_)
    assert process.wait(timeout=20) == 130
    assert b"stopped" in process.stderr.read()
    assert persona.files() == set()


def test_a_signal_leaves_what_was_there_before(persona):
    persona("generate", "town.json", "-n", 10, "-o", "people.db")
    persona.write("people.csv", "old")
    for arguments in (["people.db", "--name", "more"], ["people.db", "--replace"], ["people.csv"]):
        before = size(persona)
        process = persona.start("generate", "town.json", "-n", "1e10", "-o", *arguments, stderr=subprocess.DEVNULL)
        wait_until(lambda: size(persona) > before + 300_000)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 130
    assert (persona.folder / "people.csv").read_text() == "old"
    described = persona("describe", "people.db").stdout
    assert "1 population\n" in described and " 10 " in described
    assert {name for name in persona.files() if not name.startswith("people.db-")} == {"people.csv", "people.db"}


def unread(pipe):
    return struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, b"\0" * 4))[0]


def is_pending(pid, signal_):
    with open(f"/proc/{pid}/status") as lines:
        pending = next(line.split()[1] for line in lines if line.startswith("ShdPnd:"))
    return int(pending, 16) >> (signal_ - 1) & 1 == 1


@pytest.mark.parametrize("before", [[], [signal.SIGUSR1]], ids=["alone", "after another signal"])
def test_ctrl_c_ends_a_wait_for_stdin(persona, before):
    process = persona.start("check", "-", stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdin.write(b"{")
    process.stdin.flush()
    wait_until(lambda: not unread(process.stdin))
    for other in before:
        process.send_signal(other)
        wait_until(lambda other=other: not is_pending(process.pid, other))
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 130


@pytest.mark.parametrize("name", ["no/folder/people.csv", "no/folder/people.db", "."])
def test_a_file_that_cannot_be_written_is_named(persona, name):
    done = persona("generate", "town.json", "-n", 10, "-o", name, *(["--format", "csv"] if name == "." else []), code=1)
    assert name in done.stderr and persona.files() == set()


def on_terminal(persona, *arguments):
    master, slave = pty.openpty()
    process = persona.start(*arguments, stderr=slave, stdout=subprocess.DEVNULL)
    os.close(slave)
    shown = b""
    while True:
        select.select([master], [], [], 30)
        try:
            part = os.read(master, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(master)
    assert process.wait(timeout=30) == 0
    return shown.decode()


def test_progress_shows_on_a_terminal_and_only_there(persona):
    arguments = ["generate", "town.json", "-n", "300k", "-o", "people.csv"]
    shown = on_terminal(persona, *arguments)
    assert "generating" in shown and " left" in shown and "\r" in shown
    assert "people.csv: 300,000 people" in shown.rsplit("\033[K", 1)[1]
    quiet = persona(*arguments).stderr
    assert "generating" not in quiet and "\r" not in quiet and "\033" not in quiet
    assert on_terminal(persona, *arguments, "--quiet") == ""
