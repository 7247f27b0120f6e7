"""Where a quiz stands: functions of its rows, inside a transaction or a read."""

from collections import Counter

from core.errors import NotFound
from core.ids import QuizId, TopicId, VersionId
from core.ports import Actor, Work
from core.practice import rules
from core.practice.model import Attempt, Quiz, Topic, TopicTally
from core.practice.outcomes import Asked, Finished, Judged, OnHold, Passed, Standing, Why
from core.questions.model import QuestionVersion


def own_quiz(work: Work, actor: Actor, quiz_id: QuizId) -> Quiz:
    """A quiz of the actor's own.

    Raises:
        NotFound: There is none with this id, or it is somebody else's.
    """
    quiz = work.quizzes.get(quiz_id, owner=actor.id)
    if quiz is None:
        raise NotFound(what="quiz")
    return quiz


def latest(work: Work, actor: Actor) -> Standing | None:
    """Where the quiz stands that was touched last; None if nothing is open."""
    quiz = next(iter(work.quizzes.open(actor.id, limit=1)), None)
    return standing_of(work, actor, quiz) if quiz else None


def seen_topic(work: Work, actor: Actor, topic_id: TopicId | None) -> Topic | None:
    """A topic that the actor sees, without its number of questions; None if none is named.

    Raises:
        NotFound: There is none with this id.
    """
    if topic_id is None:
        return None
    topic = work.questions.topic(topic_id, viewer=actor.id)
    if topic is None:
        raise NotFound(what="topic")
    return topic


def version_at(work: Work, quiz: Quiz, position: int) -> QuestionVersion:
    """The question at a position.

    Raises:
        NotFound: The quiz has no such position.
    """
    if not 0 <= position < quiz.length:
        raise NotFound(what="position")
    return work.questions.version(quiz.version_ids[position])


def is_asked(quiz: Quiz, position: int) -> bool:
    """Whether the question at a position is on the screen and its clock runs."""
    return quiz.is_open and quiz.paused_at is None and not quiz.reads_verdict and position == quiz.served_index


def standing_of(work: Work, actor: Actor, quiz: Quiz) -> Standing:
    """Where a quiz stands: a function of its rows."""
    if quiz.reads_verdict and quiz.stopped_at is None:
        attempt = work.quizzes.attempt_at(quiz.id, quiz.served_index, owner=quiz.user_id)
        if attempt is not None:
            return Judged(quiz, work.questions.version(quiz.version_ids[quiz.served_index]), attempt)
    if not quiz.is_open:
        attempts = work.quizzes.attempts(quiz.id, owner=quiz.user_id)
        counted = sum(attempt.voided_at is None for attempt, _ in attempts)
        # A position can have an attempt that counts and voided ones that it replaced.
        voided = len({attempt.position for attempt, _ in attempts}) - counted
        return Finished(quiz, _tallies(work, quiz, attempts), answered=counted, voided=voided)
    if quiz.paused_at is not None:
        return on_hold(work, quiz)
    return asked(work, actor, quiz)


def asked(work: Work, actor: Actor, quiz: Quiz) -> Asked:
    """The open question of a quiz, and whether a worked twin of it can be shown next."""
    version = work.questions.version(quiz.version_ids[quiz.current_index])
    return Asked(quiz, version, twin=worked_twin(work, actor, quiz, version) is not None)


def worked_twin(work: Work, actor: Actor, quiz: Quiz, version: QuestionVersion) -> VersionId | None:
    """The question to show with its solution beside the open one: the one shown before, or the nearest in the bank.

    None while there are hints left, where the bank has none, and where the question has to be answered without help.
    """
    position = quiz.current_index
    shown = rules.worked_at(quiz, position)
    if shown is not None or rules.is_return(quiz, position) or quiz.hints < len(version.wording(actor.language).hints):
        return shown
    return work.questions.worked_twin(
        actor.id, version, language=actor.language, without=[version.id, *quiz.version_ids[position:]]
    )


def on_hold(work: Work, quiz: Quiz) -> OnHold:
    """A paused quiz, with its topic, so that it can be named."""
    topic = work.questions.topic(quiz.topic_id, viewer=quiz.user_id) if quiz.topic_id is not None else None
    return OnHold(quiz, topic)


def passed(work: Work, actor: Actor, quiz: Quiz, position: int, why: Why | None = None) -> Passed:
    """Why a press at a position changes nothing, and where the quiz stands instead.

    Args:
        work: The transaction.
        actor: The student.
        quiz: The quiz.
        position: Where the press came from.
        why: The reason, where the rows alone do not say it.
    """
    served = 0 <= position < quiz.length
    if served and work.quizzes.attempt_at(quiz.id, position, owner=quiz.user_id) is not None:
        why = Why.ANSWERED
    elif position < quiz.current_index:
        why = Why.SKIPPED
    elif not quiz.is_open:
        why = Why.CLOSED
    elif quiz.paused_at is not None:
        why = Why.PAUSED
    return Passed(standing_of(work, actor, quiz), why or Why.AHEAD)


def _tallies(work: Work, quiz: Quiz, attempts: list[tuple[Attempt, tuple[str, ...]]]) -> tuple[TopicTally, ...]:
    """By section of what counts, with the questions that were skipped; in the order in which they were met."""
    sections = rules.by_section(attempts)
    if not sections:
        return ()
    met = {attempt.position for attempt, _ in attempts}
    depth = rules.section_depth([path for attempt, path in attempts if attempt.voided_at is None])
    skipped = Counter(
        work.questions.version(quiz.version_ids[position]).topic[:depth]
        for position in range(quiz.current_index)
        if position not in met
    )
    paths = list(dict.fromkeys([*sections, *skipped]))
    topics = work.questions.named(paths, viewer=quiz.user_id)
    return tuple(
        TopicTally(topics[path], *sections.get(path, (0, 0)), skipped[path]) for path in paths if path in topics
    )
