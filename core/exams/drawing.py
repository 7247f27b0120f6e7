"""How a paper is drawn: no question twice, passages whole, the syllabus spread, what was sat lately last. Pure."""

import random
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from core.exams.formats import ExamFormat, Section
from core.exams.model import Shortage, Stock
from core.ids import PassageId, QuestionId

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
    """Fill section after section, those with passages and those with least choice first."""
    used: set[QuestionId] = set()
    drawn: dict[str, list[Stock]] = {}
    for section in sorted(sections, key=lambda s: (s.passages is None, len(pools[s.key]) - s.questions)):
        free = [stock for stock in pools[section.key] if stock.question_id not in used]
        picked = _by_passage(section, free) if section.passages else _by_turns(free, section.questions, language)
        used.update(stock.question_id for stock in picked)
        drawn[section.key] = picked
    return drawn


def _by_passage(section: Section, free: Sequence[Stock]) -> list[Stock]:
    """So many whole passages, each with its share of the questions."""
    passages = section.passages or 1
    share = section.questions // passages
    questions: dict[PassageId, list[Stock]] = defaultdict(list)
    for stock in free:
        if stock.passage is not None:
            questions[stock.passage].append(stock)
    enough = [items for items in questions.values() if len(items) >= share]
    return [stock for items in enough[:passages] for stock in items[:share]]


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
    """As many places filled as can be: where sections share topics, one gives way if it has something else.

    Augmenting paths (Kuhn 1955). Sections with passages are filled first and keep what they have.
    """
    fixed = [section for section in sections if section.passages]
    filled = {key: list(items) for key, items in _greedy(fixed, pools, "").items()}
    taken = {stock.question_id for items in filled.values() for stock in items}
    holder: dict[QuestionId, tuple[str, Stock]] = {}

    def place(key: str, tried: set[QuestionId]) -> bool:
        for stock in pools[key]:
            question = stock.question_id
            if question in tried or question in taken:
                continue
            tried.add(question)
            held = holder.get(question)
            if held is None or (held[0] != key and place(held[0], tried)):
                holder[question] = key, stock
                return True
        return False

    free = [section for section in sections if not section.passages]
    for section in free:
        for _ in range(section.questions):
            if not place(section.key, set()):
                break
    for section in free:
        filled[section.key] = [stock for key, stock in holder.values() if key == section.key]
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
