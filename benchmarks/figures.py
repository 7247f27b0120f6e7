"""What a measurement says: a figure, what it should be, and how to get it again."""

import os
import platform
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report; `reached` is None where there is no aim."""

    name: str
    value: str
    aim: str
    reached: bool | None
    command: str

    def line(self) -> str:
        """The figure in one line."""
        mark = {True: "✓", False: "✗", None: "·"}[self.reached]
        aim = f"aim {self.aim}" if self.aim else ""
        return f"{mark} {self.name:<46} {self.value:<44} {aim:<18} {self.command}"


def say(figures: Sequence[Figure]) -> int:
    """Print figures; gives 1 if an aim was missed, else 0."""
    for figure in figures:
        print(figure.line(), flush=True)
    return int(any(figure.reached is False for figure in figures))


def machine() -> str:
    """What it was measured on."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, load average {load:.1f} at the start"


def spread(values: Sequence[float], form: str = ".2f") -> str:
    """Median, smallest and largest."""
    return f"{statistics.median(values):{form}} ({min(values):{form}} to {max(values):{form}})"


def environment(**changes: str) -> dict[str, str]:
    """The environment of a program under measurement: no proxy between it and loopback."""
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return kept | changes


def chiron(*arguments: str) -> list[str]:
    """The command line of this installation's `chiron`."""
    return [sys.executable, "-m", "bot", *arguments]
