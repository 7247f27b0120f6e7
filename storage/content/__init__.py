"""Content that comes with the program."""

from pathlib import Path

STARTER = Path(__file__).parent / "starter"
"""Folder of the starter bank."""
EXAMS = Path(__file__).parent / "exams"
"""Folder of the exam files, one an exam."""
