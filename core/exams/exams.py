"""Exams as a student sits them: choose, start a section, answer, hand in, look at the result."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from core.errors import NotAllowed, NotFound, NothingToAsk
from core.exams import drawing, rules
from core.exams.formats import FULL, ExamFormat, Section
from core.exams.model import (
    ClosedBy,
    Notice,
    PaperItem,
    SectionState,
    SectionStatus,
    Shortage,
    Sitting,
    Stock,
)
from core.exams.outcomes import (
    Between,
    Checked,
    ExamMenu,
    ExamStanding,
    Face,
    Offer,
    OnPaper,
    Over,
    Pick,
    Unchanged,
    Why,
)
from core.exams.scoring import Scored, score
from core.ids import ExamId, SittingId, UserId
from core.ports import Actor, Storage, Work
from core.practice import rules as quiz_rules
from core.practice import session_rules, typed
from core.practice.gate import gated
from core.practice.model import Attempt, Chosen
from core.practice.sessions import MAX_OPEN, Sessions
from core.questions.model import Kind

GRACE = timedelta(seconds=1)
"""What was received just before a deadline may still be on its way into the inbox: the sweep waits so long."""
GRID_PAGE = 30
SWEEP_LIMIT = 2_000


class Exams:
    """A student's exams. Every operation is safe to repeat, and first brings the sitting to the time of receipt."""

    def __init__(self, storage: Storage, sessions: Sessions, *, rng: random.Random) -> None:
        self._storage = storage
        self._sessions = sessions
        self._rng = rng

    async def add(self, exams: Sequence[ExamFormat], now: datetime, *, bundled: bool = False) -> list[str]:
        """Keep exam formats; gives the names of those that are new or changed.

        Args:
            exams: The formats.
            now: When they are added.
            bundled: They come with the program: what an operator added since stays.
        """
        return await self._storage.transact(
            None, lambda work: [exam.slug for exam in exams if work.exams.store(exam, now, bundled=bundled)]
        )

    async def formats(self) -> list[ExamFormat]:
        """Every exam that can be chosen, in the order that their files ask for."""
        return await self._storage.read(lambda work: [exam for _, exam in work.exams.newest()])

    async def offers(self, viewer: UserId | None = None) -> tuple[Offer, ...]:
        """Every exam, with what the bank still lacks for it; without a viewer, from what everybody sees."""

        def query(work: Work) -> tuple[Offer, ...]:
            pools = _Pools(work, viewer)
            return tuple(_offer(exam, pools) for _, exam in work.exams.newest())

        return await self._storage.read(query)

    async def menu(self, actor: Actor) -> ExamMenu:
        """What can be sat, and the sitting that is not over."""

        def query(work: Work) -> ExamMenu:
            pools = _Pools(work, actor.id)
            offers = tuple(_offer(exam, pools, actor.language) for _, exam in work.exams.newest())
            unfinished = work.sittings.unfinished(actor.id)
            sitting = work.sittings.get(unfinished, owner=actor.id) if unfinished is not None else None
            sitting = rules.settle(sitting, actor.now) if sitting is not None else None
            return ExamMenu(offers, None if sitting is None or sitting.is_completed else sitting)

        return await self._storage.read(query)

    async def offer(self, actor: Actor, slug: str, variant: str = FULL) -> Offer:
        """One exam, with what can be sat of it.

        Raises:
            NotFound: There is no such exam, or it has no such variant.
        """

        def query(work: Work) -> Offer:
            _, exam = _named(work, slug)
            if exam.chosen(variant) is None:
                raise NotFound(what="variant")
            return _offer(exam, _Pools(work, actor.id), actor.language)

        return await self._storage.read(query)

    async def create(
        self, actor: Actor, sitting_id: SittingId, slug: str, variant: str = FULL
    ) -> ExamStanding | Unchanged:
        """Draw a paper; a second press finds the first one's sitting, and another sitting under way goes before.

        Args:
            actor: The student.
            sitting_id: A fresh random id that the button carried.
            slug: The exam.
            variant: `full`, the key of a shorter paper, or the key of one section.

        Raises:
            NotFound: There is no such exam or variant, or the id is somebody else's.
            NothingToAsk: The bank cannot fill the paper; the details name a section.
        """

        def decide(work: Work) -> ExamStanding | Unchanged:
            known = work.sittings.hold(sitting_id, owner=actor.id)
            if known is not None:
                return self._standing(work, self._settled(work, actor, known))
            unfinished = work.sittings.unfinished(actor.id)
            if unfinished is not None:
                other = self._settled(work, actor, _held(work, actor, unfinished))
                if not other.is_completed:
                    return Unchanged(self._standing(work, other), Why.ANOTHER)
            if work.sittings.exists(sitting_id):
                raise NotFound(what="sitting")
            exam_id, whole = _named(work, slug)
            exam = whole.chosen(variant)
            if exam is None:
                raise NotFound(what="variant")
            sitting = self._draw(work, actor, sitting_id, exam_id, exam, variant)
            work.sittings.add(sitting)
            return self._standing(work, sitting)

        return await self._storage.transact(actor, decide)

    async def fetch(self, actor: Actor, sitting_id: SittingId) -> ExamStanding:
        """Where a sitting of one's own stands.

        Raises:
            NotFound: There is none.
        """

        def query(work: Work) -> ExamStanding:
            sitting = work.sittings.get(sitting_id, owner=actor.id)
            if sitting is None:
                raise NotFound(what="sitting")
            return self._standing(work, rules.settle(sitting, actor.now))

        return await self._storage.read(query)

    async def current(self, actor: Actor) -> ExamStanding | None:
        """Where the sitting stands that is not over; None if there is none."""
        return await self._storage.read(lambda work: self.unfinished(work, actor))

    def unfinished(self, work: Work, actor: Actor) -> ExamStanding | None:
        """Where the sitting stands that is not over, inside a transaction or a read."""
        sitting_id = work.sittings.unfinished(actor.id)
        sitting = work.sittings.get(sitting_id, owner=actor.id) if sitting_id is not None else None
        if sitting is None:
            return None
        settled = rules.settle(sitting, actor.now)
        return None if settled.is_completed else self._standing(work, settled)

    async def start_section(self, actor: Actor, sitting_id: SittingId, number: int) -> ExamStanding | Unchanged:
        """Start the section that follows; on a paper with one clock, all of them.

        Raises:
            NotFound: There is no such sitting of this student, or no such section.
        """

        def change(work: Work, actor: Actor, sitting: Sitting) -> Sitting | Why:
            if not 0 <= number < len(sitting.sections):
                raise NotFound(what="section")
            if sitting.sections[number].status is SectionStatus.RUNNING:
                return sitting
            if sitting.running or sitting.sections[number].status is SectionStatus.COMPLETED:
                return Why.CLOSED if sitting.sections[number].status is SectionStatus.COMPLETED else Why.NOT_YET
            if sitting.following[0].number != number:
                return Why.NOT_YET
            return self._start(work, actor, sitting)

        return await self._change(actor, sitting_id, change)

    async def answer(
        self, actor: Actor, sitting_id: SittingId, *, position: int, choice: int | None
    ) -> ExamStanding | Unchanged:
        """Take an answer while its section runs (None: clear it), and put its item on the screen.

        Args:
            actor: The student.
            sitting_id: The sitting.
            position: The item, 0-based over the whole paper.
            choice: The choice's place in the bank's order.

        Raises:
            NotFound: There is no such sitting of this student, no such item, or no such choice.
        """

        def change(_work: Work, actor: Actor, sitting: Sitting) -> Sitting | Why:
            item = _item(sitting, position)
            if choice is not None and choice not in item.order:
                raise NotFound(what="choice")
            closed = _closed(sitting, position)
            return closed or rules.answer(sitting, position, choice, actor.now)

        return await self._change(actor, sitting_id, change)

    async def flag(
        self, actor: Actor, sitting_id: SittingId, *, position: int, flagged: bool
    ) -> ExamStanding | Unchanged:
        """Flag an item, or take the flag away.

        Raises:
            NotFound: There is no such sitting of this student, or no such item.
        """

        def change(_work: Work, actor: Actor, sitting: Sitting) -> Sitting | Why:
            _item(sitting, position)
            return _closed(sitting, position) or rules.flag(sitting, position, flagged, actor.now)

        return await self._change(actor, sitting_id, change)

    async def move(self, actor: Actor, sitting_id: SittingId, *, position: int) -> ExamStanding | Unchanged:
        """Put an item of the running section on the screen.

        Raises:
            NotFound: There is no such sitting of this student, or no such item.
        """

        def change(_work: Work, actor: Actor, sitting: Sitting) -> Sitting | Why:
            _item(sitting, position)
            return _closed(sitting, position) or rules.move(sitting, position, actor.now)

        return await self._change(actor, sitting_id, change)

    async def turn_over(
        self, actor: Actor, sitting_id: SittingId, face: Face, *, page: int = 0
    ) -> ExamStanding | Unchanged:
        """Show another side of the paper: the grid, or a question asked once more. Nothing changes.

        Raises:
            NotFound: There is no such sitting of this student.
        """

        def change(_work: Work, _actor: Actor, sitting: Sitting) -> Sitting | Why:
            if sitting.is_completed:
                return Why.COMPLETED
            return sitting if sitting.running or face is Face.ABANDON else Why.CLOSED

        outcome = await self._change(actor, sitting_id, change)
        match outcome:
            case OnPaper():
                pages = -(-len(outcome.sitting.open_positions) // GRID_PAGE)
                return replace(outcome, face=face, page=max(0, min(page, pages - 1)))
            case Between():
                return replace(outcome, asks=face is Face.ABANDON)
            case _:
                return outcome

    async def complete_section(self, actor: Actor, sitting_id: SittingId, number: int) -> ExamStanding | Unchanged:
        """Hand in the running section; the time that is left is lost.

        Raises:
            NotFound: There is no such sitting of this student, or no such section.
        """

        def change(_work: Work, actor: Actor, sitting: Sitting) -> Sitting | Why:
            if not 0 <= number < len(sitting.sections):
                raise NotFound(what="section")
            section = sitting.sections[number]
            if section.status is SectionStatus.COMPLETED:
                return sitting  # pressed twice: what follows is shown
            if section.status is SectionStatus.PENDING:
                return Why.NOT_YET
            earliest = rules.may_hand_in_at(sitting)
            if earliest is not None and actor.now < earliest:
                return Why.TOO_EARLY
            return rules.close(sitting, actor.now, ClosedBy.HAND_IN)

        return await self._change(actor, sitting_id, change)

    async def abandon(self, actor: Actor, sitting_id: SittingId) -> ExamStanding | Unchanged:
        """End the sitting for good; it is completed, with the reason in its metadata.

        Raises:
            NotFound: There is no such sitting of this student.
        """

        def change(_work: Work, actor: Actor, sitting: Sitting) -> Sitting | Why:
            return sitting if sitting.is_completed else rules.abandon(sitting, actor.now)

        return await self._change(actor, sitting_id, change)

    def write(self, work: Work, actor: Actor, text: str) -> ExamStanding | Unchanged | None:
        """Take a written text inside a transaction: a letter answers the item on the screen.

        None where no section runs; then the text is not for the exam.
        """
        sitting_id = work.sittings.unfinished(actor.id)
        if sitting_id is None:
            return None
        before = _held(work, actor, sitting_id)
        if not before.running:
            return None
        actor = _not_before(actor, before)
        sitting = self._settled(work, actor, before)
        if not sitting.running:
            return Unchanged(self._standing(work, sitting), Why.TIME_UP)
        item = sitting.items[sitting.cursor]
        choice = _meant(text, item, sitting.exam.sections[item.section].kind)
        if choice is not None:
            after = rules.answer(sitting, item.position, choice, actor.now)
            self._store(work, actor, sitting, after)
            return self._standing(work, after)
        standing = self._standing(work, sitting)
        return replace(standing, remarked=True) if isinstance(standing, OnPaper) else standing

    async def results(self, actor: Actor, sitting_id: SittingId) -> Over:
        """The result of a completed sitting.

        Raises:
            NotFound: There is no such sitting of this student.
            NotAllowed: It is not completed.
        """
        standing = await self.fetch(actor, sitting_id)
        if not isinstance(standing, Over):
            raise NotAllowed(reason="exam-unfinished")
        return standing

    async def check(self, actor: Actor, sitting_id: SittingId, *, position: int, pick: Pick = Pick.ALL) -> Checked:
        """One item of a completed paper; where the filter does not let it through, the next that it does.

        Raises:
            NotFound: There is no such sitting of this student, or nothing passes the filter.
            NotAllowed: The sitting is not completed; or a section of another one runs, or has this question.
        """

        def query(work: Work) -> Checked:
            found = work.sittings.get(sitting_id, owner=actor.id)
            if found is None:
                raise NotFound(what="sitting")
            sitting = rules.settle(found, actor.now)
            if not sitting.is_completed:
                raise NotAllowed(reason="exam-unfinished")
            if not found.is_completed:  # nobody has stored yet that it ran out: it is this sitting that closes practice
                return look(work, sitting)
            return gated(actor, lambda work: look(work, sitting))(work)

        def look(work: Work, sitting: Sitting) -> Checked:
            positions = tuple(item.position for item in sitting.items if passes(item, pick))
            if not positions or not 0 <= position < len(sitting.items):
                raise NotFound(what="item")
            at = next((known for known in positions if known >= position), positions[0])
            item = sitting.items[at]
            return Checked(sitting, item, work.questions.version(item.version_id), pick, positions)

        return await self._storage.read(query)

    async def history(self, actor: Actor, *, limit: int, offset: int = 0) -> tuple[Over, ...]:
        """Completed sittings of which a section was started, the newest first."""
        return await self._storage.read(
            lambda work: tuple(_over(sitting) for sitting in work.sittings.over(actor.id, limit=limit, offset=offset))
        )

    async def due(self, now: datetime) -> list[tuple[SittingId, UserId]]:
        """Sittings at which something is due by itself."""
        return await self._storage.read(lambda work: work.sittings.due(now - GRACE, limit=SWEEP_LIMIT))

    async def happen(self, sitting_id: SittingId, owner: UserId, now: datetime) -> bool:
        """Let happen what is due at a sitting: a deadline, a lapse, a warning; False if nothing was."""

        def decide(work: Work) -> bool:
            if not work.sittings.due(now - GRACE, limit=1, only=sitting_id):
                return False
            actor = _as_actor(work, owner, now)
            before = _held(work, actor, sitting_id)
            self._store(work, actor, before, rules.tick(before, now - GRACE), unasked=True)
            return True

        # Only who it is counts for the lock; where they live is read inside.
        return await self._storage.transact(Actor(owner, now, "UTC", ""), decide)

    async def noticed(self, *, limit: int) -> list[tuple[SittingId, UserId, int]]:
        """Sittings with something to tell, and whom: the student, and their chat."""
        return await self._storage.read(lambda work: work.sittings.noticed(limit=limit))

    async def notice(self, actor: Actor) -> ExamStanding | None:
        """What the student must be told without having asked, with where they stand; None if there is nothing."""

        def query(work: Work) -> ExamStanding | None:
            known = work.sittings.untold(actor.id)
            sitting = work.sittings.get(known, owner=actor.id) if known is not None else None
            if sitting is None:
                return None
            standing = self._standing(work, rules.settle(sitting, actor.now))
            if sitting.notice in rules.AHEAD and not isinstance(standing, OnPaper):
                return None  # its deadline has passed since: that is told once the section is closed
            return replace(standing, notice=sitting.notice)

        return await self._storage.read(query)

    async def told(self, actor: Actor, sitting_id: SittingId, notice: Notice | None) -> None:
        """The student was told."""

        def decide(work: Work) -> None:
            sitting = _held(work, actor, sitting_id)
            if sitting.notice is notice:
                work.sittings.save(sitting, replace(sitting, notice=None))

        await self._storage.transact(actor, decide)

    async def _change(
        self, actor: Actor, sitting_id: SittingId, change: Callable[[Work, Actor, Sitting], Sitting | Why]
    ) -> ExamStanding | Unchanged:
        """Bring a sitting to the present, change it, store it; what ran out counts even where the change does not."""

        def decide(work: Work) -> ExamStanding | Unchanged:
            before = _held(work, actor, sitting_id)
            present = _not_before(actor, before)
            sitting = self._settled(work, present, before)
            ran_out = bool(before.running) and not sitting.running
            after = change(work, present, sitting)
            if isinstance(after, Why):
                until = rules.may_hand_in_at(sitting) if after is Why.TOO_EARLY else None
                return Unchanged(self._standing(work, sitting), Why.TIME_UP if ran_out else after, until)
            if after is not sitting:
                return self._standing(work, self._store(work, present, sitting, after))
            standing = self._standing(work, sitting)
            return Unchanged(standing, Why.TIME_UP) if ran_out else standing

        return await self._storage.transact(actor, decide)

    def _settled(self, work: Work, actor: Actor, before: Sitting) -> Sitting:
        """The sitting at the time of receipt; what ran out is stored. The student looks: nothing is left to tell."""
        after = rules.settle(before, actor.now)
        if after.notice in {Notice.TIME_UP, Notice.LAPSED}:
            after = replace(after, notice=None)
        return self._store(work, actor, before, after) if after != before else before

    def _start(self, work: Work, actor: Actor, sitting: Sitting) -> Sitting:
        for quiz in work.quizzes.open(actor.id, limit=MAX_OPEN):
            if quiz.paused_at is None:
                work.quizzes.save(replace(quiz_rules.pause(quiz, actor.now), updated_at=quiz.updated_at))
        first = work.questions.version(sitting.items[sitting.following[0].first].version_id)
        session = self._sessions.join(work, actor, first.topic)
        # The session's moment is never before its last activity, whatever the clock says.
        started = rules.start(replace(sitting, session_id=session.id), max(actor.now, session.last_activity_at))
        if started.deadline is not None:
            work.sessions.save(session_rules.occupy(session, started.deadline))
        return started

    def _store(self, work: Work, actor: Actor, before: Sitting, after: Sitting, *, unasked: bool = False) -> Sitting:
        """Store a change with all that follows from it: attempts of what was closed, the session, the result."""
        closed = [
            section
            for old, section in zip(before.sections, after.sections, strict=True)
            if section.status is SectionStatus.COMPLETED and old.status is not SectionStatus.COMPLETED
        ]
        if any(section.started_at for section in closed):
            work.sittings.record(list(_attempts(work, actor, after, closed)))
            self._release(work, actor, after, closed)
        if after.is_completed and not before.is_completed:
            after = replace(after, metadata=_metadata(after))
        if not unasked and closed:
            after = replace(after, notice=None)
        work.sittings.save(before, after)
        return after

    def _release(self, work: Work, actor: Actor, sitting: Sitting, closed: Sequence[SectionState]) -> None:
        session = work.sessions.get(sitting.session_id, owner=actor.id) if sitting.session_id else None
        ended = max(section.completed_at for section in closed if section.completed_at is not None)
        if session is not None and session.ended_at is None:
            work.sessions.save(session_rules.release(session, ended, actor.now))

    def _standing(self, work: Work, sitting: Sitting) -> ExamStanding:
        if sitting.is_completed:
            return _over(sitting)
        if not sitting.running:
            return Between(sitting)
        return OnPaper(sitting, work.questions.version(sitting.items[sitting.cursor].version_id))

    def _draw(  # noqa: PLR0913 - what makes a sitting
        self, work: Work, actor: Actor, sitting_id: SittingId, exam_id: ExamId, exam: ExamFormat, variant: str
    ) -> Sitting:
        pools = _Pools(work, actor.id)
        paper = drawing.draw(exam, pools.of(exam), actor.language, self._rng)
        if isinstance(paper, drawing.Unfillable):
            short = paper.shortages[0]
            name, need = short.section.name(actor.language), short.section.questions
            raise NothingToAsk(what="exam", section=name, have=short.have, need=need)
        items: list[PaperItem] = []
        sections: list[SectionState] = []
        for number, (section, drawn) in enumerate(zip(exam.sections, paper, strict=True)):
            sections.append(SectionState(number, section.key, len(items), section.questions))
            items.extend(self._item(work, position, number, stock) for position, stock in enumerate(drawn, len(items)))
        return Sitting(
            id=sitting_id,
            user_id=actor.id,
            exam=exam,
            exam_id=exam_id,
            exam_type=exam.slug,
            variant=variant,
            started_at=actor.now,
            updated_at=actor.now,
            waiting_since=actor.now,
            sections=tuple(sections),
            items=tuple(items),
            due_at=actor.now + rules.START_WITHIN,
        )

    def _item(self, work: Work, position: int, section: int, stock: Stock) -> PaperItem:
        version = work.questions.version(stock.version_id)
        order = list(range(len(version.choices)))
        if not version.anchored and version.kind is not Kind.TRUE_FALSE:
            self._rng.shuffle(order)
        return PaperItem(position, section, stock.question_id, stock.version_id, tuple(order), version.right[0])


class _Pools:
    """What the sections of exams can be drawn from, each kind of question read once."""

    def __init__(self, work: Work, viewer: UserId | None) -> None:
        self._work = work
        self._viewer = viewer
        self._stock: dict[tuple[Kind, int | None], list[Stock]] = {}
        self._pools: dict[tuple[Kind, int | None, tuple[tuple[str, ...], ...]], list[Stock]] = {}

    def of(self, exam: ExamFormat) -> Mapping[str, list[Stock]]:
        """The pools of an exam's sections, by their keys."""
        return {section.key: self._pool(section) for section in exam.sections}

    def _pool(self, section: Section) -> list[Stock]:
        kind = section.kind, section.options
        key = (*kind, section.topics)
        if key not in self._pools:
            if kind not in self._stock:
                self._stock[kind] = self._work.sittings.stock(self._viewer, *kind)
            self._pools[key] = [
                stock
                for stock in self._stock[kind]
                if any(stock.topic[: len(topic)] == topic for topic in section.topics)
            ]
        return self._pools[key]


def passes(item: PaperItem, pick: Pick) -> bool:
    """Whether a filter lets an item through."""
    match pick:
        case Pick.WRONG:
            return item.choice is not None and not item.is_right
        case Pick.BLANK:
            return item.choice is None
        case Pick.FLAGGED:
            return item.flagged
        case _:
            return True


def _named(work: Work, slug: str) -> tuple[ExamId, ExamFormat]:
    found = work.exams.by_slug(slug)
    if found is None:
        raise NotFound(what="exam")
    return found


def _held(work: Work, actor: Actor, sitting_id: SittingId) -> Sitting:
    sitting = work.sittings.hold(sitting_id, owner=actor.id)
    if sitting is None:
        raise NotFound(what="sitting")
    return sitting


def _not_before(actor: Actor, sitting: Sitting) -> Actor:
    """The actor, never before the sitting's last event: where a clock was set back, time stands still meanwhile."""
    return replace(actor, now=max(actor.now, sitting.updated_at))


def _offer(exam: ExamFormat, pools: _Pools, language: str | None = None) -> Offer:
    short: dict[str, tuple[Shortage, ...]] = {}
    sections = [section.key for section in exam.sections] if len(exam.sections) > 1 else []
    for variant in (FULL, *(variant.key for variant in exam.variants), *sections):
        paper = exam.chosen(variant)
        if paper is not None and (missing := drawing.shortages(paper, pools.of(paper))):
            short[variant] = missing
    own = pools.of(exam)
    foreign = frozenset(
        section.key
        for section in exam.sections
        if language and sum(language in stock.languages for stock in own[section.key]) < section.questions
    )
    return Offer(exam, short, foreign)


def _item(sitting: Sitting, position: int) -> PaperItem:
    if not 0 <= position < len(sitting.items):
        raise NotFound(what="item")
    return sitting.items[position]


def _closed(sitting: Sitting, position: int) -> Why | None:
    """Why an item cannot be touched now; None if it can."""
    if sitting.is_completed:
        return Why.COMPLETED
    if position in sitting.open_positions:
        return None
    return Why.CLOSED if sitting.section_of(position).status is SectionStatus.COMPLETED else Why.NOT_YET


def _meant(text: str, item: PaperItem, kind: Kind) -> int | None:
    """The choice that a written letter, or true and false, names."""
    if kind is Kind.TRUE_FALSE:
        truth = typed.read_true_false(text)
        return None if truth is None else int(not truth)
    letter = typed.read_letter(text, len(item.order))
    return item.order[letter] if letter is not None else None


def _over(sitting: Sitting) -> Over:
    tallies = {section.key: rules.tally(sitting, section) for section in sitting.sections}
    return Over(sitting, score(sitting.exam, tallies))


def _attempts(work: Work, actor: Actor, sitting: Sitting, closed: Sequence[SectionState]) -> list[Attempt]:
    """The answers of sections that were closed; a question without an answer is no attempt."""
    found = []
    for section in closed:
        for position in section.positions:
            item = sitting.items[position]
            if item.choice is None or item.answered_at is None:
                continue
            version = work.questions.version(item.version_id)
            found.append(
                Attempt(
                    user_id=sitting.user_id,
                    sitting_id=sitting.id,
                    session_id=sitting.session_id,
                    version_id=item.version_id,
                    position=position,
                    response=Chosen((item.choice,)),
                    choice_id=version.choices[item.choice].id,
                    right=item.is_right,
                    xp=quiz_rules.experience(right=item.is_right, difficulty=version.difficulty, hints=0),
                    active_ms=min(item.ms, round(quiz_rules.POSITION_TIME_CAP.total_seconds() * 1000)),
                    hints=0,
                    item_difficulty=version.difficulty,
                    answered_at=item.answered_at,
                    local_day=quiz_rules.local_day(item.answered_at, actor.zone),
                )
            )
    return found


def _metadata(sitting: Sitting) -> dict[str, object]:
    """What the result was, once and for all: exact figures as texts."""
    scored: Scored = _over(sitting).scored
    return {
        "variant": sitting.variant,
        "end_reason": str(sitting.end_reason),
        "sections": [
            {
                "key": section.key,
                "closed_by": str(section.closed_by),
                "right": part.tally.right,
                "wrong": part.tally.wrong,
                "blank": part.tally.blank,
                "unreached": part.tally.unreached,
                "score": str(part.score),
                "maximum": str(part.maximum),
            }
            for section, part in zip(sitting.sections, scored.sections, strict=True)
        ],
        "total": str(scored.total),
        "maximum": str(scored.maximum),
        "passed": scored.passed,
    }


def _as_actor(work: Work, owner: UserId, now: datetime) -> Actor:
    person = work.people.get(owner)
    if person is None:
        raise NotFound(what="person")
    return Actor(owner, now, person.zone, person.language)
