"""Every measurement, and a table of what it should be: `python -m benchmarks [--quick]`.

Exits with 1 if an aim was missed. `--quick` takes fewer and shorter rounds: good to see that it runs, not to quote.
"""

import argparse
import sys

from benchmarks import archive, bank, context, deadlines, mentor, start, turns
from benchmarks.figures import machine, say


def main() -> int:
    """Measure everything and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Every measurement.")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    options = parser.parse_args()
    print(f"Chiron's benchmarks; {machine()}\n")
    found = [
        *turns.run(quick=options.quick),
        *start.run(quick=options.quick),
        *bank.run(),
        *archive.run(quick=options.quick),
        *context.run(),
        *mentor.run(quick=options.quick),
        *deadlines.run(sections=100 if options.quick else deadlines.SECTIONS),
    ]
    print()
    return say(found)


if __name__ == "__main__":
    sys.exit(main())
