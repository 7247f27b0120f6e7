"""Where a quiz stands: functions of its rows, inside a transaction or a read."""

from core.errors import NotFound
from core.ids import QuizId, TopicId
from core.ports import Actor, Work
from core.practice import rules
from core.practice.model import Attempt, Quiz, Topic, TopicTally
from core.practice.outcomes import Asked, Finished, Judged, OnHold, Standing
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
    return standing_of(work, quiz) if quiz else None


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


def standing_of(work: Work, quiz: Quiz) -> Standing:
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
        return OnHold(quiz)
    return Asked(quiz, work.questions.version(quiz.version_ids[quiz.current_index]))


def _tallies(work: Work, quiz: Quiz, attempts: list[tuple[Attempt, tuple[str, ...]]]) -> tuple[TopicTally, ...]:
    sections = rules.by_section(attempts)
    topics = work.questions.named(list(sections), viewer=quiz.user_id)
    return tuple(
        TopicTally(topics[path], right, answered) for path, (right, answered) in sections.items() if path in topics
    )
