"""How benchmarks measure, and where they write what they found: results.json, one entry a name."""

import json
import os
import pathlib
import time

RESULTS = pathlib.Path(os.environ.get("PERSONA_RESULTS", pathlib.Path(__file__).with_name("results.json")))


def cpu_ms(work):
    """Milliseconds of processor time of this process, whatever else the machine does."""
    begin = time.process_time()
    work()
    return 1e3 * (time.process_time() - begin)


def report(name, value, peer, peer_value, target=0.0, unit="ms CPU"):
    """Prints a line and replaces the entry of that name. Returns whether the target is met."""
    ratio = peer_value / value
    passed = ratio >= target
    print(f"{name:44} {value:10.1f} {unit}, {peer} {peer_value:.1f}: {ratio:.1f}x (target {target:.1f}x) "
          f"{'pass' if passed else 'FAIL'}")
    try:
        results = json.loads(RESULTS.read_text())
    except (OSError, ValueError):
        results = []
    entry = {"name": name, "value": value, "unit": unit, "peer": peer, "peer_value": peer_value, "ratio": ratio,
             "target": target, "pass": passed}
    names = [other.get("name") for other in results]
    if name in names:
        results[names.index(name)] = entry
    else:
        results.append(entry)
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")
    return passed
