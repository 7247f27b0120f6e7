"""Topics, decks, questions and their immutable versions."""

import hashlib
import threading
import uuid
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Connection, Subquery, and_, bindparam, delete, func, insert, or_, select, update

from core.errors import NotFound
from core.ids import ChoiceId, DeckId, QuestionId, TopicId, UserId, VersionId
from core.ports import Stored
from core.practice.model import Candidate, Deck, Difficulty, Topic
from core.questions.model import (
    Bank,
    Choice,
    Item,
    Kind,
    NumericKey,
    Passage,
    PassageWording,
    QuestionVersion,
    TopicNames,
    Wording,
)
from storage.tables import (
    attempts,
    choice_texts,
    choices,
    deck_items,
    decks,
    exam_items,
    exam_sessions,
    passages,
    question_texts,
    question_versions,
    questions,
    topics,
)
from storage.upsert import insert_or_ignore

_BANK_DECKS = uuid.UUID("1b0c2c1e-6f0b-4d0e-9a3c-0f5f4f1d8c11")
"""The same bank is the same deck in every database, so that sessions over it can move between them."""
CACHED_VERSIONS = 2_000
IN_LIMIT = 500
"""Values in one IN (…)."""
_PRIME = 2**31 - 1
"""A number modulo this, times another below it, fits in 64 bits."""


class VersionCache:
    """The question versions asked last. They never change, so they may be kept; shared by the writer and readers."""

    def __init__(self, size: int = CACHED_VERSIONS) -> None:
        self._size = size
        self._kept: OrderedDict[VersionId, QuestionVersion] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, version_id: VersionId) -> QuestionVersion | None:
        """The version, if it was asked lately."""
        with self._lock:
            version = self._kept.get(version_id)
            if version is not None:
                self._kept.move_to_end(version_id)
            return version

    def keep(self, version: QuestionVersion) -> None:
        """Remember a version and forget the one not asked for longest."""
        with self._lock:
            self._kept[version.id] = version
            if len(self._kept) > self._size:
                self._kept.popitem(last=False)


_VERSION = (
    select(
        question_versions,
        questions.c.slug,
        topics.c.path,
        topics.c.names,
        passages.c.wordings.label("passage_wordings"),
    )
    .select_from(
        question_versions.join(questions, questions.c.id == question_versions.c.question_id)
        .join(topics, topics.c.id == question_versions.c.topic_id)
        .outerjoin(passages, passages.c.id == question_versions.c.passage_id)
    )
    .where(question_versions.c.id == bindparam("version"))
)
_TEXTS = select(question_texts).where(question_texts.c.version_id == bindparam("version"))
_CHOICES = (
    select(choices.c.id, choices.c.is_right)
    .where(choices.c.version_id == bindparam("version"))
    .order_by(choices.c.position)
)
_CHOICE_TEXTS = (
    select(choice_texts.c.language, choice_texts.c.text, choice_texts.c.error)
    .select_from(choice_texts.join(choices, choices.c.id == choice_texts.c.choice_id))
    .where(choices.c.version_id == bindparam("version"))
    .order_by(choices.c.position)
)
_IN_TOPIC = questions.join(topics, topics.c.id == questions.c.topic_id)
_OF_CANDIDATE = (
    questions.c.id,
    questions.c.current_version_id,
    questions.c.difficulty,
    questions.c.languages,
    topics.c.path,
)


