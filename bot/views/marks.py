"""The result of an exam in words: points, where they went, every item, the trend."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction

from markupsafe import Markup, escape

from bot.callbacks import (
    ExamDebrief,
    ExamHistory,
    ExamList,
    ExamRedo,
    ExamReview,
    ExamShow,
    GoHome,
    History,
    MentorExplain,
    Wish,
)
from bot.i18n import Translator
from bot.screens import Chart, Key, Screen, rows
from bot.views.exam import LABEL, LIST, figure, signed, time_up, title, variant_name
from bot.views.item import (
    LETTERS,
    PARAGRAPH,
    explanation,
    fitted,
    formula,
    inert,
    joined,
    listed,
    options,
    passage,
    room_after,
    short,
)
from core.exams.exams import passes
from core.exams.formats import FULL, RuleKind
from core.exams.model import ClosedBy, EndReason, Notice, SectionState, Sitting
from core.exams.outcomes import Checked, Over, Pick
from core.exams.scoring import (
    DestinationResult,
    GuessLesson,
    Judged,
    Loss,
    SectionScore,
    guess_lessons,
    guess_value,
    lost,
)
from core.ids import QuizId, to_short
from core.practice.session_rules import half_up
from core.questions.model import Kind
from core.questions.reading.checks import MAX_ERROR

HISTORY_PAGE = 8
EVIDENCE = 10
"""Answers below which nothing is said about how many of them were right."""
ENTRY = 64
"""Signs of a line of the history, which stands on a button."""
CHARTED = 12
"""Sittings in the chart of the trend, at most."""


def over(result: Over, t: Translator) -> Screen:
    """By section and in all; English apart; whether it is passed."""
    sitting, scored = result.sitting, result.scored
    lines = [t("exam-result", exam=sitting.exam_type, what=variant_name(sitting.exam, sitting.variant, t))]
    if result.notice is Notice.TIME_UP:
        lines.insert(0, time_up(sitting, _last_closed(sitting), t))
    elif result.notice is Notice.LAPSED:
        lines.insert(0, t("exam-notice-lapsed"))
    if any(section.section.in_total for section in scored.sections):
        lines.append(t("exam-result-total", score=t.number(scored.rounded), maximum=figure(scored.maximum, t)))
    if sitting.end_reason is EndReason.ABANDONED:
        lines.append(t("exam-result-abandoned"))
    elif sitting.end_reason is EndReason.LAPSED and result.notice is None:
        lines.append(t("exam-result-lapsed"))
    if scored.passed is not None:
        lines.append(t("exam-result-passed" if scored.passed else "exam-result-failed"))
        lines.append(listed([_rule(judged, result, t) for judged in scored.rules], LIST // 4, t))
    parts = [_section(sitting, state, part, t) for state, part in zip(sitting.sections, scored.sections, strict=True)]
    lines.append(listed(parts, LIST // 2, t, gap=PARAGRAPH))
    if scored.destinations:
        weighed = listed([_destination(one, t) for one in scored.destinations], room_after(lines), t)
        lines.append(t("exam-destinations") + Markup("\n") + weighed)
    if all(section.started_at is None for section in sitting.sections):
        keys = ((Key(t.plain("exam-key-again"), ExamList()), Key(t.plain("key-home"), GoHome())),)
        return Screen(joined([lines[0], t("exam-result-not-begun")]), keys, place="exam", ref=to_short(sitting.id))
    missed = len(sitting.missed)
    ways: list[tuple[Key, ...]] = [
        (Key(t.plain("exam-key-debrief"), ExamDebrief(sitting.id), style="primary"),),
        (Key(t.plain("exam-key-review"), ExamReview(sitting.id, 0, Pick.ALL)),),
    ]
    if missed:
        redo = ExamRedo(QuizId(uuid.uuid4()), sitting.id)
        ways.append((Key(t.plain("exam-key-redo", count=missed), redo),))
    ways.append((Key(t.plain("exam-key-again"), ExamList()),))
    ways.append((Key(t.plain("exam-key-history"), ExamHistory(0)), Key(t.plain("key-home"), GoHome())))
    return Screen(joined(lines), tuple(ways), place="exam", ref=to_short(sitting.id))


def debrief(result: Over, t: Translator) -> Screen:
    """The maximum minus the score, split exactly; and what guessing is worth."""
    sitting, scored = result.sitting, result.scored
    gone = lost(scored)
    lines = [
        t("exam-debrief") + Markup(" · ") + escape(title(sitting, t)),
        t(
            "exam-debrief-sum",
            maximum=figure(scored.maximum, t),
            total=figure(scored.total, t),
            lost=figure(gone.total.points, t),
        ),
    ]
    if gone.total.points:
        lines.append(Markup("\n").join(_loss(gone.total, t)))
    else:
        lines.append(t("exam-debrief-none"))
    if len(gone.sections) > 1 and gone.total.points:
        by_section = [
            t(
                "exam-debrief-section",
                section=section.name(t.language),
                points=figure(loss.points, t),
                parts=", ".join(
                    f"{mark} −{figure(share.points, t)}"
                    for mark, share in (("✗", loss.wrong), ("○", loss.blank), ("…", loss.unreached))
                    if share.points
                ),
            )
            for section, loss in gone.sections
            if loss.points
        ]
        lines.append(t("exam-debrief-sections") + Markup("\n") + listed(by_section, LIST // 2, t))
    apart = [part.section.name(t.language) for part in scored.sections if not part.section.in_total]
    if apart:
        lines.append(t("exam-debrief-apart", sections=short(", ".join(apart), LIST // 8)))
    free = [
        part.section.name(t.language)
        for part in scored.sections
        if part.section.scoring.wrong >= part.section.scoring.blank and part.tally.unanswered
    ]
    if free:
        lines.append(t("exam-lesson-free", sections=short(", ".join(free), LIST // 8)))
    finished = sitting.end_reason is EndReason.FINISHED
    lessons = [
        Markup("\n").join([t("exam-lesson"), *_lesson(lesson, t, finished=finished)])
        for lesson in guess_lessons(scored)
    ]
    if lessons:
        lines.append(listed(lessons, room_after(lines), t, gap=PARAGRAPH))
    keys = (
        (Key(t.plain("exam-key-review"), ExamReview(sitting.id, 0, Pick.ALL)),),
        (Key(t.plain("exam-back-to-result"), ExamShow(sitting.id)),),
    )
    return Screen(joined(lines), keys, place="exam", ref=to_short(sitting.id))


def checked(item: Checked, t: Translator) -> Screen:
    """One item of a completed paper."""
    sitting, version = item.sitting, item.version
    words = version.wording(t.language)
    state = sitting.section_of(item.item.position)
    section = sitting.format_of(state)
    number = item.item.position - state.first + 1
    lines = [
        t("exam-review-head", section=section.name(t.language), number=number),
        escape(inert(words.text)),
        options(version, words, item.item.order, _marks(item)),
        Markup("\n").join(_verdict(item, t)),
    ]
    picture = formula(version, words)
    lines.extend(explanation(words, t, room=room_after(lines, picture)))
    folded = passage(version, t)
    if folded and room_after([folded, *lines], picture) > 0:
        lines.insert(1, folded)
    return Screen(joined(lines), tuple(_review_keys(item, t)), picture=picture, place="exam", ref=to_short(sitting.id))


def history(results: Sequence[Over], page: int, t: Translator, zone: str) -> Screen:
    """Past sittings, the newest first, with the trend as a chart; one more than a page says that there is another."""
    if not results and page == 0:
        keys = ((Key(t.plain("key-exam"), ExamList()), Key(t.plain("key-home"), GoHome())),)
        return Screen(t("exam-history-empty"), keys, place="history")
    entries: list[tuple[Key, ...]] = []
    for result in results[:HISTORY_PAGE]:
        sitting = result.sitting
        what = short(variant_name(sitting.exam, sitting.variant, t), LABEL // 2)
        if sitting.end_reason is EndReason.ABANDONED:
            what = ", ".join([what, t.plain("exam-trend-abandoned")])
        values = {
            "day": t.short_day(sitting.completed_at or sitting.started_at, zone),
            "exam": sitting.exam_type,
            "score": t.number(result.scored.rounded),
            "maximum": figure(result.scored.maximum, t),
        }
        plain = sitting.variant == FULL and sitting.end_reason is EndReason.FINISHED
        key = "exam-history-entry-full" if plain else "exam-history-entry"
        label = t.plain(key, **values) if plain else t.plain(key, **values, what=what)
        entries.append((Key(short(label, ENTRY), ExamShow(sitting.id)),))
    turning = []
    if page > 0:
        turning.append(Key("◀", ExamHistory(page - 1)))
    if len(results) > HISTORY_PAGE:
        turning.append(Key("▶", ExamHistory(page + 1)))
    if turning:
        entries.append(tuple(turning))
    entries.append((Key(t.plain("key-history"), History(0)), Key(t.plain("key-home"), GoHome())))
    series = _series(results) if page == 0 else []
    lines = [t("exam-history")]
    if len(series) > 1:
        lines.append(_trend(series, t))
    return Screen(
        joined(lines),
        tuple(entries),
        picture=_chart(series, t, zone) if len(series) > 1 else None,
        place="history",
    )


def _section(sitting: Sitting, state: SectionState, part: SectionScore, t: Translator) -> Markup:
    """A section's points and what became of its questions; where it is the whole paper, its points are the total."""
    head = (
        t(
            "exam-result-section" if part.section.in_total else "exam-result-apart",
            section=part.section.name(t.language),
            score=t.number(part.rounded),
            maximum=figure(part.maximum, t),
        )
        + Markup("\n")
        if len(sitting.sections) > 1
        else Markup("")
    )
    if state.started_at is None or state.completed_at is None:
        return head + t("exam-result-not-sat")
    tally = part.tally
    time = state.completed_at - state.started_at
    values: dict[str, str | int] = {
        "right": tally.right,
        "wrong": tally.wrong,
        "blank": tally.blank,
        "time": _spent(time, t),
    }
    figures = (
        t("exam-result-figures-unreached", **values, unreached=tally.unreached)
        if tally.unreached
        else t("exam-result-figures", **values)
    )
    return head + figures


