"""The core as one value: its use cases, ready to be called by the chat and by the command line."""

import random
from dataclasses import dataclass
from datetime import timedelta

from core.exams.exams import Exams
from core.introduction import Introduction
from core.people.people import People
from core.ports import Storage
from core.practice.gate import OutsideExams
from core.practice.quizzes import Quizzes
from core.practice.sessions import Sessions
from core.practice.transfer import Transfer
from core.practice.twins import Twins
from core.questions.banks import Banks
from core.whereabouts import Whereabouts


@dataclass(frozen=True, slots=True)
class Chiron:
    """Everything the program can do, without a chat and without a database of its own."""

    people: People
    sessions: Sessions
    quizzes: Quizzes
    exams: Exams
    transfer: Transfer
    twins: Twins
    banks: Banks
    whereabouts: Whereabouts
    introduction: Introduction

    @classmethod
    def over(cls, storage: Storage, *, idle: timedelta, rng: random.Random) -> "Chiron":
        """The use cases over a storage.

        Args:
            storage: Transactions and reads.
            idle: How long a practice session lives without activity.
            rng: Chance for choosing questions.
        """
        sessions = Sessions(storage, idle=idle, rng=rng)
        quizzes = Quizzes(OutsideExams(storage), sessions, rng=rng)
        exams = Exams(storage, sessions, rng=rng)
        people = People(storage)
        whereabouts = Whereabouts(storage, quizzes, exams)
        return cls(
            people=people,
            sessions=sessions,
            quizzes=quizzes,
            exams=exams,
            transfer=Transfer(storage),
            twins=Twins(storage),
            banks=Banks(storage),
            whereabouts=whereabouts,
            introduction=Introduction(storage, people, quizzes, exams, whereabouts),
        )
