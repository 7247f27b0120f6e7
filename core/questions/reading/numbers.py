"""Exact numbers as banks write them."""

import re
from fractions import Fraction

from core.questions.reading.report import Problem

_EXACT = re.compile(r"[+-]?[0-9]{1,30}(?:\.[0-9]{1,30}|/[0-9]{1,30})?")


def exact(text: str) -> Fraction:
    """The number behind “-0.75” or “3/4”.

    Raises:
        Problem: The text is neither a decimal number nor a fraction.
    """
    plain = text.strip().replace("−", "-")
    if not _EXACT.fullmatch(plain):
        raise Problem("bad-number", {"value": text[:60]})
    try:
        return Fraction(plain)
    except ZeroDivisionError:
        raise Problem("bad-number", {"value": text[:60]}) from None
