"""Content that comes with the program."""

from pathlib import Path

STARTER = Path(__file__).parent / "starter"
"""Folder of the starter bank."""