def _rule(judged: Judged, result: Over, t: Translator) -> Markup:
    rule = judged.rule
    met = "yes" if judged.met else "no"
    value = figure(judged.value, t)
    match rule.kind:
        case RuleKind.ERRORS:
            return t("exam-rule-errors", met=met, limit=rule.at_most or 0, value=value)
        case RuleKind.SECTION:
            names = {section.key: section.name(t.language) for section in result.sitting.exam.sections}
            limit = figure(rule.at_least or Fraction(0), t)
            return t("exam-rule-section", met=met, section=names[rule.section or ""], limit=limit, value=value)
        case _:
            return t("exam-rule-total", met=met, limit=figure(rule.at_least or Fraction(0), t), value=value)


def _destination(one: DestinationResult, t: Translator) -> Markup:
    met = {True: "yes", False: "no", None: "none"}[one.passed]
    return t(
        "exam-destination",
        met=met,
        name=one.destination.name,
        score=t.number(one.rounded),
        maximum=figure(one.maximum, t),
    )


def _loss(loss: Loss, t: Translator) -> list[Markup]:
    lines = []
    if loss.wrong.count:
        each = loss.wrong.points / loss.wrong.count
        lines.append(
            t(
                "exam-debrief-wrong",
                count=loss.wrong.count,
                points=figure(loss.wrong.points, t),
                each=figure(each, t),
            )
        )
    if loss.blank.count:
        lines.append(t("exam-debrief-blank", count=loss.blank.count, points=figure(loss.blank.points, t)))
    if loss.unreached.count:
        lines.append(t("exam-debrief-unreached", count=loss.unreached.count, points=figure(loss.unreached.points, t)))
    return lines