class SqlQuestions:
    """What can be asked."""

    def __init__(self, connection: Connection, versions: VersionCache) -> None:
        self._connection = connection
        self._versions = versions

    def version(self, version_id: VersionId) -> QuestionVersion:
        """A question version; they never change.

        Raises:
            LookupError: There is none with this id.
        """
        version = self._versions.get(version_id)
        if version is None:
            version = self._load(version_id)
            self._versions.keep(version)
        return version

    def slugs(self, version_ids: Sequence[VersionId]) -> list[str]:
        """The slugs of the questions that these are versions of, in the same order."""
        found: dict[VersionId, str] = {}
        for chunk in _chunks(version_ids):
            rows = (
                select(question_versions.c.id, questions.c.slug)
                .select_from(question_versions.join(questions, questions.c.id == question_versions.c.question_id))
                .where(question_versions.c.id.in_(chunk))
            )
            found.update({VersionId(row.id): row.slug for row in self._connection.execute(rows)})
        return [found[version_id] for version_id in version_ids]

    def topics(self, viewer: UserId | None) -> list[Topic]:
        """The tree that this person sees, parents first, each with its number of questions below."""
        counts: Counter[str] = Counter()
        counting = (
            select(topics.c.path, func.count())
            .select_from(questions.join(topics, topics.c.id == questions.c.topic_id))
            .where(questions.c.retired_at.is_(None), visible(viewer), not_in_a_paper(viewer))
            .group_by(topics.c.path)
        )
        for path, count in self._connection.execute(counting):
            parts = path.split("/")
            for depth in range(1, len(parts) + 1):
                counts["/".join(parts[:depth])] += count
        rows = self._connection.execute(
            select(topics.c.id, topics.c.path, topics.c.names).where(visible(viewer)).order_by(topics.c.path)
        )
        return [Topic(TopicId(row.id), tuple(row.path.split("/")), row.names, counts[row.path]) for row in rows]

    def named(self, paths: Sequence[tuple[str, ...]], *, viewer: UserId) -> Mapping[tuple[str, ...], Topic]:
        """The topics at these paths, without their numbers of questions."""
        wanted = ["/".join(path) for path in paths]
        rows = self._connection.execute(
            select(topics.c.id, topics.c.path, topics.c.names).where(topics.c.path.in_(wanted), visible(viewer))
        )
        return {
            path: Topic(TopicId(row.id), path, row.names, 0) for row in rows if (path := tuple(row.path.split("/")))
        }

    def numbered(self, topic_ids: Sequence[TopicId], *, viewer: UserId) -> Mapping[TopicId, Topic]:
        """The topics with these ids, without their numbers of questions."""
        rows = self._connection.execute(
            select(topics.c.id, topics.c.path, topics.c.names).where(topics.c.id.in_(topic_ids), visible(viewer))
        )
        return {TopicId(row.id): Topic(TopicId(row.id), tuple(row.path.split("/")), row.names, 0) for row in rows}

    def topic(self, topic_id: TopicId, *, viewer: UserId) -> Topic | None:
        """One topic that this person sees, without its number of questions."""
        return self.numbered([topic_id], viewer=viewer).get(topic_id)

    def candidates(
        self, viewer: UserId, *, path: Sequence[str] = (), difficulty: Difficulty | None = None
    ) -> list[Candidate]:
        """Questions under a path that this person can be asked, with when they last answered each."""
        answered = last_answers(viewer)
        statement = (
            select(*_OF_CANDIDATE, answered.c.last_answered_at)
            .select_from(_IN_TOPIC.outerjoin(answered, answered.c.question_id == questions.c.id))
            .where(*_can_be_asked(viewer, path, difficulty))
            .order_by(questions.c.id)
        )
        return [_candidate(row, row.last_answered_at) for row in self._connection.execute(statement)]

    def shortlist(
        self,
        viewer: UserId,
        *,
        path: Sequence[str] = (),
        difficulty: Difficulty | None = None,
        count: int,
        chance: int,
    ) -> list[Candidate]:
        """Of the candidates of each topic in the same languages, the `count` not answered for longest.

        Equals are put in an order that `chance` decides, the same on every database.
        """
        answered = last_answers(viewer)
        start, factor = divmod(chance, _PRIME)
        mixed = ((questions.c.id + start) % _PRIME) * max(1, factor) % _PRIME
        place = func.row_number().over(
            partition_by=(questions.c.topic_id, questions.c.languages),
            order_by=(answered.c.last_answered_at.asc().nulls_first(), mixed),
        )
        ranked = (
            select(questions.c.id, answered.c.last_answered_at, place.label("place"))
            .select_from(_IN_TOPIC.outerjoin(answered, answered.c.question_id == questions.c.id))
            .where(*_can_be_asked(viewer, path, difficulty))
            .subquery("ranked")
        )
        statement = (
            select(*_OF_CANDIDATE, ranked.c.last_answered_at)
            .select_from(_IN_TOPIC.join(ranked, ranked.c.id == questions.c.id))
            .where(ranked.c.place <= count)
            .order_by(questions.c.id)
        )
        return [_candidate(row, row.last_answered_at) for row in self._connection.execute(statement)]

    def worked_twin(
        self, viewer: UserId, like: QuestionVersion, *, language: str, without: Sequence[VersionId]
    ) -> VersionId | None:
        """A question of the same topic that is explained in `language`: of the same kind if there is one, and near."""
        explained = and_(
            question_texts.c.version_id == questions.c.current_version_id,
            question_texts.c.language == language,
            question_texts.c.explanation.is_not(None),
            question_texts.c.explanation != "",
        )
        statement = (
            select(questions.c.current_version_id)
            .select_from(_IN_TOPIC.join(question_texts, explained))
            # By an index of its own: a topic of thousands may explain none, and this is asked at every question.
            .where(questions.c.explained, *_alike(viewer, like, without))
            .order_by(*_nearness(like))
            .limit(1)
        )
        found = self._connection.execute(statement).scalar()
        return None if found is None else VersionId(found)

    def twin(
        self,
        viewer: UserId,
        like: QuestionVersion,
        *,
        language: str,
        without: Sequence[VersionId],
        difficulty: Difficulty | None = None,
    ) -> Candidate | None:
        """A question of the same topic that is asked in `language`: never answered if there is one, alike, and near."""
        answered = last_answers(viewer)
        statement = (
            select(*_OF_CANDIDATE, answered.c.last_answered_at)
            .select_from(_IN_TOPIC.outerjoin(answered, answered.c.question_id == questions.c.id))
            .where(
                *_alike(viewer, like, without, difficulty),
                (" " + questions.c.languages + " ").contains(f" {language} ", autoescape=True),
            )
            .order_by(answered.c.last_answered_at.is_not(None), *_nearness(like))
            .limit(1)
        )
        row = self._connection.execute(statement).first()
        return None if row is None else _candidate(row, row.last_answered_at)

    def levels(self, viewer: UserId, *, path: Sequence[str] = ()) -> list[tuple[int, tuple[str, ...], int]]:
        """The numbers of candidates under a path, by difficulty and languages."""
        statement = (
            select(questions.c.difficulty, questions.c.languages, func.count().label("number"))
            .select_from(_IN_TOPIC)
            .where(*_can_be_asked(viewer, path, None))
            .group_by(questions.c.difficulty, questions.c.languages)
        )
        rows = self._connection.execute(statement)
        return [(row.difficulty, tuple(row.languages.split()), row.number) for row in rows]

    def store(self, bank: Bank, now: datetime, *, title: str) -> Stored:
        """Insert what is new of a bank and make new versions of what changed; its deck follows.

        A question that the bank no longer has is left as it is.
        """
        topic_ids = self._store_topics(bank)
        passage_ids = self._store_passages(bank.passages, now)
        known = self._known(bank.name)
        hashes = _hashes(bank)
        added = [item for item in bank.items if item.slug not in known]
        changed = [item for item in bank.items if item.slug in known and known[item.slug][1] != hashes[item.slug]]
        self._insert_questions(bank.name, added, topic_ids, now)
        ids = {slug: question_id for slug, (question_id, _) in self._known(bank.name).items()}
        version_ids = self._insert_versions(bank, [*added, *changed], ids, topic_ids, passage_ids, hashes, now)
        if added:
            self._point_to_first(bank.name)
        for item in changed:
            self._connection.execute(
                update(questions)
                .where(questions.c.id == ids[item.slug])
                .values(
                    current_version_id=version_ids[item.slug],
                    topic_id=topic_ids[item.topic],
                    kind=item.kind,
                    difficulty=item.difficulty,
                    languages=" ".join(sorted(item.wordings)),
                    explained=_is_explained(item),
                    retired_at=None,
                )
            )
        deck_id = self._store_deck(bank, title, [ids[item.slug] for item in bank.items], now)
        by_subject = Counter(item.topic[0] for item in bank.items)
        unchanged = len(bank.items) - len(added) - len(changed)
        return Stored(len(added), len(changed), unchanged, deck_id, dict(by_subject))

    def deck(self, deck_id: DeckId, *, viewer: UserId | None) -> Deck | None:
        """A deck with its cards in order."""
        row = self._connection.execute(
            select(decks).where(decks.c.id == deck_id, or_(decks.c.owner_id.is_(None), decks.c.owner_id == viewer))
        ).first()
        if row is None:
            return None
        cards = self._connection.execute(
            select(questions.c.id, questions.c.current_version_id, questions.c.slug)
            .select_from(deck_items.join(questions, questions.c.id == deck_items.c.question_id))
            .where(deck_items.c.deck_id == deck_id)
            .order_by(deck_items.c.position)
        )
        return Deck(
            DeckId(row.id),
            row.title,
            row.owner_id,
            tuple((QuestionId(card.id), VersionId(card.current_version_id), card.slug) for card in cards),
        )

    def decks(self, *, viewer: UserId | None) -> list[Deck]:
        """Decks that this person sees, without the frozen ones of quizzes."""
        ids = self._connection.execute(
            select(decks.c.id)
            .where(decks.c.kind != "quiz", or_(decks.c.owner_id.is_(None), decks.c.owner_id == viewer))
            .order_by(decks.c.title, decks.c.id)
        ).scalars()
        return [deck for deck_id in list(ids) if (deck := self.deck(DeckId(deck_id), viewer=viewer)) is not None]

    def freeze(self, owner: UserId, questions: Sequence[QuestionId], now: datetime) -> DeckId:
        """A deck of a quiz's own."""
        deck_id = DeckId(uuid.uuid4())
        row = {"id": deck_id, "owner_id": owner, "title": "", "kind": "quiz", "visibility": "own"}
        self._connection.execute(insert(decks), {**row, "created_at": now, "updated_at": now})
        self._fill_deck(deck_id, questions)
        return deck_id

    def newest(self, version_ids: Sequence[VersionId], *, viewer: UserId) -> Mapping[VersionId, Candidate]:
        """For each version its question as it would be asked today; retired ones and an open paper's are left out."""
        statement = (
            select(
                question_versions.c.id.label("version_id"),
                *_OF_CANDIDATE,
            )
            .select_from(
                question_versions.join(questions, questions.c.id == question_versions.c.question_id).join(
                    topics, topics.c.id == questions.c.topic_id
                )
            )
            .where(
                question_versions.c.id.in_(version_ids),
                questions.c.retired_at.is_(None),
                not_in_a_paper(viewer),
            )
        )
        return {VersionId(row.version_id): _candidate(row, None) for row in self._connection.execute(statement)}

    def extend_deck(self, deck_id: DeckId, question_id: QuestionId, *, owner: UserId) -> None:
        """Put a question at the end of a quiz's own deck.

        Raises:
            NotFound: There is no such deck of a quiz of this student.
        """
        place = (
            select(func.count(deck_items.c.position))
            .select_from(decks.outerjoin(deck_items, deck_items.c.deck_id == decks.c.id))
            .where(decks.c.id == deck_id, decks.c.owner_id == owner, decks.c.kind == "quiz")
            .group_by(decks.c.id)
        )
        position = self._connection.execute(place).scalar()
        if position is None:
            raise NotFound(what="deck")
        row = {"deck_id": deck_id, "position": position, "question_id": question_id}
        self._connection.execute(insert(deck_items), row)

    def bank(self, name: str) -> Bank | None:
        """Everything of a bank that is not retired, in its current versions and in the order of its deck."""
        place = (
            select(deck_items.c.position)
            .join(decks, decks.c.id == deck_items.c.deck_id)
            .where(decks.c.slug == name, decks.c.owner_id.is_(None), deck_items.c.question_id == questions.c.id)
            .scalar_subquery()
        )
        rows = self._connection.execute(
            select(questions.c.current_version_id)
            .where(questions.c.bank == name, questions.c.retired_at.is_(None))
            .order_by(place.is_(None), place, questions.c.id)
        ).scalars()
        versions = [self._load(VersionId(version_id)) for version_id in list(rows)]
        if not versions:
            return None
        origin = self._connection.execute(
            select(question_versions.c.id, passages.c.slug, passages.c.original)
            .select_from(question_versions.join(passages, passages.c.id == question_versions.c.passage_id))
            .join(questions, questions.c.current_version_id == question_versions.c.id)
            .where(questions.c.bank == name)
        ).all()
        passage_of = {row.id: row.slug for row in origin}
        written_in = {row.slug: row.original for row in origin}
        licence, source = self._connection.execute(
            select(decks.c.licence, decks.c.source).where(decks.c.slug == name, decks.c.owner_id.is_(None))
        ).one()
        paths = {version.topic[:depth] for version in versions for depth in range(1, len(version.topic) + 1)}
        names = self._connection.execute(select(topics.c.path, topics.c.names).where(topics.c.owner_id.is_(None)))
        return Bank(
            name=name,
            licence=licence,
            source=source,
            items=tuple(_item(version, passage_of.get(version.id)) for version in versions),
            passages=tuple(
                {
                    slug: Passage(slug, written_in[slug], v.passage)
                    for v in versions
                    if v.passage and (slug := passage_of[v.id])
                }.values()
            ),
            topics=tuple(TopicNames(path, row.names) for row in names if (path := tuple(row.path.split("/"))) in paths),
        )

    def _load(self, version_id: VersionId) -> QuestionVersion:
        key = {"version": version_id}
        row = self._connection.execute(_VERSION, key).first()
        if row is None:
            raise LookupError(version_id)
        spoken: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
        for choice in self._connection.execute(_CHOICE_TEXTS, key):
            spoken[choice.language].append((choice.text, choice.error))
        return QuestionVersion(
            id=VersionId(row.id),
            question_id=QuestionId(row.question_id),
            slug=row.slug,
            topic_id=TopicId(row.topic_id),
            topic=tuple(row.path.split("/")),
            topic_names=row.names,
            kind=Kind(row.kind),
            difficulty=row.difficulty,
            seconds=row.seconds,
            original=row.original,
            anchored=row.anchored,
            formula=row.formula,
            numeric=_numeric_key(row.numeric_key),
            choices=tuple(Choice(ChoiceId(c.id), c.is_right) for c in self._connection.execute(_CHOICES, key)),
            wordings={
                text.language: Wording(
                    text=text.text,
                    choices=tuple(words for words, _ in spoken[text.language]),
                    errors=tuple(error for _, error in spoken[text.language]),
                    explanation=text.explanation,
                    hints=tuple(text.hints),
                    accept=tuple(text.accept),
                    numeric_errors=tuple((Fraction(value), error) for value, error in text.numeric_errors),
                    spoken=text.spoken,
                )
                for text in self._connection.execute(_TEXTS, key)
            },
            passage=_passage(row.passage_wordings) if row.passage_wordings else None,
        )

    def _store_topics(self, bank: Bank) -> dict[tuple[str, ...], TopicId]:
        names = {topic.path: topic.names for topic in bank.topics}
        needed = {item.topic[:depth] for item in bank.items for depth in range(1, len(item.topic) + 1)}
        known: dict[tuple[str, ...], TopicId] = {}
        kept: dict[tuple[str, ...], Mapping[str, str]] = {}
        found = select(topics.c.id, topics.c.path, topics.c.names).where(topics.c.owner_id.is_(None))
        for row in self._connection.execute(found):
            known[tuple(row.path.split("/"))] = TopicId(row.id)
            kept[tuple(row.path.split("/"))] = row.names
        for path in sorted(needed | set(names), key=lambda path: (len(path), path)):
            if path not in known:
                inserted = self._connection.execute(
                    insert(topics),
                    {
                        "parent_id": known[path[:-1]] if len(path) > 1 else None,
                        "path": "/".join(path),
                        "slug": path[-1],
                        "names": names.get(path) or {"it": _named(path[-1]), "en": _named(path[-1])},
                        "visibility": "public",
                    },
                )
                known[path] = TopicId(inserted.inserted_primary_key[0])  # type: ignore[index] # one row: it has a key
            elif path in names and dict(names[path]) != kept[path]:
                renamed = {**kept[path], **names[path]}
                self._connection.execute(update(topics).where(topics.c.id == known[path]).values(names=renamed))
        return known

    def _store_passages(self, found: Iterable[Passage], now: datetime) -> dict[str, int]:
        rows = [
            {
                "slug": passage.slug,
                "original": passage.original,
                "hash": passage.fingerprint(),
                "wordings": {
                    language: {"title": words.title, "text": words.text} for language, words in passage.wordings.items()
                },
                "created_at": now,
            }
            for passage in found
        ]
        insert_or_ignore(self._connection, passages, rows, key=["hash"])
        ids = select(passages.c.id).where(passages.c.hash == bindparam("fingerprint"))
        return {
            row["slug"]: self._connection.execute(ids, {"fingerprint": row["hash"]}).scalar_one()  # type: ignore[misc] # slugs are text
            for row in rows
        }

    def _known(self, bank: str) -> dict[str, tuple[QuestionId, str | None]]:
        """Slug -> question and the fingerprint of its current version."""
        rows = self._connection.execute(
            select(questions.c.slug, questions.c.id, question_versions.c.hash)
            .select_from(
                questions.outerjoin(question_versions, question_versions.c.id == questions.c.current_version_id)
            )
            .where(questions.c.bank == bank)
        )
        return {row.slug: (QuestionId(row.id), row.hash) for row in rows}

    def _insert_questions(
        self, bank: str, items: Sequence[Item], topic_ids: Mapping[tuple[str, ...], TopicId], now: datetime
    ) -> None:
        if not items:
            return
        self._connection.execute(
            insert(questions),
            [
                {
                    "bank": bank,
                    "slug": item.slug,
                    "topic_id": topic_ids[item.topic],
                    "kind": item.kind,
                    "difficulty": item.difficulty,
                    "languages": " ".join(sorted(item.wordings)),
                    "explained": _is_explained(item),
                    "created_at": now,
                }
                for item in items
            ],
        )

    def _insert_versions(  # noqa: PLR0913 - a version points to all of these
        self,
        bank: Bank,
        items: Sequence[Item],
        ids: Mapping[str, QuestionId],
        topic_ids: Mapping[tuple[str, ...], TopicId],
        passage_ids: Mapping[str, int],
        hashes: Mapping[str, str],
        now: datetime,
    ) -> dict[str, int]:
        if not items:
            return {}
        numbers: Counter[int] = Counter()
        for chunk in _chunks([ids[item.slug] for item in items]):
            counted = (
                select(question_versions.c.question_id, func.count())
                .where(question_versions.c.question_id.in_(chunk))
                .group_by(question_versions.c.question_id)
            )
            numbers.update({row[0]: row[1] for row in self._connection.execute(counted)})
        # A content that the question had before comes back as its old version: insert-or-ignore by (question, hash).
        insert_or_ignore(
            self._connection,
            question_versions,
            [
                {
                    "question_id": ids[item.slug],
                    "topic_id": topic_ids[item.topic],
                    "number": numbers[ids[item.slug]] + 1,
                    "kind": item.kind,
                    "difficulty": item.difficulty,
                    "seconds": item.seconds,
                    "original": item.original,
                    "anchored": item.anchored,
                    "numeric_key": _numeric_row(item.numeric),
                    "formula": item.formula,
                    "passage_id": passage_ids[item.passage] if item.passage else None,
                    "source": bank.source,
                    "licence": bank.licence,
                    "hash": hashes[item.slug],
                    "created_at": now,
                }
                for item in items
            ],
            key=["question_id", "hash"],
        )
        version_ids = self._version_ids(items, ids, hashes)
        told = self._with_texts(list(version_ids.values()))
        self._insert_texts([item for item in items if version_ids[item.slug] not in told], version_ids)
        return version_ids

    def _version_ids(
        self, items: Sequence[Item], ids: Mapping[str, QuestionId], hashes: Mapping[str, str]
    ) -> dict[str, int]:
        found: dict[tuple[int, str], int] = {}
        for chunk in _chunks([ids[item.slug] for item in items]):
            rows = select(question_versions.c.id, question_versions.c.question_id, question_versions.c.hash).where(
                question_versions.c.question_id.in_(chunk)
            )
            found.update({(row.question_id, row.hash): row.id for row in self._connection.execute(rows)})
        return {item.slug: found[ids[item.slug], hashes[item.slug]] for item in items}

    def _with_texts(self, version_ids: Sequence[int]) -> set[int]:
        """Those of the versions that have their texts: they were here before."""
        found: set[int] = set()
        for chunk in _chunks(version_ids):
            rows = select(question_texts.c.version_id).where(question_texts.c.version_id.in_(chunk))
            found.update(self._connection.execute(rows).scalars())
        return found

    def _insert_texts(self, items: Sequence[Item], version_ids: Mapping[str, int]) -> None:
        if not items:
            return
        self._connection.execute(
            insert(question_texts),
            [
                {
                    "version_id": version_ids[item.slug],
                    "language": language,
                    "text": words.text,
                    "explanation": words.explanation,
                    "hints": list(words.hints),
                    "accept": list(words.accept),
                    "numeric_errors": [[str(value), error] for value, error in words.numeric_errors],
                    "spoken": words.spoken,
                }
                for item in items
                for language, words in item.wordings.items()
            ],
        )
        options = [
            {"version_id": version_ids[item.slug], "position": position, "is_right": position in item.right}
            for item in items
            for position in range(len(item.wordings[item.original].choices))
        ]
        if not options:
            return
        self._connection.execute(insert(choices), options)
        choice_ids: dict[tuple[int, int], int] = {}
        for chunk in _chunks([version_ids[item.slug] for item in items]):
            rows = select(choices.c.id, choices.c.version_id, choices.c.position).where(choices.c.version_id.in_(chunk))
            choice_ids.update({(row.version_id, row.position): row.id for row in self._connection.execute(rows)})
        self._connection.execute(
            insert(choice_texts),
            [
                {
                    "choice_id": choice_ids[version_ids[item.slug], position],
                    "language": language,
                    "text": text,
                    "error": words.errors[position] if position < len(words.errors) else None,
                }
                for item in items
                for language, words in item.wordings.items()
                for position, text in enumerate(words.choices)
            ],
        )

    def _point_to_first(self, bank: str) -> None:
        only = (
            select(func.max(question_versions.c.id))
            .where(question_versions.c.question_id == questions.c.id)
            .scalar_subquery()
        )
        fresh = (questions.c.bank == bank) & questions.c.current_version_id.is_(None)
        self._connection.execute(update(questions).where(fresh).values(current_version_id=only))

    def _store_deck(self, bank: Bank, title: str, cards: Sequence[QuestionId], now: datetime) -> DeckId:
        found = self._connection.execute(
            select(decks.c.id).where(decks.c.slug == bank.name, decks.c.owner_id.is_(None))
        ).scalar()
        if found is None:
            found = uuid.uuid5(_BANK_DECKS, bank.name)
            self._connection.execute(
                insert(decks),
                {
                    "id": found,
                    "slug": bank.name,
                    "title": title,
                    "kind": "bank",
                    "visibility": "public",
                    "licence": bank.licence,
                    "source": bank.source,
                    "created_at": now,
                    "updated_at": now,
                },
            )
        kept = self._connection.execute(
            select(deck_items.c.question_id).where(deck_items.c.deck_id == found).order_by(deck_items.c.position)
        ).scalars()
        if list(kept) != list(cards):
            self._connection.execute(delete(deck_items).where(deck_items.c.deck_id == found))
            self._fill_deck(DeckId(found), cards)
            self._connection.execute(update(decks).where(decks.c.id == found).values(updated_at=now))
        named = {"title": title, "licence": bank.licence, "source": bank.source}
        as_before = and_(*(decks.c[column] == value for column, value in named.items()))
        self._connection.execute(update(decks).where(decks.c.id == found, ~as_before).values(**named, updated_at=now))
        return DeckId(found)

    def _fill_deck(self, deck_id: DeckId, cards: Sequence[QuestionId]) -> None:
        rows = [
            {"deck_id": deck_id, "position": position, "question_id": question_id}
            for position, question_id in enumerate(cards)
        ]
        if rows:
            self._connection.execute(insert(deck_items), rows)


