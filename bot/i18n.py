"""Words in Italian and English, from Fluent catalogues. Arguments are escaped here, once and last."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, format_time, get_month_names
from babel.numbers import format_decimal
from fluent.runtime import FluentBundle, FluentResource
from fluent.runtime.resolver import MAX_PART_LENGTH
from fluent.syntax.ast import Junk
from markupsafe import Markup, escape

LOCALES = Path(__file__).parent / "locales"
LANGUAGES = ("it", "en")
_BABEL = {"it": "it_IT", "en": "en_GB"}
_STAND_IN = f"\ue000{secrets.token_hex(8)}:{{}}\ue001"
"""Stands in a text for a value that Fluent refuses as too long; nobody can write it."""

Value = str | int | Decimal | Markup


class MissingText(LookupError):  # noqa: N818 - read as a sentence
    """A catalogue has no such text, or it cannot be formatted: a fault of the program."""


class Translator:
    """One language's words. `t("key", name=value)` gives HTML that is safe to send."""

    def __init__(self, language: str, bundle: FluentBundle) -> None:
        self.language = language
        self._bundle = bundle
        self._fixed: dict[str, str] = {}

    def __call__(self, key: str, /, **values: Value) -> Markup:
        """The text of a key, with its values escaped unless they are markup already."""
        escaped: Mapping[str, Value] = {
            name: str(escape(value)) if isinstance(value, str) else value for name, value in values.items()
        }
        return Markup(self._format(key, escaped))  # noqa: S704 - the catalogue is ours, every value is escaped

    def plain(self, key: str, /, **values: Value) -> str:
        """The text of a key where no HTML is read: buttons, toasts, menus."""
        if values:
            return self._format(key, values)
        known = self._fixed.get(key)
        if known is None:
            known = self._fixed[key] = self._format(key, values)
        return known

    def number(self, value: Decimal | Fraction | int) -> str:
        """A number as it is written in this language (0,75 or 0.75); a fraction without an end as a/b."""
        if isinstance(value, Fraction):
            decimal = _finite(value)
            if decimal is None:
                return f"{value.numerator}/{value.denominator}".replace("-", "−")
            value = decimal
        written: str = format_decimal(value, locale=_BABEL[self.language], decimal_quantization=False)
        return written.replace("-", "−")

    def amount(self, value: Decimal) -> str:
        """An amount of money without its sign: two decimals, and up to four where they say something."""
        written: str = format_decimal(value, format="#,##0.00##", locale=_BABEL[self.language])
        return written.replace("-", "−")

    def day(self, moment: datetime | date, zone: str = "UTC") -> str:
        """A day in words, in the person's zone."""
        if isinstance(moment, datetime):
            moment = moment.astimezone(ZoneInfo(zone)).date()
        return str(format_date(moment, format="long", locale=_BABEL[self.language]))

    def short_day(self, moment: datetime, zone: str) -> str:
        """Day and month."""
        local = moment.astimezone(ZoneInfo(zone))
        return str(format_skeleton("dMMM", local, locale=_BABEL[self.language]))

    def time(self, moment: datetime, zone: str) -> str:
        """Hours and minutes in the person's zone."""
        return str(format_time(moment.astimezone(ZoneInfo(zone)), format="short", locale=_BABEL[self.language]))

    def month(self, number: int) -> str:
        """The name of a month, 1 to 12, as it stands alone."""
        names = get_month_names("wide", context="stand-alone", locale=_BABEL[self.language])
        return str(names[number])

    def duration(self, seconds: int) -> str:
        """Minutes and seconds, or hours and minutes."""
        minutes, seconds = divmod(max(0, seconds), 60)
        hours, minutes = divmod(minutes, 60)
        if hours:
            return f"{hours} h {minutes:02d} min"
        return f"{minutes} min {seconds:02d} s" if minutes else f"{seconds} s"

    def _format(self, key: str, values: Mapping[str, Value]) -> str:
        name, _, attribute = key.partition(".")
        if not self._bundle.has_message(name):
            raise MissingText(key)
        message = self._bundle.get_message(name)
        pattern = message.attributes[attribute] if attribute else message.value
        if pattern is None:
            raise MissingText(key)
        long = {name: v for name, v in values.items() if isinstance(v, str) and len(v) > MAX_PART_LENGTH}
        given = {name: _STAND_IN.format(name) if name in long else value for name, value in values.items()}
        text, errors = self._bundle.format_pattern(pattern, given)
        if errors:
            raise MissingText(f"{key}: {errors[0]}")
        whole = str(text)
        for name, value in long.items():
            whole = whole.replace(_STAND_IN.format(name), value)
        return whole


@cache
def translator(language: str) -> Translator:
    """The words of a language; any but Italian is English."""
    language = language if language in LANGUAGES else "en"
    bundle = FluentBundle([_BABEL[language].replace("_", "-")], use_isolating=False)
    for file in sorted((LOCALES / language).glob("*.ftl")):
        resource = FluentResource(file.read_text(encoding="utf-8"))
        broken = next((entry for entry in resource.body if isinstance(entry, Junk)), None)
        if broken is not None:
            first_line = (broken.content or "").partition("\n")[0]
            raise MissingText(f"{file.name}: {first_line}")
        bundle.add_resource(resource)
    return Translator(language, bundle)


def is_finite(value: Fraction) -> bool:
    """Whether a number can be written with six decimal places, and exactly."""
    return _finite(value) is not None


def _finite(value: Fraction) -> Decimal | None:
    """The fraction as a decimal, if it ends within six places."""
    scaled = value * 10**6
    return Decimal(scaled.numerator).scaleb(-6).normalize() if scaled.denominator == 1 else None
