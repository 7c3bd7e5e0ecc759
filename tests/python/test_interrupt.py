"""Ctrl-C ends long calls, at once and cleanly."""

import signal
import subprocess
import sys
import threading
import time

import pytest

WORK = """
import sys, time, persona
generator = persona.PersonaGenerator.compile(
    persona.SpecBuilder("many").attribute("x", persona.Normal()).attribute("y", persona.Gamma(2, 3))
    .attribute("z", persona.LogNormal()))
try:
    print("ready", flush=True)
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
def test_ctrl_c_raises_keyboard_interrupt(tmp_path, call):
    process = subprocess.Popen([sys.executable, "-c", WORK.format(call=call), tmp_path], stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"ready\n"
    time.sleep(0.5)  # into the call; any moment will do
    process.send_signal(signal.SIGINT)
    assert process.stdout.readline() == b"stopped\n"  # by itself, each call would last for hours
    assert process.wait(timeout=30) == 0
    assert list(tmp_path.iterdir()) == []


def test_other_threads_run_meanwhile(generator, tmp_path):
    def end_it():
        while not any(tmp_path.iterdir()):  # the call has not begun
            time.sleep(0.005)
        signal.raise_signal(signal.SIGINT)

    thread = threading.Thread(target=end_it)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        generator.write(tmp_path / "people.csv", count=10**10)
    thread.join()
