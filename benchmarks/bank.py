"""How long the import of a large bank takes: `python -m benchmarks.bank`.

The bank is the Italian ministry's for medicine (about 3,300 questions), which is not part of this repository: it is
looked for beside it, in `shared/data/banks`.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.figures import ROOT, Figure, chiron, environment, machine, say

COMMAND = "python -m benchmarks.bank"
BANK = ROOT.parent / "shared" / "data" / "banks" / "test_medicina.jsonl"
AIM_SECONDS = 10.0


def import_once(database: Path) -> tuple[float, str]:
    """Seconds of `chiron bank import`, process start included, and the last line that it printed."""
    begun = time.perf_counter()
    done = subprocess.run(
        chiron("bank", "import", str(BANK)),
        cwd=ROOT,
        env=environment(DATABASE_URL=f"sqlite+aiosqlite:///{database}"),
        capture_output=True,
        text=True,
        check=False,
    )
    taken = time.perf_counter() - begun
    if done.returncode not in {0, 1}:
        raise RuntimeError(done.stderr)
    return taken, done.stdout.strip().splitlines()[-1]


def run() -> list[Figure]:
    """Measure and give the figures."""
    if not BANK.exists():
        return [Figure("import of a large bank", "left out: test_medicina.jsonl is not here", "", None, COMMAND)]
    found = []
    with tempfile.TemporaryDirectory(prefix="chiron-bench-") as folder:
        for words in ("into an empty database", "again, into the same"):
            taken, told = import_once(Path(folder) / "bank.db")
            print(f"  {told}", flush=True)
            aim = f"< {AIM_SECONDS:.0f} s"
            found.append(Figure(f"bank import {words}", f"{taken:.1f} s", aim, taken < AIM_SECONDS, COMMAND))
    return found


def main() -> int:
    """Measure and print."""
    print(machine())
    return say(run())


if __name__ == "__main__":
    sys.exit(main())
