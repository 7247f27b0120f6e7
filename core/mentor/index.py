"""An inverted index of the bank in memory: which questions, and which topic, are nearest to what somebody wrote.

Questions are ranked by BM25F: the fields' weighted counts are added before they saturate (Robertson, Zaragoza, Taylor,
CIKM 2004), with the idf that is never negative (Robertson and Zaragoza, Foundations and Trends in IR 3(4), 2009, with
1 added as Lucene does). A question is as long as the longest of its languages, for nobody writes in two.

A plain BM25 score cannot tell whether the best question is any good. So it is divided by what a question would get
that repeats every term endlessly: the nearness is 0 to 1, and a question about something else stays low however long
it is. Terms that the bank does not know count as missed.
"""

import heapq
import math
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from core.ids import TopicId, UserId, VersionId
from core.mentor.found import Entry, Shelf
from core.mentor.terms import other_word, stem, terms, tokens, trigrams, typing_errors

K1 = 1.5
B = 0.3
"""Length counts little: a long worked solution is no fault."""
NAME, ABOVE = 2, 1
"""Weights of a term in the name of the topic and in the names above it, beside 1 in the text of the question."""
MOST_TERMS = 16
"""Of a long text, the rarest terms count."""
COMMON = 0.2
"""A term in more than this part of a large bank is only used where there is no rarer one."""
LARGE = 1_000
MISSED = 0.5
"""Weight of terms that were not found, beside those that were: people chat around their question."""
LONE = 0.7
"""Weight of a question that has one of the terms only: it may be there by chance."""
TAIL = 0.15
"""Weight of the second and third question of a topic beside the first, which may be there by chance."""
MISTYPED, ENDING = 0.8, 0.5
"""Weights of a term that the one written may stand for: with a typing error, with another ending."""
SHORTEST_TYPO = 5
"""Letters from which a term may have been mistyped, and from which it may have another ending."""
SHORTEST_WITH_TWO = 10
"""Letters from which two typing errors are forgiven: `integral` is not `internal`."""
MOST_OFTEN = 256
"""A term counts less often than this in a question, so that both fit into one number."""
CANDIDATES = 200
"""Questions that a search gives at most: some of them may not be shown."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The nearest of a search: versions with their nearness, topics with theirs, the best first."""

    items: tuple[tuple[VersionId, float], ...] = ()
    topics: tuple[tuple[TopicId, float], ...] = ()


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A term that is looked for: the terms of the bank that stand for it, and what it is worth."""

    stands_for: tuple[tuple[str, float], ...]
    idf: float


class _Stems(dict[str, str]):
    """The terms of tokens, each worked out once."""

    def __missing__(self, token: str) -> str:
        self[token] = found = stem(token)
        return found


class Index:
    """Questions by their terms. Built by `add` and `finish`, then only read, so that threads may share it."""

    def __init__(self, shelves: Sequence[Shelf]) -> None:
        self._shelves = {shelf.topic.id: shelf for shelf in shelves}
        self._stems = _Stems()
        self._names = {shelf.topic.id: _said(shelf, self._stems) for shelf in shelves}
        self._ids = {(shelf.owner, shelf.topic.path): shelf.topic.id for shelf in shelves}
        self._inherited = {topic_id: self._inherits(topic_id) for topic_id in self._shelves}
        self._versions: list[VersionId] = []
        self._topics: list[TopicId] = []
        self._lengths = array("I")
        self._postings: dict[str, array[int]] = defaultdict(lambda: array("Q"))
        self._places: list[float] = []
        self._vocabulary: list[str] = []
        self._spellings: dict[str, list[int]] = defaultdict(list)
        self._name_idf: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._versions)

    def add(self, entries: Iterable[Entry]) -> None:
        """Take questions in; those of a topic that nobody sees are left out."""
        for entry in entries:
            if entry.topic_id not in self._shelves:
                continue
            number = len(self._versions)
            self._versions.append(entry.version_id)
            self._topics.append(entry.topic_id)
            counts, length = self._counted(entry)
            self._lengths.append(length)
            packed = number * MOST_OFTEN
            for term, count in counts.items():
                self._postings[term].append(packed + (count if count < MOST_OFTEN else MOST_OFTEN - 1))

    def finish(self) -> None:
        """Work out what depends on all of them; nothing may be added after it."""
        self._stems.clear()
        self._postings = dict(self._postings)
        average = sum(self._lengths) / len(self._lengths) if self._lengths else 1.0
        self._places = [K1 * (1 - B + B * length / average) for length in self._lengths]
        self._vocabulary = sorted(self._postings)
        for number, term in enumerate(self._vocabulary):
            if len(term) >= SHORTEST_TYPO - 1:
                for trigram in trigrams(term):
                    self._spellings[trigram].append(number)
        named = Counter(term for names in self._names.values() for term in set().union(*names))
        self._name_idf = {term: _idf(count, len(self._names)) for term, count in named.items()}

    def search(self, text: str, *, viewer: UserId) -> Ranking:
        """The questions and topics of this viewer that are nearest to a text."""
        wanted = self._wanted(text)
        if not wanted:
            return Ranking()
        scores: dict[int, float] = defaultdict(float)
        matched: dict[int, float] = defaultdict(float)
        several: Counter[int] = Counter()
        whole = sum(term.idf for term in wanted)
        for term in wanted:
            for number, part in self._parts(term).items():
                scores[number] += term.idf * part
                matched[number] += term.idf
                several[number] += 1
        hidden = {topic_id for topic_id, shelf in self._shelves.items() if shelf.owner not in {None, viewer}}
        near = {
            number: score
            / (matched[number] + MISSED * (whole - matched[number]))
            * (1 if several[number] > 1 else LONE)
            for number, score in scores.items()
            if not hidden or self._topics[number] not in hidden
        }
        best = heapq.nlargest(CANDIDATES, near.items(), key=lambda found: (found[1], -found[0]))
        topics = self._nearest_topics(wanted, best, viewer)
        return Ranking(tuple((self._versions[number], share) for number, share in best), topics)

    def _counted(self, entry: Entry) -> tuple[dict[str, int], int]:
        """Weighted counts of the terms of a question, and its length in terms."""
        counts: dict[str, int] = {}
        length = 0
        for text in entry.texts:
            said = tokens(text)
            length = max(length, len(said))
            spoken = Counter(map(self._stems.__getitem__, said))
            # What both say (an English sentence, a formula) counts as in the one that says it more often.
            both = {term: max(counts[term], spoken[term]) for term in counts.keys() & spoken.keys()} if counts else {}
            counts |= spoken
            counts |= both
        counts.pop("", None)
        for term, weight in self._inherited[entry.topic_id].items():
            counts[term] = counts.get(term, 0) + weight
        return counts, length

    def _inherits(self, topic_id: TopicId) -> Mapping[str, int]:
        """What the names of its topics add to the counts of a question."""
        added: Counter[str] = Counter()
        for depth, above in enumerate(self._upwards(topic_id)):
            added.update(dict.fromkeys(frozenset[str]().union(*self._names[above]), ABOVE if depth else NAME))
        return added

    def _upwards(self, topic_id: TopicId) -> Iterator[TopicId]:
        """A topic and those that it lies in; somebody's own topic may lie in everybody's."""
        shelf = self._shelves[topic_id]
        path = shelf.topic.path
        for depth in range(len(path), 0, -1):
            above = self._ids.get((shelf.owner, path[:depth]), self._ids.get((None, path[:depth])))
            if above is not None:
                yield above

    def _wanted(self, text: str) -> list[_Wanted]:
        """What is looked for, the rarest first."""
        unknown = _idf(0, len(self))
        found: list[_Wanted] = []
        for term in terms(text):
            like = self._like(term)
            frequency = max((len(self._postings[other]) for other, _ in like), default=0)
            found.append(_Wanted(like, _idf(frequency, len(self)) if like else unknown))
        found.sort(key=lambda wanted: -wanted.idf)
        if len(self) >= LARGE:
            common = _idf(int(COMMON * len(self)), len(self))
            found = [wanted for wanted in found if wanted.idf > common] or found
        return found[:MOST_TERMS]

    def _like(self, term: str) -> tuple[tuple[str, float], ...]:
        """The terms of the bank that a written one stands for: itself, other endings of it, or a typing error."""
        found = {same: 1.0 for same in (term, other_word(term)) if same in self._postings}
        if len(term) >= SHORTEST_TYPO and term.isalpha():
            start = bisect_left(self._vocabulary, term)
            longer = takewhile(lambda other: other.startswith(term), self._vocabulary[start : start + 50])
            endings = [other for other in longer if len(other) <= len(term) + 3]
            endings += [term[:-cut] for cut in (1, 2, 3) if len(term) - cut > SHORTEST_TYPO]
            mistyped = [] if found else self._mistyped(term)
            others = dict.fromkeys(endings, ENDING) | dict.fromkeys(mistyped, MISTYPED)
            found = {other: weight for other, weight in others.items() if other in self._postings} | found
        return tuple(found.items())

    def _mistyped(self, term: str) -> list[str]:
        """The terms of the bank with the fewest typing errors between: one, or two in a long one.

        The first letter is taken to be right, as it nearly always is (Pollock and Zamora, JASIS 34(1), 1983).
        """
        most = 1 if len(term) < SHORTEST_WITH_TWO else 2
        shared = Counter(number for trigram in trigrams(term) for number in self._spellings.get(trigram, ()))
        # An error spoils three trigrams at most; two may have spoilt the same.
        least = len(term) - 3 * most
        alike = [n for n, count in shared.items() if count >= least and self._vocabulary[n][0] == term[0]]
        close = ((typing_errors(term, self._vocabulary[n], most), n) for n in alike)
        errors = [(errors, self._vocabulary[number]) for errors, number in close if errors <= most]
        fewest = min((errors for errors, _ in errors), default=0)
        return sorted(other for errors, other in errors if errors == fewest)

    def _parts(self, wanted: _Wanted) -> Mapping[int, float]:
        """How well each question covers a term: 0 to 1, more with every time that it is said."""
        found: dict[int, float] = {}
        places = self._places
        for term, weight in wanted.stands_for:
            for packed in self._postings[term]:
                number, count = divmod(packed, MOST_OFTEN)
                part = weight * count / (places[number] + count)
                if part > found.get(number, 0.0):
                    found[number] = part
        return found

    def _nearest_topics(
        self, wanted: Sequence[_Wanted], best: Sequence[tuple[int, float]], viewer: UserId
    ) -> tuple[tuple[TopicId, float], ...]:
        """Topics by their names and by their nearest questions: what both say counts most."""
        asked: dict[TopicId, list[float]] = defaultdict(list)
        for number, share in best:
            asked[self._topics[number]].append(share)
        scores: dict[TopicId, float] = defaultdict(float)
        for topic_id, shares in asked.items():
            scores[topic_id] = (1 - TAIL) * shares[0] + TAIL * sum(shares[:3]) / 3
        for topic_id, shelf in self._shelves.items():
            if shelf.owner in {None, viewer} and (share := self._named(topic_id, wanted)):
                scores[topic_id] += (1 - scores[topic_id]) * share
        nearest = heapq.nlargest(10, scores.items(), key=lambda found: (found[1], -found[0]))
        return tuple(nearest)

    def _named(self, topic_id: TopicId, wanted: Sequence[_Wanted]) -> float:
        """How much of what is looked for a topic's name says, times how much of the name was said: 0 to 1."""
        best = 0.0
        for name in self._names[topic_id]:
            said = {term for term in name if any(term == other for want in wanted for other, _ in want.stands_for)}
            if not said:
                continue
            of_name = sum(self._name_idf[term] for term in said) / sum(self._name_idf[term] for term in name)
            met = missed = 0.0
            for want in wanted:
                # What every question of a topic says is common among questions, and still the topic's own name.
                named = [self._name_idf[term] for term, _ in want.stands_for if term in said]
                met += max(want.idf, *named) if named else 0.0
                missed += 0.0 if named else want.idf
            best = max(best, of_name * met / (met + MISSED * missed))
        return best


def _said(shelf: Shelf, stems: _Stems) -> tuple[frozenset[str], ...]:
    """The terms of a topic's names, one set for each language."""
    names = (frozenset(map(stems.__getitem__, tokens(name))) - {""} for name in shelf.topic.names.values())
    return tuple(name for name in names if name)


def _idf(frequency: int, count: int) -> float:
    """What a term is worth that so many of so many questions have; never negative."""
    return math.log(1 + (count - frequency + 0.5) / (frequency + 0.5))
