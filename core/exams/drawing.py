"""How a paper is drawn: no question twice, passages whole, the syllabus spread, what was sat lately last. Pure."""

import random
from collections import defaultdict, deque
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from core.exams.formats import ExamFormat, Section
from core.exams.model import Shortage, Stock
from core.ids import PassageId

T = TypeVar("T", bound=Hashable)

_NEVER = datetime.min.replace(tzinfo=UTC)

Pools = Mapping[str, Sequence[Stock]]
"""What each section can be drawn from, by its key; one question may be in several."""
Paper = tuple[tuple[Stock, ...], ...]
"""The questions of each section, in order."""


@dataclass(frozen=True, slots=True)
class Unfillable:
    """The bank has too few questions for these sections."""

    shortages: tuple[Shortage, ...]


def draw(exam: ExamFormat, pools: Pools, language: str, rng: random.Random) -> Paper | Unfillable:
    """Draw a paper, or say which sections the bank cannot fill.

    What exists in the student's language goes first, then what was in none of their papers or in the oldest ones, then
    what they never answered or not for longest; topics take turns.

    Args:
        exam: What to fill.
        pools: What each section can be drawn from.
        language: The student's.
        rng: Chance.
    """
    ranked = {section.key: _ranked(pools[section.key], language, rng) for section in exam.sections}
    drawn = _greedy(exam.sections, ranked, language)
    if any(len(drawn[section.key]) < section.questions for section in exam.sections):
        matched = _matched(exam.sections, ranked)
        short = _shortages(exam.sections, drawn, matched)
        if short:
            return Unfillable(short)
        drawn = matched
    return tuple(_in_order(drawn[section.key], rng) for section in exam.sections)


def shortages(exam: ExamFormat, pools: Pools) -> tuple[Shortage, ...]:
    """The sections that cannot be filled; none if a paper can be drawn."""
    drawn = _greedy(exam.sections, pools, "")
    if all(len(drawn[section.key]) == section.questions for section in exam.sections):
        return ()
    return _shortages(exam.sections, drawn, _matched(exam.sections, pools))


def _ranked(pool: Sequence[Stock], language: str, rng: random.Random) -> list[Stock]:
    """A pool, the best first."""
    shuffled = list(pool)
    rng.shuffle(shuffled)
    return sorted(shuffled, key=lambda stock: (*_tier(stock, language), stock.answered_at or _NEVER))


def _tier(stock: Stock, language: str) -> tuple[bool, datetime]:
    """Nothing of a later tier is taken while one before it has something left."""
    return language not in stock.languages, stock.sat_at or _NEVER


def _greedy(sections: Sequence[Section], pools: Pools, language: str) -> dict[str, list[Stock]]:
    """Fill the sections with passages, then one after another, those with least choice first."""
    drawn = _by_passage([section for section in sections if section.passages], pools)
    used = {stock.question_id for items in drawn.values() for stock in items}
    free = [section for section in sections if not section.passages]
    for section in sorted(free, key=lambda s: len(pools[s.key]) - s.questions):
        left = [stock for stock in pools[section.key] if stock.question_id not in used]
        drawn[section.key] = _by_turns(left, section.questions, language)
        used.update(stock.question_id for stock in drawn[section.key])
    return drawn


def _by_passage(sections: Sequence[Section], pools: Pools) -> dict[str, list[Stock]]:
    """So many whole passages for each section, each with its share of the questions; a text is in one section only."""
    shares: dict[str, dict[PassageId, list[Stock]]] = {}
    for section in sections:
        share = section.questions // (section.passages or 1)
        questions: dict[PassageId, list[Stock]] = defaultdict(list)
        for stock in pools[section.key]:
            if stock.passage is not None:
                questions[stock.passage].append(stock)
        shares[section.key] = {passage: items[:share] for passage, items in questions.items() if len(items) >= share}
    holders = _assigned({section.key: section.passages or 1 for section in sections}, shares)
    return {
        section.key: [
            stock
            for passage, items in shares[section.key].items()
            if holders.get(passage) == section.key
            for stock in items
        ]
        for section in sections
    }


def _assigned(needs: Mapping[str, int], options: Mapping[str, Collection[T]]) -> dict[T, str]:
    """Who gets what, so that as many needs as can be are met: one gives way if it has something else.

    Augmenting paths (Kuhn 1955).

    Args:
        needs: How many each takes.
        options: What each can take, the best first.
    """
    holders: dict[T, str] = {}

    def place(key: str, tried: set[T]) -> bool:
        for one in options[key]:
            if one in tried:
                continue
            tried.add(one)
            held = holders.get(one)
            if held is None or (held != key and place(held, tried)):
                holders[one] = key
                return True
        return False

    for key, count in needs.items():
        for _ in range(count):
            if not place(key, set()):
                break
    return holders


def _by_turns(ranked: Sequence[Stock], count: int, language: str) -> list[Stock]:
    """Tier after tier, the best of each topic in turn."""
    tiers: dict[tuple[bool, datetime], dict[tuple[str, ...], deque[Stock]]] = defaultdict(lambda: defaultdict(deque))
    for stock in ranked:
        tiers[_tier(stock, language)][stock.topic[:2]].append(stock)
    picked: list[Stock] = []
    for topics in tiers.values():
        turns = deque(topics.values())
        while turns and len(picked) < count:
            queue = turns.popleft()
            picked.append(queue.popleft())
            if queue:
                turns.append(queue)
    return picked


def _matched(sections: Sequence[Section], pools: Pools) -> dict[str, list[Stock]]:
    """As many places filled as can be; sections with passages are filled first and keep what they have."""
    filled = _by_passage([section for section in sections if section.passages], pools)
    taken = {stock.question_id for items in filled.values() for stock in items}
    free = [section for section in sections if not section.passages]
    options = {
        section.key: {stock.question_id: stock for stock in pools[section.key] if stock.question_id not in taken}
        for section in free
    }
    holders = _assigned({section.key: section.questions for section in free}, options)
    for section in free:
        mine = options[section.key]
        filled[section.key] = [stock for question, stock in mine.items() if holders.get(question) == section.key]
    return filled


def _shortages(
    sections: Sequence[Section], drawn: Mapping[str, list[Stock]], matched: Mapping[str, list[Stock]]
) -> tuple[Shortage, ...]:
    short = [section for section in sections if len(matched[section.key]) < section.questions]
    return tuple(Shortage(section, min(len(drawn[section.key]), len(matched[section.key]))) for section in short)


def _in_order(picked: Sequence[Stock], rng: random.Random) -> tuple[Stock, ...]:
    """A section in a random order, with the questions on one passage together."""
    groups: dict[object, list[Stock]] = defaultdict(list)
    for stock in picked:
        groups[stock.question_id if stock.passage is None else ("passage", stock.passage)].append(stock)
    ordered = list(groups.values())
    rng.shuffle(ordered)
    return tuple(stock for group in ordered for stock in group)
