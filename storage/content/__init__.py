"""Content that comes with the program."""

from pathlib import Path

from core.exams.formats import ExamFormat

STARTER = Path(__file__).parent / "starter"
"""Folder of the starter bank."""
EXAMS = Path(__file__).parent / "exams"
"""Folder of the exam files, one an exam."""


def bundled_exams() -> list[ExamFormat]:
    """The exams that come with the program, in the order of their files."""
    from core.exams.reading import read_exam  # noqa: PLC0415 - `chiron --help` does not wait for the reader

    return [read_exam(file) for file in sorted(EXAMS.glob("*.toml"))]
