"""Exams in words: what can be sat, the rules, between sections."""

import uuid
from datetime import timedelta
from fractions import Fraction

from markupsafe import Markup

from bot.callbacks import ExamAbandon, ExamFace, ExamInfo, ExamList, ExamNew, ExamRules, ExamShow, ExamStart, GoHome
from bot.i18n import Translator, is_finite
from bot.screens import Key, Keys, Screen
from bot.views.item import joined, listed, short
from core.exams.formats import FULL, ClockKind, ExamFormat, Rounding, Scoring, Section, as_time
from core.exams.model import ClosedBy, Notice, SectionState, Shortage, Sitting
from core.exams.outcomes import Between, ExamMenu, Face, Offer, OnPaper
from core.exams.scoring import round_to
from core.ids import SittingId, to_short

LIST = 2_600
"""Signs of a list, at most: what is said around it has room too."""
LABEL = 40
"""Signs of a name on a button."""


def menu(found: ExamMenu, t: Translator) -> Screen:
    """Which exam; those that cannot be filled, with what is missing."""
    keys: list[tuple[Key, ...]] = []
    if found.unfinished is not None:
        keys.append((go_on(found.unfinished, t),))
    full = [offer for offer in found.offers if offer.can_fill()]
    lacking = [offer for offer in found.offers if not offer.can_fill()]
    for offer in full:
        keys.append((Key(f"🎓 {offer.exam.slug}", ExamInfo(offer.exam.slug), style=None if keys else "primary"),))
    lines = [t("exam-menu") if full else t("exam-menu-none")]
    if lacking:
        missing = listed([_missing(offer, t) for offer in lacking], LIST, t)
        lines.append(Markup("<blockquote expandable>{}\n{}</blockquote>").format(t("exam-missing-title"), missing))
    keys.append((Key(t.plain("key-home"), GoHome()),))
    return Screen(joined(lines), tuple(keys), place="menu")


def info(offer: Offer, t: Translator) -> Screen:
    """What can be sat of an exam: the whole, a shorter paper, one section."""
    exam = offer.exam
    lines = [t("exam-info", exam=exam.slug, name=exam.name(t.language)), t("exam-variants")]
    keys = [
        (Key(_variant_label(exam, variant, t), ExamRules(exam.slug, variant), style="primary" if not number else None),)
        for number, variant in enumerate(offer.variants)
    ]
    if not offer.can_fill():
        lines.append(_missing(offer, t))
    note = exam.notes.get(t.language)
    if note:
        lines.append(t("exam-note", note=note))
    keys.append((Key(t.plain("exam-back-to-list"), ExamList()),))
    return Screen(joined(lines), tuple(keys), place="menu")


