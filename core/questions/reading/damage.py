"""Items of the ministry's set that lost a “<”.

Their way through HTML took each “<” for the start of a tag and dropped everything up to the next “>” or the end: of
“x < 3” remained “x ”, of “0 < x < 4 ∨ x > 5” remained “0  5”. Such an item can no longer be answered, even where its
options still differ.
"""

import re
from collections.abc import Sequence

_RELATION = re.compile(r"[<>≤≥≠]")
_ANY_RELATION = re.compile(r"[<>≤≥≠=]")
_TO_SOLVE = re.compile(r"\bdisequazione\b|\bsoluzioni dell[’']equazione\b", re.IGNORECASE)
_GAP = re.compile(r"(?<![A-Za-z])[a-z0-9] {2,}[–−-]?\d")
_RAISED_FROM_NOTHING = re.compile(r"[\d\]π]\s\^[–−-]?\d|[a-z]\s_\d/\d")
_CUT_SHORT = re.compile(r"\b(?:intervallo|insieme|sia|per) [–−-]?\s?[\dπ]+\s*$|\b[a-z]\([a-z]\)\s+$", re.IGNORECASE)
_TERM = re.compile(r"[–−-]?\s?[\w^+/().°]{1,10}(?:\s/\s\d{1,2})?\s*$")
_UNRELATED = re.compile(r"\b[a-z] ?[–−-] ?\d+(?:/\d+)?\s(?:∨|$)|\b[a-z]\s+∨")


def lost_sign(text: str, options: Sequence[str]) -> str | None:
    """What shows that the item lost a “<”, or None.

    Args:
        text: The question as it stood in the file; its blanks are what gives the loss away.
        options: The options as they stood in the file.
    """
    if (_TO_SOLVE.search(text) and not _ANY_RELATION.search(text)) or _CUT_SHORT.search(text):
        return "the question compares nothing"
    for part in (text, *options):
        if _GAP.search(part) or _RAISED_FROM_NOTHING.search(part):
            return f"in “{_excerpt(part)}”"
    if any(_RELATION.search(option) for option in options):
        for option in options:
            cut = option != option.rstrip() and _TERM.match(option)
            if not _RELATION.search(option) and (cut or _UNRELATED.search(option)):
                return f"in “{_excerpt(option)}”"
    return None


def _excerpt(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 40 else text[:39] + "…"
