"""Ctrl-C ends long calls, at once and cleanly."""

import signal
import subprocess
import sys
import time

import pytest

WORK = """
import sys, time, persona
generator = persona.PersonaGenerator.compile(
    persona.SpecBuilder("many").attribute("x", persona.Normal()).attribute("y", persona.Gamma(2, 3))
    .attribute("z", persona.LogNormal()))
print("ready", flush=True)
try:
    {call}
except KeyboardInterrupt:
    print("stopped", flush=True)
    assert len(generator.generate(count=10)) == 10  # it still works
"""


@pytest.mark.parametrize("call", [
    "generator.write(sys.argv[1] + '/people.csv', count=10**10)",
    "persona.MemoryStorage().put('x', generator.stream(count=10**10))",
    "[generator.generate(count=2_000_000) for _ in range(10**6)]",
])
def test_ctrl_c_raises_keyboard_interrupt_within_half_a_second(tmp_path, call):
    process = subprocess.Popen([sys.executable, "-c", WORK.format(call=call), tmp_path], stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"ready\n"
    time.sleep(0.5)  # into the call; any moment will do
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert process.stdout.readline() == b"stopped\n"
    assert time.monotonic() - began < 2  # 0.5 s on an idle machine
    assert process.wait(timeout=30) == 0
    assert list(tmp_path.iterdir()) == []


def test_other_threads_run_meanwhile(generator):
    import threading

    ticks, done = [], threading.Event()

    def tick():
        while not done.wait(0.005):
            ticks.append(time.monotonic())

    thread = threading.Thread(target=tick)
    thread.start()
    generator.generate(count=1_000_000, seed=1)
    done.set()
    thread.join()
    assert len(ticks) > 5