def _lesson(lesson: GuessLesson, t: Translator, *, finished: bool) -> list[Markup]:
    blind = guess_value(lesson.scoring, lesson.choices)
    lines = [
        t("exam-lesson-blind", choices=lesson.choices, value=figure(blind, t))
        if blind
        else t("exam-lesson-blind-zero", choices=lesson.choices)
    ]
    if lesson.removed and lesson.each > 0:
        lines.append(t("exam-lesson-one", value=signed(lesson.each, t)))
        if lesson.unanswered and finished:
            lines.append(t("exam-lesson-own", count=lesson.unanswered, worth=figure(lesson.worth, t)))
    if lesson.rate is not None and lesson.right + lesson.wrong >= EVIDENCE:
        key = "exam-lesson-rate" if lesson.paid else "exam-lesson-rate-low"
        rate = half_up(100 * lesson.rate.numerator, lesson.rate.denominator)
        limit = half_up(100 * lesson.break_even.numerator, lesson.break_even.denominator)
        lines.append(t(key, percent=rate, limit=limit))
    return lines


def _verdict(item: Checked, t: Translator) -> list[Markup]:
    one, section = item.item, item.sitting.format_of(item.sitting.section_of(item.item.position))
    words = item.version.wording(t.language)
    time = _spent(timedelta(milliseconds=one.ms), t)
    lines = []
    if one.flagged:
        lines.append(t("exam-review-flagged"))
    if one.choice is None:
        lines.append(t("exam-review-blank", time=time) if one.seen_at is not None else t("exam-review-unreached"))
    elif one.is_right:
        points = section.scoring.right
        count = 1 if points == 1 else 2
        lines.append(t("exam-review-right", points=signed(points, t), count=count, time=time))
    else:
        lines.append(t("exam-review-wrong", points=signed(section.scoring.wrong, t), time=time))
        error = words.errors[one.choice] if one.choice < len(words.errors) else None
        if error:
            error = fitted(inert(error), MAX_ERROR)
            lines.append(
                t("verdict-why-typed", error=error)
                if item.version.kind is Kind.TRUE_FALSE
                else t("verdict-why", letter=LETTERS[one.order.index(one.choice)], error=error)
            )
    right = words.choices[one.key] if item.version.kind is Kind.TRUE_FALSE else LETTERS[one.order.index(one.key)]
    if not one.is_right:
        lines.append(t("verdict-solution", count=1, answer=right))
    return lines