def _is_explained(item: Item) -> bool:
    """Whether it has a worked solution, in whatever language."""
    return any(words.explanation for words in item.wordings.values())


def _hashes(bank: Bank) -> dict[str, str]:
    """What makes each question this question, by slug: its content, and the passage that it asks about."""
    passages = {passage.slug: passage.fingerprint() for passage in bank.passages}
    return {
        item.slug: hashlib.sha256(f"{item.fingerprint()}{passages[item.passage]}".encode()).hexdigest()
        if item.passage
        else item.fingerprint()
        for item in bank.items
    }


def visible(viewer: UserId | None) -> ColumnElement[bool]:
    """Whether a person may see a topic."""
    public = and_(topics.c.owner_id.is_(None), topics.c.visibility == "public")
    return public if viewer is None else or_(public, topics.c.owner_id == viewer)


def _can_be_asked(viewer: UserId, path: Sequence[str], difficulty: Difficulty | None) -> Iterator[ColumnElement[bool]]:
    """What holds for a question under a path that this person can be asked."""
    yield questions.c.retired_at.is_(None)
    yield visible(viewer)
    yield not_in_a_paper(viewer)
    if path:
        whole = "/".join(path)
        yield or_(topics.c.path == whole, topics.c.path.startswith(whole + "/", autoescape=True))
    if difficulty is not None:
        yield questions.c.difficulty.in_(difficulty.levels)


