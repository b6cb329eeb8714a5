"""The rulebook read at the start of every process, beside reading the same files with the YAML library alone.

The cost grows with the number of lines in the rulebook; what checking shapes and references adds is the ratio.
"""

from __future__ import annotations

import subprocess
import sys

from benchmarks.report import last_line, machine, table

RUNS = 7
OURS = (
    "import time; from liandong.registers.law.loader import rulebook; from liandong.registers.law import glossary;"
    "start = time.process_time(); rulebook(); glossary.terms(); print(time.process_time() - start)"
)
PEER = (
    "import time, yaml; from liandong.kernel.paths import rulebook_folder; start = time.process_time();"
    "files = [*rulebook_folder().rglob('*.yaml')]; texts = [file.read_bytes() for file in files];"
    "[yaml.load(text, Loader=yaml.CSafeLoader) for text in texts]; print(time.process_time() - start)"
)


def best_ms(program: str) -> float:
    """Milliseconds of processor time that `program` prints, the least of several fresh processes."""
    times = [float(subprocess.check_output([sys.executable, "-c", program], text=True)) for _ in range(RUNS)]
    return round(min(times) * 1000, 1)


def main() -> None:
    """Measure and print."""
    ran_on, ours, peer = machine(), best_ms(OURS), best_ms(PEER)
    table(
        "rulebook read in a fresh process (processor time)",
        [
            ("rulebook and glossary, every reference checked", ours, "ms"),
            ("the same files, YAML library alone", peer, "ms"),
            ("ratio", round(ours / peer, 2), "×"),
        ],
    )
    last_line({"rulebook": {"ran_on": ran_on, "ours_ms": ours, "yaml_alone_ms": peer, "ratio": round(ours / peer, 2)}})


if __name__ == "__main__":
    main()