def _review_keys(item: Checked, t: Translator) -> list[tuple[Key, ...]]:
    sitting, positions = item.sitting, item.positions
    place = positions.index(item.item.position)
    keys: list[tuple[Key, ...]] = []
    if len(positions) > 1:
        keys.append(
            (
                Key("◀", ExamReview(sitting.id, positions[place - 1], item.pick)),
                Key(f"{place + 1}/{len(positions)}", ExamReview(sitting.id, item.item.position, item.pick)),
                Key("▶", ExamReview(sitting.id, positions[(place + 1) % len(positions)], item.pick)),
            )
        )
    picks = [
        Key(_pick_label(pick, item.pick, t), ExamReview(sitting.id, 0, pick))
        for pick in Pick
        if any(passes(one, pick) for one in sitting.items)
    ]
    if len(picks) > 1:
        keys.extend(rows(picks, 2))  # four beside each other are cut on a phone
    wish = Wish.WHY if item.item.choice is not None and not item.item.is_right else Wish.EXPLAIN
    keys.append((Key(t.plain("mentor-explain-key"), MentorExplain(sitting.id, item.item.position, wish)),))
    keys.append((Key(t.plain("exam-back-to-result"), ExamShow(sitting.id)),))
    return keys


def _pick_label(pick: Pick, current: Pick, t: Translator) -> str:
    label = t.plain(f"exam-pick-{pick}")
    return t.plain("exam-pick-this", pick=label) if pick is current else label


def _marks(item: Checked) -> dict[int, str]:
    marks = {item.item.key: "✓"}
    if item.item.choice is not None and not item.item.is_right:
        marks[item.item.choice] = "✗"
    return marks


def _last_closed(sitting: Sitting) -> SectionState:
    by_time = [section for section in sitting.sections if section.closed_by is ClosedBy.TIME]
    return by_time[-1] if by_time else sitting.sections[-1]


def _series(results: Sequence[Over]) -> list[Over]:
    """The finished sittings of one kind, the oldest first: of the newest kind that was sat twice."""
    kinds: dict[tuple[str, str], list[Over]] = {}
    for one in results:
        if one.sitting.end_reason is EndReason.FINISHED and one.scored.maximum:
            kinds.setdefault((one.sitting.exam_type, one.sitting.variant), []).append(one)
    return next((alike[:CHARTED][::-1] for alike in kinds.values() if len(alike) > 1), [])


def _percent(result: Over) -> int:
    share = 100 * result.scored.total / result.scored.maximum
    sign = -1 if share < 0 else 1
    return sign * half_up(abs(share.numerator), share.denominator)


def _trend(series: Sequence[Over], t: Translator) -> Markup:
    change = _percent(series[-1]) - _percent(series[-2])
    name = title(series[-1].sitting, t)
    if change > 0:
        return t("exam-trend-up", exam=name, points=change)
    return t("exam-trend-down", exam=name, points=-change) if change else t("exam-trend-same", exam=name)


def _chart(series: Sequence[Over], t: Translator, zone: str) -> Chart:
    values = tuple(_percent(one) for one in series)
    days = tuple(t.short_day(one.sitting.completed_at or one.sitting.started_at, zone) for one in series)
    spoken = t.plain("exam-history-chart", values=", ".join(f"{value}%" for value in values))
    return Chart(t.plain("exam-chart-title", exam=title(series[-1].sitting, t)), days, values, spoken)


def _spent(time: timedelta, t: Translator) -> str:
    return t.duration(round(time.total_seconds()))