def _alike(
    viewer: UserId, like: QuestionVersion, without: Sequence[VersionId], difficulty: Difficulty | None = None
) -> Iterator[ColumnElement[bool]]:
    """What holds for another question of the same topic that this person can be asked."""
    yield from _can_be_asked(viewer, (), difficulty)
    yield questions.c.topic_id == like.topic_id
    left_out = select(question_versions.c.question_id).where(question_versions.c.id.in_(without))
    yield questions.c.id.not_in(left_out)


def _nearness(like: QuestionVersion) -> tuple[ColumnElement[Any], ...]:
    """The order of questions by how much they are like this one."""
    return questions.c.kind != like.kind, func.abs(questions.c.difficulty - like.difficulty), questions.c.id


def not_in_a_paper(viewer: Any) -> ColumnElement[bool]:
    """Whether a question is in no paper that this person has not finished: nobody practises an exam under way.

    Args:
        viewer: The person's id, or a parameter that stands for it.
    """
    reserved = (
        select(exam_items.c.question_id)
        .select_from(exam_items.join(exam_sessions, exam_sessions.c.id == exam_items.c.exam_session_id))
        .where(exam_sessions.c.user_id == viewer, exam_sessions.c.completed_at.is_(None))
    )
    return questions.c.id.not_in(reserved)


