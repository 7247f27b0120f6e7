"""The rules of a sitting. Pure: state, event, now -> state.

A deadline is part of the state. Whatever happens, a sitting is first brought to the present (`settle`): a section whose
time is over closes at its deadline, whoever looks at it and however late.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction

from core.exams.formats import ClockKind, as_time
from core.exams.model import (
    ClosedBy,
    EndReason,
    Notice,
    PaperItem,
    SectionState,
    SectionStatus,
    Sitting,
    Status,
)
from core.exams.scoring import Tally, points

START_WITHIN = timedelta(hours=24)
"""A section that is not started for so long completes the sitting."""
WARNINGS = (
    (timedelta(minutes=5), timedelta(minutes=10), Notice.FIVE_MINUTES),
    (timedelta(minutes=1), timedelta(minutes=3), Notice.ONE_MINUTE),
)
"""How long before the deadline a warning is due, the shortest section that gets it, and what it is."""
AHEAD = frozenset(notice for _, _, notice in WARNINGS)
"""Notices of what has not happened yet."""


def settle(sitting: Sitting, now: datetime) -> Sitting:
    """The sitting as it stands at `now`: what ran out is closed at the moment when it ran out."""
    deadline = sitting.deadline
    if deadline is not None and now >= deadline:
        sitting = close(sitting, deadline, ClosedBy.TIME)
    lapses_at = sitting.waiting_since + START_WITHIN
    if not sitting.is_completed and not sitting.running and now >= lapses_at:
        sitting = _complete(sitting, lapses_at, ClosedBy.LAPSED, EndReason.LAPSED)
    return sitting


def tick(sitting: Sitting, now: datetime) -> Sitting:
    """What happens by itself: closing, lapsing, warnings; `notice` says what the student must be told.

    What closes does not lapse at once: the student may have sent something in between that waits to be carried out.
    """
    if sitting.deadline is not None and now >= sitting.deadline:
        return replace(close(sitting, sitting.deadline, ClosedBy.TIME), notice=Notice.TIME_UP)
    after = settle(sitting, now)
    if after.is_completed and not sitting.is_completed:
        return replace(after, notice=Notice.LAPSED)
    if after.running and after.deadline is not None:
        length = after.deadline - (after.running[0].started_at or now)
        due = [
            notice
            for before, shortest, notice in WARNINGS
            if length >= shortest and now >= after.deadline - before and (after.due_at or now) <= now
        ]
        if due:
            after = replace(after, notice=due[-1])
    return replace(after, due_at=next_due(after, now))


def next_due(sitting: Sitting, now: datetime) -> datetime | None:
    """When something happens by itself next, after `now`."""
    if sitting.is_completed:
        return None
    deadline = sitting.deadline
    if deadline is None:
        return sitting.waiting_since + START_WITHIN
    length = deadline - (sitting.running[0].started_at or now)
    moments = [deadline - before for before, shortest, _ in WARNINGS if length >= shortest]
    return min((moment for moment in moments if moment > now), default=deadline)


def start(sitting: Sitting, now: datetime) -> Sitting:
    """Start the section that follows, or all of a paper with one clock; its first item is on the screen.

    The caller has settled the sitting; nothing runs, and something follows.
    """
    sections = list(sitting.sections)
    for section in sitting.following:
        minutes = sitting.exam.minutes if sitting.exam.clock is ClockKind.PAPER else sitting.format_of(section).minutes
        deadline = now + as_time(minutes or Fraction(0))
        sections[section.number] = replace(section, status=SectionStatus.RUNNING, started_at=now, deadline=deadline)
    started = replace(
        sitting,
        status=Status.IN_PROGRESS,
        sections=tuple(sections),
        cursor=sitting.following[0].first,
        cursor_since=now,
        notice=None,
        updated_at=now,
    )
    return replace(_seen(started, started.cursor, now), due_at=next_due(started, now))


def move(sitting: Sitting, position: int, now: datetime) -> Sitting:
    """Put another item of the running section on the screen; the time of the one before is counted."""
    counted = _count_time(sitting, now)
    return _seen(replace(counted, cursor=position, updated_at=now), position, now)


def answer(sitting: Sitting, position: int, choice: int | None, now: datetime) -> Sitting:
    """Take an answer (None: clear it) and put its item on the screen."""
    moved = move(sitting, position, now)
    answered_at = now if choice is not None else None
    if moved.items[position].choice == choice:
        return moved
    return _change(moved, position, choice=choice, answered_at=answered_at)


def flag(sitting: Sitting, position: int, flagged: bool, now: datetime) -> Sitting:  # noqa: FBT001 - the state wanted
    """Set or take away a flag, and put its item on the screen."""
    return _change(move(sitting, position, now), position, flagged=flagged)


def may_hand_in_at(sitting: Sitting) -> datetime | None:
    """The first moment at which the running section may be handed in; None if nothing runs."""
    running = sitting.running
    if not running or running[0].started_at is None:
        return None
    whole = sitting.exam.clock is ClockKind.PAPER
    minutes = sitting.exam.min_minutes if whole else sitting.format_of(running[0]).min_minutes
    return running[0].started_at + as_time(minutes)


def close(sitting: Sitting, at: datetime, by: ClosedBy) -> Sitting:
    """Close what runs, at `at`; after the last section the sitting is completed."""
    counted = _count_time(sitting, at)
    sections = tuple(
        replace(
            section,
            status=SectionStatus.COMPLETED,
            completed_at=at,
            closed_by=by,
            score=points(counted.format_of(section), tally(counted, section)),
        )
        if section.status is SectionStatus.RUNNING
        else section
        for section in counted.sections
    )
    closed = replace(counted, sections=sections, cursor_since=None, waiting_since=at, notice=None, updated_at=at)
    if not closed.following:
        return _complete(closed, at, by, EndReason.FINISHED)
    return replace(closed, due_at=next_due(closed, at))


def abandon(sitting: Sitting, now: datetime) -> Sitting:
    """End the sitting for good: what runs is closed as it is, what follows counts as blank."""
    closed = close(sitting, now, ClosedBy.ABANDONED) if sitting.running else sitting
    if closed.is_completed:
        return replace(closed, end_reason=EndReason.ABANDONED)
    return _complete(closed, now, ClosedBy.ABANDONED, EndReason.ABANDONED)


def tally(sitting: Sitting, section: SectionState) -> Tally:
    """Right, wrong, blank and never reached of a section, from its items."""
    items = [sitting.items[position] for position in section.positions]
    answered = [item for item in items if item.choice is not None]
    right = sum(item.is_right for item in answered)
    seen = sum(item.seen_at is not None for item in items)
    return Tally(right=right, wrong=len(answered) - right, blank=seen - len(answered), unreached=len(items) - seen)


def _complete(sitting: Sitting, at: datetime, by: ClosedBy, reason: EndReason) -> Sitting:
    sections = tuple(
        section
        if section.status is SectionStatus.COMPLETED
        else replace(
            section,
            status=SectionStatus.COMPLETED,
            completed_at=at,
            closed_by=by,
            score=points(sitting.format_of(section), tally(sitting, section)),
        )
        for section in sitting.sections
    )
    return replace(
        sitting,
        sections=sections,
        status=Status.COMPLETED,
        completed_at=at,
        end_reason=reason,
        due_at=None,
        cursor_since=None,
        updated_at=at,
    )


def _count_time(sitting: Sitting, now: datetime) -> Sitting:
    """Add the time since the last event to the item on the screen."""
    since = sitting.cursor_since
    if since is None:
        return sitting
    spent = max(0, round((now - since).total_seconds() * 1000))
    counted = _change(sitting, sitting.cursor, ms=sitting.items[sitting.cursor].ms + spent)
    return replace(counted, cursor_since=max(now, since))


def _seen(sitting: Sitting, position: int, now: datetime) -> Sitting:
    seen_at = sitting.items[position].seen_at or now
    return _change(sitting, position, seen_at=seen_at)


def _change(sitting: Sitting, position: int, **values: object) -> Sitting:
    item: PaperItem = replace(sitting.items[position], **values)  # type: ignore[arg-type] # the fields are checked there
    return replace(sitting, items=(*sitting.items[:position], item, *sitting.items[position + 1 :]))
