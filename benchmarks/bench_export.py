"""CSV of 1e6 people with 10 attributes: persona against pandas, in turns, on the same values."""

import pathlib
import subprocess
import sys
import tempfile

import pandas

from report import cpu_ms, report

ROUNDS = 3


def main():
    root = pathlib.Path(__file__).resolve().parents[1]
    program = next(iter(sorted(root.glob("build*/benchmarks/bench_export"))), None)
    if program is None:
        sys.exit("bench_export is not built: make bench")
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "people.arrow"
        subprocess.run([program, "arrow", file], check=True)
        frame = pandas.read_feather(file)
    ours, peer = [], []
    for _ in range(ROUNDS):
        ours.append(float(subprocess.run([program, "csv"], check=True, capture_output=True).stdout))
        peer.append(cpu_ms(lambda: frame.to_csv("/dev/null", index=False)))
    passed = report("csv_1e6x10", min(ours), f"pandas {pandas.__version__} to_csv", min(peer), target=12)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