def last_answers(viewer: UserId | None) -> Subquery:
    """When a person last answered each question that they answered."""
    return (
        select(question_versions.c.question_id, func.max(attempts.c.answered_at).label("last_answered_at"))
        .select_from(attempts.join(question_versions, question_versions.c.id == attempts.c.question_version_id))
        .where(attempts.c.user_id == viewer)
        .group_by(question_versions.c.question_id)
        .subquery()
    )


def _candidate(row: Any, last_answered_at: datetime | None) -> Candidate:
    return Candidate(
        question_id=QuestionId(row.id),
        version_id=VersionId(row.current_version_id),
        topic=tuple(row.path.split("/")),
        difficulty=row.difficulty,
        languages=tuple(row.languages.split()),
        last_answered_at=last_answered_at,
    )


def _chunks(values: Sequence[int]) -> Iterable[Sequence[int]]:
    return (values[start : start + IN_LIMIT] for start in range(0, len(values), IN_LIMIT))


def _named(slug: str) -> str:
    return slug.replace("-", " ").capitalize()


def _numeric_row(key: NumericKey | None) -> dict[str, str | None] | None:
    return {"value": str(key.value), "tolerance": str(key.tolerance), "unit": key.unit} if key else None


def _numeric_key(row: Mapping[str, Any] | None) -> NumericKey | None:
    return NumericKey(Fraction(row["value"]), Fraction(row["tolerance"]), row["unit"]) if row else None


def _passage(stored: Mapping[str, Mapping[str, str]]) -> dict[str, PassageWording]:
    return {language: PassageWording(words["title"], words["text"]) for language, words in stored.items()}


def _item(version: QuestionVersion, passage: str | None) -> Item:
    return Item(
        slug=version.slug,
        topic=version.topic,
        kind=version.kind,
        wordings=version.wordings,
        original=version.original,
        right=version.right,
        difficulty=version.difficulty,
        seconds=version.seconds,
        numeric=version.numeric,
        passage=passage,
        formula=version.formula,
        anchored=version.anchored,
    )
