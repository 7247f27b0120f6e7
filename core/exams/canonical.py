"""An exam as plain JSON and back, without loss: fractions are texts such as "-1/4"."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from core.exams.formats import ExamFormat

_FORMAT = TypeAdapter(ExamFormat)


def dump(exam: ExamFormat) -> dict[str, Any]:
    """The exam as JSON can hold it; the order of what is called by a key (names, weights) means nothing."""
    dumped: dict[str, Any] = _FORMAT.dump_python(exam, mode="json")
    return dumped


def load(content: Mapping[str, Any]) -> ExamFormat:
    """The exam behind what `dump` gave; what an older version did not know yet has its default.

    Raises:
        ValueError: It is no exam.
    """
    return _FORMAT.validate_python(content)


def fingerprint(exam: ExamFormat) -> str:
    """Sha-256 of everything the exam says, as hex: the same file gives the same, whatever it was read on."""
    canonical = json.dumps(dump(exam), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()
