"""The archive: what answers a student's question where no model does, from the hints and worked solutions of the bank.

It is the mentor of whoever runs Chiron without a key, of students under 14, and of everybody while the model is down or
a cap is reached. It finds, it does not write: all that it shows was written with the questions.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.errors import NotFound
from core.ids import QuestionId, TopicId, VersionId
from core.mentor.found import Example, Found, Near
from core.mentor.index import Index, Ranking
from core.ports import Actor, Storage, Work
from core.practice.gate import OutsideExams
from core.practice.model import Topic
from core.questions.model import QuestionVersion

NEAR = 0.35
"""From this nearness on something is an answer. On the starter bank, in both languages, what students ask about its
topics lies above it, and small talk below (tests/core/mentor/test_archive.py)."""
ITEMS = 3
CLOSE = 0.7
"""A question of another topic is shown if it is at least this near, beside the nearest."""
PAGE = 500
"""Questions read at once: short enough that nobody else waits for it."""
OPEN_QUIZZES = 100


class Archive:
    """Questions, hints and worked solutions near to what a student asks."""

    def __init__(self, storage: Storage) -> None:
        self._plain = storage
        self._storage = OutsideExams(storage)
        self._index: Index | None = None
        self._edition = ""
        self._building = asyncio.Lock()

    async def search(self, actor: Actor, text: str, *, about: VersionId | None = None) -> Found:
        """What the bank has on a question, for this student.

        Args:
            actor: Who asks; they are shown what they see anyway, and nothing of a paper that is not over.
            text: What they wrote, in any of the languages of the bank.
            about: The question that they stand at. It comes first, and where nothing is near to the text, what is near
                to it is found.

        Raises:
            NotAllowed: A section of an exam runs.
        """
        edition, standing = await self._storage.seen_by(
            actor, lambda work: (work.questions.edition(), _standing(work, actor, about))
        )
        index = await self._current(edition)
        ranking = await asyncio.to_thread(index.search, text, viewer=actor.id)
        if standing is not None and not _is_near(ranking):
            words = standing.wording(actor.language).text
            ranking = await asyncio.to_thread(index.search, words, viewer=actor.id)
        return await self._storage.seen_by(actor, lambda work: _found(work, actor, ranking, standing))

    async def item(self, actor: Actor, version_id: VersionId) -> Example:
        """One question as it is today, with as much of it as the student may be shown.

        Raises:
            NotAllowed: A section of an exam runs.
            NotFound: There is none, it is retired, somebody else's, or in a paper that is not over.
        """

        def query(work: Work) -> Example:
            newest = work.questions.at_hand([version_id], viewer=actor.id).get(version_id)
            if newest is None:
                raise NotFound(what="question")
            version = work.questions.version(newest.version_id)
            return Example(Near(version, 1.0, _under_way(work, actor).get(version.question_id)))

        return await self._storage.seen_by(actor, query)

    async def _current(self, edition: str) -> Index:
        """The index of this edition of the bank, built once by whoever comes first."""
        async with self._building:
            if self._index is None or self._edition != edition:
                # Read again: what is indexed is at least this edition, and the next search sees what came meanwhile.
                edition, shelves = await self._plain.read(
                    lambda work: (work.questions.edition(), work.questions.shelves())
                )
                index = Index(shelves)
                last = QuestionId(0)
                while page := await self._plain.read(
                    lambda work, after=last: work.questions.words(after=after, limit=PAGE)  # type: ignore[misc] # a default binds the loop's value
                ):
                    await asyncio.to_thread(index.add, page)
                    last = page[-1].question_id
                await asyncio.to_thread(index.finish)
                self._index, self._edition = index, edition
            return self._index


def _is_near(ranking: Ranking) -> bool:
    return bool(ranking.topics) and ranking.topics[0][1] >= NEAR


def _standing(work: Work, actor: Actor, about: VersionId | None) -> QuestionVersion | None:
    """The question that the student stands at, in the version that they see, if it may be shown."""
    if about is None or about not in work.questions.at_hand([about], viewer=actor.id):
        return None
    return work.questions.version(about)


def _under_way(work: Work, actor: Actor) -> Mapping[QuestionId, int]:
    """The questions that the student has not answered yet in a quiz, and how many hints of each may be shown."""
    open_quizzes = work.quizzes.open(actor.id, limit=OPEN_QUIZZES)
    hints = {quiz.version_ids[quiz.current_index]: quiz.hints + 1 for quiz in reversed(open_quizzes)}
    found = work.questions.at_hand(list(hints), viewer=actor.id)
    return {candidate.question_id: hints[version_id] for version_id, candidate in found.items()}


def _found(work: Work, actor: Actor, ranking: Ranking, standing: QuestionVersion | None) -> Found:
    under_way = _under_way(work, actor)
    about = None
    if standing is not None and _standing(work, actor, standing.id):
        about = Near(standing, 1.0, under_way.get(standing.question_id))
    near = [topic_id for topic_id, share in ranking.topics if share >= NEAR]
    topic = _with_questions(work, actor, [*near, *([about.version.topic_id] if about else [])])
    if topic is None:
        subjects = (one for one in work.questions.topics(actor.id) if len(one.path) == 1 and one.questions)
        return Found(None, about=about, subjects=tuple(subjects))
    hidden = {*under_way, *({standing.question_id} if standing else ())}
    return Found(topic, _nearest(work, actor, ranking, topic, hidden), about)


def _with_questions(work: Work, actor: Actor, topic_ids: Sequence[TopicId]) -> Topic | None:
    """The first of these topics that has a question for the student, with how many."""
    topics = work.questions.numbered(topic_ids, viewer=actor.id)
    for topic_id in topic_ids:
        if (topic := topics.get(topic_id)) is not None:
            levels = work.questions.levels(actor.id, path=topic.path)
            if count := sum(number for *_, number in levels):
                return replace(topic, questions=count)
    return None


def _nearest(work: Work, actor: Actor, ranking: Ranking, topic: Topic, hidden: set[QuestionId]) -> tuple[Near, ...]:
    """The nearest questions of the topic, then those of other topics that are about as near.

    A question that the student is answering is none of them: its solution would be its key.
    """
    candidates = work.questions.at_hand([version_id for version_id, _ in ranking.items], viewer=actor.id)
    shown = [
        (candidates[version_id], share)
        for version_id, share in ranking.items
        if version_id in candidates and candidates[version_id].question_id not in hidden
    ]
    depth = len(topic.path)
    inside = [(one, share) for one, share in shown if one.topic[:depth] == topic.path]
    least = max(NEAR, CLOSE * max((share for _, share in shown), default=0.0))
    outside = [(one, share) for one, share in shown if one.topic[:depth] != topic.path and share >= least]
    best: Sequence[tuple[VersionId, float]] = [(one.version_id, share) for one, share in [*inside, *outside][:ITEMS]]
    return tuple(Near(work.questions.version(version_id), share) for version_id, share in best)
