"""Calls of language models from Python: persona, the openai client and litellm in turns, on the server of bench_llm.cpp.

What is compared is the time above a raw socket that sends the same bytes (C++), in medians of the best round.
"""

import os
import pathlib
import subprocess
import sys

from report import report

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
PEERS = pathlib.Path(os.environ.get("PERSONA_BENCH_PYTHON", ROOT / ".venv-bench" / "bin" / "python"))
ROUNDS = 8
CALLS = {"raw": 300, "cpp dialect": 300, "cpp stack": 300, "dialect": 300, "stack": 300, "openai": 60, "litellm": 60}


class Caller:
    """A process that makes calls as it is told."""

    def __init__(self, *command):
        self.process = subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)

    def __call__(self, order):
        self.process.stdin.write(order + "\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def end(self):
        self.process.stdin.close()
        self.process.wait(timeout=30)


def measure(program, server):
    port = server.stdout.readline().strip()
    native = Caller(program, "--calls", port)
    callers = {name: Caller(PEERS if name in ("openai", "litellm") else sys.executable, HERE / "llm_caller.py", port, name)
               for name in ("dialect", "stack", "openai", "litellm")}
    best = dict.fromkeys(CALLS, float("inf"))
    for _ in range(ROUNDS):
        for name, calls in CALLS.items():
            took = callers[name](str(calls)) if name in callers else native(f"{name.removeprefix('cpp ')} {calls}")
            best[name] = min(best[name], took)
    for caller in [native, *callers.values()]:
        caller.end()
    return best


def main():
    program = next(iter(sorted(ROOT.glob("build*/benchmarks/bench_llm"))), None)
    if program is None:
        sys.exit("bench_llm is not built: make bench")
    if not PEERS.exists():
        sys.exit(f"there is no {PEERS}: tools/setup bench")
    server = subprocess.Popen([program, "--serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        best = measure(program, server)
    finally:
        server.stdin.close()
        server.wait(timeout=30)
    for name, took in best.items():
        print(f"{name:12} p50 {took:8.1f} us")
    above = {name: took - best["raw"] for name, took in best.items()}
    passed = report("llm_python_adds", best["stack"] - best["cpp stack"], "30 us allowed", 30.0, target=1, unit="us")
    passed &= report("llm_python_adds_dialect", best["dialect"] - best["cpp dialect"], "30 us allowed", 30.0, target=1,
                     unit="us")
    for peer in ("litellm", "openai"):
        for kind, ours in (("cpp", "cpp stack"), ("python", "stack"), ("cpp_dialect", "cpp dialect"),
                           ("python_dialect", "dialect")):
            passed &= report(f"llm_above_socket_{kind}_vs_{peer}", above[ours], peer, above[peer],
                             target=0 if "dialect" in kind else 20, unit="us")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
