"""Content that comes with the program."""

from functools import cache
from pathlib import Path

from core.exams.formats import ExamFormat
from core.questions.model import Bank

STARTER = Path(__file__).parent / "starter"
"""Folder of the starter bank."""
EXAMS = Path(__file__).parent / "exams"
"""Folder of the exam files, one an exam."""


@cache
def bundled_bank() -> Bank:
    """The bank that comes with the program; read once, however often a program is started in one process."""
    from core.questions.reading import read_bank  # noqa: PLC0415 - `chiron --help` does not wait for the reader

    return read_bank(STARTER, "starter").bank


@cache
def bundled_exams() -> tuple[ExamFormat, ...]:
    """The exams that come with the program, in the order of their files; read once, as the bank is."""
    from core.exams.reading import read_exam  # noqa: PLC0415

    return tuple(read_exam(file) for file in sorted(EXAMS.glob("*.toml")))