def rules(offer: Offer, variant: str, t: Translator) -> Screen:
    """The rules of a paper, before it is drawn."""
    paper = offer.exam.chosen(variant) or offer.exam
    name = variant_name(offer.exam, variant, t)
    # A fresh id on the button: the second tap on it finds what the first one began.
    begin = ExamNew(SittingId(uuid.uuid4()), offer.exam.slug, variant)
    return Screen(
        joined(
            [
                t("exam-rules", exam=offer.exam.slug, what=name),
                listed(_section_lines(paper, t), LIST // 2, t),
                _foreign(paper, offer, t),
                listed(_scoring_lines(paper, t), LIST // 2, t),
                Markup("\n").join(_guide(paper, t)),
            ]
        ),
        (
            (Key(t.plain("exam-begin"), begin, style="primary"),),
            (Key(t.plain("key-back"), ExamInfo(offer.exam.slug)),),
        ),
        place="menu",
    )


def between(standing: Between, t: Translator, zone: str) -> Screen:
    """A section can be started, when the student is ready."""
    sitting = standing.sitting
    lines = [t("exam-ready", exam=title(sitting, t))]
    if standing.notice is Notice.TIME_UP and standing.closed:
        lines.insert(0, time_up(sitting, standing.closed[-1], t))
    if standing.closed:
        lines.append(listed([_closed(sitting, section, t) for section in standing.closed], LIST, t))
    first = sitting.following[0]
    whole = sitting.exam.clock is ClockKind.PAPER
    if whole:
        lines.append(t("exam-next-paper", questions=len(sitting.items), time=_time(sitting.exam.time, t)))
    else:
        section = sitting.format_of(first)
        time = _time(as_time(section.minutes or Fraction(0)), t)
        lines.append(t("exam-next", section=section.name(t.language), questions=first.questions, time=time))
    if sitting.due_at is not None:
        lines.append(t("exam-start-hint", until=_day_and_time(sitting, t, zone)))
    label = (
        t.plain("exam-start-paper")
        if whole
        else t.plain("exam-start", section=short(sitting.format_of(first).name(t.language), LABEL))
    )
    keys: Keys = (
        (Key(label, ExamStart(sitting.id, first.number), style="primary"),),
        (
            Key(t.plain("exam-leave-for-now"), GoHome()),
            Key(t.plain("exam-give-up"), ExamFace(sitting.id, Face.ABANDON, 0)),
        ),
    )
    if standing.asks:
        lines = [t("exam-give-up-sure")]
        keys = give_up_keys(sitting, t)
    return Screen(joined(lines), keys, place="exam", ref=to_short(sitting.id))


def give_up_keys(sitting: Sitting, t: Translator) -> Keys:
    """Asked once more before a sitting is ended for good."""
    return (
        (Key(t.plain("exam-give-up-no"), ExamShow(sitting.id), style="primary"),),
        (Key(t.plain("exam-give-up-yes"), ExamAbandon(sitting.id), style="danger"),),
    )


def go_on(sitting: Sitting, t: Translator) -> Key:
    """The key that leads back to a sitting that is not over."""
    return Key(t.plain("exam-go-on", exam=sitting.exam_type), ExamShow(sitting.id), style="primary")


def time_up(sitting: Sitting, section: SectionState, t: Translator) -> Markup:
    """The clock closed a section, or the paper."""
    if sitting.exam.clock is ClockKind.PAPER:
        return t("exam-notice-time-up-paper")
    return t("exam-notice-time-up", section=sitting.format_of(section).name(t.language))


def title(sitting: Sitting, t: Translator) -> str:
    """What is sat: the exam, and the part of it."""
    if sitting.variant == FULL:
        return sitting.exam_type
    return f"{sitting.exam_type} · {variant_name(sitting.exam, sitting.variant, t)}"


def variant_name(exam: ExamFormat, variant: str, t: Translator) -> str:
    """What a part of an exam is called."""
    if variant == FULL:
        return t.plain("exam-variant-full")
    names = {one.key: one.name(t.language) for one in exam.sections}
    names |= {one.key: one.name(t.language) for one in exam.variants}
    return names.get(variant, variant)


def figure(points: Fraction, t: Translator) -> str:
    """Points as they are where their decimals end; else to two places: nobody reads 12345/679."""
    return t.number(points if is_finite(points) else round_to(points, Rounding()))


def signed(points: Fraction, t: Translator) -> str:
    """Points with their sign: +1, 0, −0,25."""
    return ("+" if points > 0 else "") + figure(points, t)


def under_way(standing: OnPaper | Between, t: Translator, zone: str) -> Markup:
    """One line about the sitting that is not over."""
    sitting = standing.sitting
    if isinstance(standing, OnPaper) and sitting.deadline is not None:
        return t("exam-under-way", exam=title(sitting, t), until=t.time(sitting.deadline, zone))
    return t("exam-waiting", exam=title(sitting, t), until=_day_and_time(sitting, t, zone))


def _variant_label(exam: ExamFormat, variant: str, t: Translator) -> str:
    paper = exam.chosen(variant) or exam
    time = _time(paper.time, t)
    if variant == FULL:
        return t.plain("exam-whole", count=paper.questions, time=time)
    key = "exam-part-one" if paper.questions == 1 else "exam-part"
    return t.plain(key, name=short(variant_name(exam, variant, t), LABEL // 2), count=paper.questions, time=time)


def _missing(offer: Offer, t: Translator) -> Markup:
    return t("exam-missing", exam=offer.exam.slug, sections=_short(offer.shortages.get(FULL, ()), t))


def _short(shortages: tuple[Shortage, ...], t: Translator) -> str:
    return "; ".join(
        t.plain("exam-missing-section", section=one.section.name(t.language), have=one.have, need=one.section.questions)
        for one in shortages
    )


def _section_lines(paper: ExamFormat, t: Translator) -> list[Markup]:
    lines = []
    for number, section in enumerate(paper.sections, 1):
        key = "exam-rules-section-free" if section.minutes is None else "exam-rules-section"
        time = _time(as_time(section.minutes), t) if section.minutes is not None else ""
        values: dict[str, str | int] = {
            "number": number,
            "section": section.name(t.language),
            "count": section.questions,
        }
        lines.append(t(key, **values, time=time) if time else t(key, **values))
    return lines


def _scoring_lines(paper: ExamFormat, t: Translator) -> list[Markup]:
    """The marks once where they are the same everywhere; else those of each section that differs."""
    counted = [section for section in paper.sections if section.in_total] or list(paper.sections)
    common = counted[0].scoring
    lines = [t("exam-rules-scoring", **_points(common, t))]
    lines.extend(
        t(
            "exam-rules-scoring-of",
            section=section.name(t.language),
            apart="yes" if _apart(section, paper) else "no",
            **_points(section.scoring, t),
        )
        for section in paper.sections
        if section.scoring != common or _apart(section, paper)
    )
    return lines


def _foreign(paper: ExamFormat, offer: Offer, t: Translator) -> Markup:
    """Which sections are in another language than the student's; empty where none is."""
    names = [section.name(t.language) for section in paper.sections if section.key in offer.foreign]
    return t("exam-rules-language", sections=", ".join(names)) if names else Markup("")


def _apart(section: Section, paper: ExamFormat) -> bool:
    return not section.in_total and len(paper.sections) > 1


def _points(scoring: Scoring, t: Translator) -> dict[str, str]:
    return {
        "right": signed(scoring.right, t),
        "blank": signed(scoring.blank, t),
        "wrong": signed(scoring.wrong, t),
    }


def _guide(paper: ExamFormat, t: Translator) -> list[Markup]:
    if paper.clock is ClockKind.PAPER:
        lines = [t("exam-rules-guide-paper", time=_time(paper.time, t))]
        least = paper.min_minutes
    else:
        lines = [t("exam-rules-guide" if len(paper.sections) > 1 else "exam-rules-guide-one")]
        least = max(section.min_minutes for section in paper.sections)
    if least:
        lines.append(t("exam-rules-min", time=_time(as_time(least), t)))
    return lines


def _closed(sitting: Sitting, section: SectionState, t: Translator) -> Markup:
    key = "exam-closed-time" if section.closed_by is ClosedBy.TIME else "exam-closed-section"
    return t(key, section=sitting.format_of(section).name(t.language))


def _day_and_time(sitting: Sitting, t: Translator, zone: str) -> str:
    moment = sitting.due_at or sitting.started_at
    return f"{t.short_day(moment, zone)}, {t.time(moment, zone)}"


def _time(length: timedelta, t: Translator) -> str:
    """A length of time as a rule says it: 50 min, 12 min 30 s, 1 h 50 min."""
    seconds = round(length.total_seconds())
    if seconds % 60 == 0 and seconds < 3600:
        return f"{seconds // 60} min"
    return t.duration(seconds)
