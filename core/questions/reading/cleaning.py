"""Text from outside, made fit to show: no control signs, no HTML, no stray blanks."""

import html
import re
import unicodedata

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_LINE_BREAKS = re.compile("\r\n?|[\x85\u2028\u2029]")
_BLANKS = re.compile("[^\\S\n]+")
_AROUND_BREAKS = re.compile(" ?\n ?")
_EMPTY_LINES = re.compile("\n{3,}")
_BREAKING_TAG = re.compile(r"<(?:br|/p|/div|/li|/tr)\s{0,9}/?>", re.IGNORECASE)
_RAISED = re.compile(r"<(su[bp])>([^<>]{1,60})</\1>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|abbr|b|big|center|code|div|em|font|h[1-6]|i|li|ol|p|pre|s|small|span|strike|strong|sub|sup|table|tbody|td"
    r"|th|tr|tt|u|ul)(?:\s+[a-z-]{1,30}=[^<>]{0,300})?\s{0,9}/?>",
    re.IGNORECASE,
)
_CARET_AFTER_POWER = re.compile(r"(\^\d{1,3})\^(?=[^\W\d_]{2})")
_LONELY_CARET = re.compile(r"(?<=\s)\^(?=[^\W\d_]{2})|\^\s{0,9}$")
_ANCHORED = re.compile(
    r"\b(?:"
    r"ness(?:un[oa]?|un') (?:delle|dei|degli|di queste|di questi|altra|altro)\b"
    r"|tutt[ei] (?:le|gli|i) (?:altr[ei]|precedenti|risposte|alternative|opzioni|affermazioni)\b"
    r"|(?:le|nelle|delle|dalle) altre (?:risposte|alternative|opzioni|affermazioni|possibilit)"
    r"|(?:le|nelle|delle|dalle) (?:risposte |alternative |opzioni |affermazioni )?precedenti\b"
    r"|entramb[ei] (?:le|gli|i) (?:altr[ei]|precedenti|risposte|alternative|opzioni|affermazioni)\b"
    r"|(?:none|all|both|neither|any) of (?:the|these|those)\b"
    r"|both (?:the )?(?:answers|options|statements|choices)\b"
    r")|^(?:entramb[ei]|both|le altre|tutte|nessuna|all|none)\W*$",
    re.IGNORECASE,
)
_LETTERS = re.compile(
    r"^(?:(?:sia|solo|both|only|le risposte|le opzioni|answers|options) )?"
    r"[A-E](?:, [A-E])* (?:ed?|o|and|or|che) [A-E]\W*$"
)


def without_controls(text: str) -> str:
    """The text without NUL, other control signs, direction overrides and halves of characters."""
    return _CONTROL.sub("", _LINE_BREAKS.sub("\n", text))


def paragraphs(text: str) -> str:
    """The text with single blanks, at most one empty line in a row and nothing around it."""
    text = _BLANKS.sub(" ", unicodedata.normalize("NFC", without_controls(text)))
    if "\n" in text:
        text = _EMPTY_LINES.sub("\n\n", _AROUND_BREAKS.sub("\n", text))
    return text.strip()


def one_line(text: str) -> str:
    """The text on one line, with single blanks and nothing around it."""
    return " ".join(unicodedata.normalize("NFC", without_controls(text)).split())


def without_html(text: str) -> str:
    """The text without tags and entities; “x < 3 e y > 2” is no tag."""
    if "<" in text:
        text = _RAISED.sub(lambda found: ("^(" if found[1].lower() == "sup" else "_(") + found[2] + ")", text)
        text = _TAG.sub("", _BREAKING_TAG.sub("\n", text))
    return html.unescape(text) if "&" in text else text


def without_stray_carets(text: str) -> str:
    """The text without carets that raise nothing: leftovers of a superscript that was empty."""
    if "^" not in text:
        return text
    return _LONELY_CARET.sub("", _CARET_AFTER_POWER.sub(r"\1 ", text))


def refers_to_others(option: str) -> bool:
    """Whether an option speaks of other options or of their places, so that they must keep their order."""
    return bool(_ANCHORED.search(option) or _LETTERS.match(option))


def slug_of(text: str) -> str:
    """A name made of small letters, digits and hyphens; empty if nothing of the text can be kept."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
