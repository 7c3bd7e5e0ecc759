"""Ctrl-C while a function of the caller's runs within a call, and in a process that was forked within one."""

import signal
import subprocess
import sys

import pytest

import persona
from persona import llm


def interrupted(*given):
    signal.raise_signal(signal.SIGINT)


class Parrot(llm.LLMProvider):
    def name(self):
        return "parrot"

    def complete(self, request, context):
        return "hello"


@pytest.mark.parametrize("make", [
    lambda: llm.redacted(Parrot(), interrupted),
    lambda: llm.standard_stack(Parrot(), llm.StackOptions(events=interrupted)),
])
def test_ctrl_c_in_a_function_that_may_not_fail_is_raised_by_the_call(make, monkeypatch):
    told = []
    monkeypatch.setattr(sys, "unraisablehook", told.append)
    with pytest.raises(KeyboardInterrupt):
        make().complete(llm.Request("m", "hi"))
    assert told == []


def test_ctrl_c_while_a_key_is_found_is_raised():
    model = llm.openai(key=persona.Secret.from_function(interrupted), base_url="http://127.0.0.1:9/v1")
    with pytest.raises(KeyboardInterrupt):
        model.complete(llm.Request("m", "hi"))


FORKED = """
import os, signal
from persona import llm
request = llm.Request("m", "hi")
class Interrupted(llm.LLMProvider):
    def name(self): return "interrupted"
    def complete(self, request, context):
        signal.raise_signal(signal.SIGINT)
        return "missed"
class Forks(llm.LLMProvider):
    def name(self): return "forks"
    def complete(self, request, context):
        child = os.fork()
        return str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])) if child else interrupted()
def interrupted():
    try:
        return llm.retry(Interrupted()).complete(request).text
    except KeyboardInterrupt:
        return "stopped"
answer = llm.retry(Forks()).complete(request).text
if answer in ("stopped", "missed"):  # the child, which has come out of its parent's call
    os._exit(0 if answer == interrupted() == "stopped" else 1)
print(answer, interrupted(), flush=True)
"""


def test_ctrl_c_in_a_process_forked_within_a_call():
    done = subprocess.run([sys.executable, "-c", FORKED], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr, done.returncode) == ("0 stopped\n", "", 0)
