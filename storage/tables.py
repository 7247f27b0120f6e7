"""The tables, as SQLAlchemy sees them. Names and meanings are those of the design; migrations make them.

Times are aware UTC. Ids of things that a button carries are random UUIDs; rows that only grow have BIGINT keys.
"""

import datetime as dt

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    Uuid,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    },
)

BigKey = BigInteger().with_variant(Integer, "sqlite")
"""A growing key: SQLite numbers rows by itself only where the type is INTEGER."""


class UtcDateTime(TypeDecorator[dt.datetime]):
    """An aware moment in UTC; a naive one is refused, since SQLite would keep it without a word."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002
        """Refuse naive values, store the rest in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002
        """Give the zone back that SQLite drops."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


def _moment(name: str, *, null: bool = True) -> Column[dt.datetime]:
    return Column(name, UtcDateTime(), nullable=null)


users = Table(
    "users",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("telegram_id", BigInteger, unique=True),
    Column("language", String(8), nullable=False),
    Column("language_chosen", Boolean, nullable=False, default=False),
    Column("zone", String(64), nullable=False),
    Column("role", String(16), nullable=False),
    Column("birth_year", Integer),
    Column("onboarding", String(16), nullable=False),
    Column("settings", JSON, nullable=False, default=dict),
    _moment("blocked_at"),
    _moment("created_at", null=False),
    _moment("updated_at", null=False),
)

courses = Table(
    "courses",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("exam_type", String(32), nullable=False),
    Column("exam_date", String(10)),
    _moment("created_at", null=False),
    _moment("ended_at"),
)

topics = Table(
    "topics",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("parent_id", BigInteger, ForeignKey("topics.id", ondelete="CASCADE"), index=True),
    Column("owner_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE")),
    Column("path", String(200), nullable=False),
    Column("slug", String(80), nullable=False),
    Column("names", JSON, nullable=False),
    Column("visibility", String(16), nullable=False, default="public"),
)
Index("uq_topics_path_bundled", topics.c.path, unique=True, sqlite_where=topics.c.owner_id.is_(None),
      postgresql_where=topics.c.owner_id.is_(None))  # fmt: skip
Index("uq_topics_owner_path", topics.c.owner_id, topics.c.path, unique=True)

decks = Table(
    "decks",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("owner_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), index=True),
    Column("slug", String(80)),
    Column("title", String(200), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("visibility", String(16), nullable=False),
    Column("licence", String(80)),
    Column("source", String(200)),
    Column("content_hash", String(64)),
    _moment("created_at", null=False),
    _moment("updated_at", null=False),
)
Index("uq_decks_slug_bundled", decks.c.slug, unique=True, sqlite_where=decks.c.owner_id.is_(None),
      postgresql_where=decks.c.owner_id.is_(None))  # fmt: skip

passages = Table(
    "passages",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("slug", String(80), nullable=False),
    Column("original", String(8), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    Column("wordings", JSON, nullable=False),
    _moment("created_at", null=False),
)

questions = Table(
    "questions",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("bank", String(80), nullable=False),
    Column("slug", String(80), nullable=False),
    Column("owner_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE")),
    Column("topic_id", BigInteger, ForeignKey("topics.id"), nullable=False, index=True),
    Column("current_version_id", BigInteger),
    Column("kind", String(16), nullable=False),
    Column("difficulty", Integer, nullable=False),
    Column("languages", String(80), nullable=False),
    Column("explained", Boolean, nullable=False),
    _moment("retired_at"),
    _moment("created_at", null=False),
    UniqueConstraint("bank", "slug"),
    Index("ix_questions_explained", "topic_id", sqlite_where=text("explained = 1"), postgresql_where=text("explained")),
)

deck_items = Table(
    "deck_items",
    metadata,
    Column("deck_id", Uuid, ForeignKey("decks.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("question_id", BigInteger, ForeignKey("questions.id"), nullable=False, index=True),
)

question_versions = Table(
    "question_versions",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("question_id", BigInteger, ForeignKey("questions.id"), nullable=False),
    Column("topic_id", BigInteger, ForeignKey("topics.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("difficulty", Integer, nullable=False),
    Column("seconds", Integer, nullable=False),
    Column("original", String(8), nullable=False),
    Column("anchored", Boolean, nullable=False),
    Column("numeric_key", JSON),
    Column("formula", Text),
    Column("passage_id", BigInteger, ForeignKey("passages.id")),
    Column("source", String(200), nullable=False),
    Column("licence", String(80), nullable=False),
    Column("hash", String(64), nullable=False),
    _moment("created_at", null=False),
    UniqueConstraint("question_id", "number"),
    UniqueConstraint("question_id", "hash"),
    CheckConstraint("difficulty BETWEEN 1 AND 5", name="difficulty"),
)

question_texts = Table(
    "question_texts",
    metadata,
    Column("version_id", BigInteger, ForeignKey("question_versions.id"), primary_key=True),
    Column("language", String(8), primary_key=True),
    Column("text", Text, nullable=False),
    Column("explanation", Text),
    Column("hints", JSON, nullable=False),
    Column("accept", JSON, nullable=False),
    Column("numeric_errors", JSON, nullable=False),
    Column("spoken", Text),
)

choices = Table(
    "choices",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("version_id", BigInteger, ForeignKey("question_versions.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("is_right", Boolean, nullable=False),
    UniqueConstraint("version_id", "position"),
)

choice_texts = Table(
    "choice_texts",
    metadata,
    Column("choice_id", BigInteger, ForeignKey("choices.id"), primary_key=True),
    Column("language", String(8), primary_key=True),
    Column("text", Text, nullable=False),
    Column("error", Text),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("child_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("subject", Text),
    Column("topic", Text),
    Column("subtopic", Text),
    _moment("started_at", null=False),
    _moment("ended_at"),
    _moment("created_at", null=False),
    _moment("updated_at", null=False),
    _moment("paused_at"),
    _moment("last_activity_at", null=False),
    _moment("busy_until"),
    Column("end_reason", String(16)),
    Index("idx_sessions_child_started", "child_id", "started_at"),
    Index("idx_sessions_child_ended", "child_id", "ended_at"),
    Index("idx_sessions_subject", "subject"),
    Index(
        "idx_sessions_active",
        "child_id",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    Index(
        "idx_sessions_idle",
        "last_activity_at",
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)

quiz_sessions = Table(
    "quiz_sessions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("session_id", Uuid, ForeignKey("sessions.id", ondelete="SET NULL")),
    Column("mode", String(16), nullable=False),
    Column("topic_id", BigInteger, ForeignKey("topics.id")),
    Column("difficulty", String(16)),
    Column("deck_id", Uuid, ForeignKey("decks.id"), nullable=False),
    Column("question_order", JSON, nullable=False),
    Column("version_ids", JSON, nullable=False),
    Column("length", Integer, nullable=False),
    Column("current_index", Integer, nullable=False),
    Column("served_index", Integer, nullable=False),
    Column("correct_count", Integer, nullable=False),
    Column("wrong_count", Integer, nullable=False),
    Column("active_ms", BigInteger, nullable=False),
    Column("total_time_seconds", Integer),
    Column("score", Numeric(5, 2)),
    Column("max_section_score", Numeric(5, 2)),
    Column("xp_earned", Integer, nullable=False),
    Column("metadata", JSON, nullable=False),
    Column("hints", Integer, nullable=False),
    Column("selection", JSON, nullable=False),
    Column("pending", Text),
    Column("spent_ms", BigInteger, nullable=False),
    _moment("served_at"),
    _moment("paused_at"),
    _moment("stopped_at"),
    _moment("started_at", null=False),
    _moment("completed_at"),
    _moment("created_at", null=False),
    _moment("updated_at", null=False),
    Index("ix_quiz_sessions_user_id_updated_at", "user_id", "updated_at"),
    CheckConstraint("current_index >= 0 AND current_index <= length", name="index"),
)

exams = Table(
    "exams",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("slug", String(32), nullable=False),
    Column("number", Integer, nullable=False),
    Column("format", JSON, nullable=False),
    Column("hash", String(64), nullable=False),
    _moment("created_at", null=False),
    UniqueConstraint("slug", "number"),
)

exam_sessions = Table(
    "exam_sessions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("exam_id", BigInteger, ForeignKey("exams.id"), nullable=False),
    Column("exam_type", String(32), nullable=False, server_default="TOLC-I"),
    Column("variant", String(32), nullable=False),
    Column("status", String(16), nullable=False, server_default="created"),
    Column("metadata", JSON, nullable=False, default=dict),
    Column("session_id", Uuid, ForeignKey("sessions.id", ondelete="SET NULL")),
    Column("cursor", Integer, nullable=False),
    _moment("cursor_since"),
    _moment("waiting_since", null=False),
    _moment("due_at"),
    Column("notice", String(16)),
    Column("end_reason", String(16)),
    _moment("started_at", null=False),
    _moment("updated_at", null=False),
    _moment("completed_at"),
    Index("ix_exam_sessions_user_id_completed_at", "user_id", "completed_at"),
    Index(
        "uq_exam_sessions_unfinished",
        "user_id",
        unique=True,
        sqlite_where=text("completed_at IS NULL"),
        postgresql_where=text("completed_at IS NULL"),
    ),
    Index(
        "ix_exam_sessions_due",
        "due_at",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
    Index(
        "ix_exam_sessions_notice",
        "updated_at",
        sqlite_where=text("notice IS NOT NULL"),
        postgresql_where=text("notice IS NOT NULL"),
    ),
)

exam_sections = Table(
    "exam_sections",
    metadata,
    Column("exam_session_id", Uuid, ForeignKey("exam_sessions.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("key", String(32), nullable=False),
    Column("first", Integer, nullable=False),
    Column("questions", Integer, nullable=False),
    Column("status", String(16), nullable=False),
    _moment("started_at"),
    _moment("deadline"),
    _moment("completed_at"),
    Column("closed_by", String(16)),
    Column("score", Text),
)

exam_items = Table(
    "exam_items",
    metadata,
    Column("exam_session_id", Uuid, ForeignKey("exam_sessions.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("section", Integer, nullable=False),
    Column("question_id", BigInteger, ForeignKey("questions.id"), nullable=False, index=True),
    Column("version_id", BigInteger, ForeignKey("question_versions.id"), nullable=False, index=True),
    Column("choice_order", JSON, nullable=False),
    Column("right_choice", Integer, nullable=False),
    Column("choice", Integer),
    Column("flagged", Boolean, nullable=False),
    Column("ms", BigInteger, nullable=False),
    _moment("seen_at"),
    _moment("answered_at"),
    UniqueConstraint("exam_session_id", "question_id"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("session_id", Uuid, ForeignKey("sessions.id", ondelete="SET NULL"), index=True),
    Column("quiz_id", Uuid, ForeignKey("quiz_sessions.id", ondelete="CASCADE")),
    Column("sitting_id", Uuid, ForeignKey("exam_sessions.id", ondelete="CASCADE")),
    Column("position", Integer, nullable=False),
    Column("question_version_id", BigInteger, ForeignKey("question_versions.id"), nullable=False, index=True),
    Column("choice_id", BigInteger, ForeignKey("choices.id")),
    Column("response", JSON, nullable=False),
    Column("is_right", Boolean, nullable=False),
    Column("xp", Integer, nullable=False),
    Column("active_ms", Integer, nullable=False),
    Column("hints", Integer, nullable=False),
    Column("help", String(16)),
    Column("confidence", Integer),
    Column("item_difficulty", Integer, nullable=False),
    _moment("answered_at", null=False),
    Column("local_day", String(10), nullable=False),
    _moment("voided_at"),
    Index("ix_attempts_user_id_answered_at", "user_id", "answered_at"),
    Index(
        "uq_attempts_quiz_position",
        "quiz_id",
        "position",
        unique=True,
        sqlite_where=text("voided_at IS NULL"),
        postgresql_where=text("voided_at IS NULL"),
    ),
    Index(
        "uq_attempts_sitting_position",
        "sitting_id",
        "position",
        unique=True,
        sqlite_where=text("voided_at IS NULL"),
        postgresql_where=text("voided_at IS NULL"),
    ),
)

question_reports = Table(
    "question_reports",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("attempt_id", BigInteger, ForeignKey("attempts.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("question_version_id", BigInteger, ForeignKey("question_versions.id"), nullable=False, index=True),
    _moment("created_at", null=False),
)

ai_mentor_sessions = Table(
    "ai_mentor_sessions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("topic_id", BigInteger, ForeignKey("topics.id", ondelete="SET NULL")),
    Column("course_id", BigInteger, ForeignKey("courses.id", ondelete="SET NULL")),
    Column("session_id", Uuid, ForeignKey("sessions.id", ondelete="SET NULL")),
    Column("title", Text),
    Column("summary", Text),
    Column("kept_from", BigInteger),
    Column("message_count", Integer, nullable=False),
    Column("total_tokens", BigInteger, nullable=False),
    Column("total_cost_pico_usd", BigInteger, nullable=False),
    Column("unpriced_calls", Integer, nullable=False),
    _moment("started_at", null=False),
    _moment("last_message_at", null=False),
    _moment("ended_at"),
    Index("idx_ai_mentor_sessions_user_id", "user_id"),
    Index(
        "uq_ai_mentor_sessions_open",
        "user_id",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)
Index("idx_ai_mentor_sessions_last_message", ai_mentor_sessions.c.last_message_at.desc())

ai_mentor_chats = Table(
    "ai_mentor_chats",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("mentor_session_id", Uuid, ForeignKey("ai_mentor_sessions.id", ondelete="CASCADE"), nullable=False),
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("speaker", String(16), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("why", String(24)),
    Column("content", Text),
    Column("prompt", Text),
    Column("tokens", Integer),
    Column("about", JSON),
    Column("media", JSON(none_as_null=True)),
    Column("update_id", BigInteger, unique=True),
    Column("answered_by", BigInteger, ForeignKey("ai_mentor_chats.id", ondelete="SET NULL")),
    _moment("created_at", null=False),
    _moment("shown_at"),
    Index("ix_ai_mentor_chats_mentor_session_id", "mentor_session_id", "id"),
    Index("ix_ai_mentor_chats_user_id", "user_id", "id"),
    Index("ix_ai_mentor_chats_answered_by", "answered_by"),
    Index(
        "ix_ai_mentor_chats_worded",
        "created_at",
        sqlite_where=text("content IS NOT NULL OR prompt IS NOT NULL OR media IS NOT NULL"),
        postgresql_where=text("content IS NOT NULL OR prompt IS NOT NULL OR media IS NOT NULL"),
    ),
    Index(
        "ix_ai_mentor_chats_files",
        "created_at",
        sqlite_where=text("media IS NOT NULL"),
        postgresql_where=text("media IS NOT NULL"),
    ),
    Index(
        "uq_ai_mentor_chats_open",
        "user_id",
        unique=True,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
    Index(
        "ix_ai_mentor_chats_waiting",
        "user_id",
        "id",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index(
        "ix_ai_mentor_chats_unshown",
        "user_id",
        "id",
        sqlite_where=text("speaker = 'mentor' AND shown_at IS NULL"),
        postgresql_where=text("speaker = 'mentor' AND shown_at IS NULL"),
    ),
)

model_calls = Table(
    "model_calls",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("mentor_session_id", Uuid, ForeignKey("ai_mentor_sessions.id", ondelete="CASCADE")),
    Column("chat_id", BigInteger, ForeignKey("ai_mentor_chats.id", ondelete="SET NULL")),
    Column("purpose", String(16), nullable=False),
    Column("model", String(120), nullable=False),
    Column("state", String(16), nullable=False),
    Column("outcome", String(24)),
    Column("reserved_pico_usd", BigInteger, nullable=False),
    Column("prompt_estimate", Integer, nullable=False),
    Column("max_tokens", Integer, nullable=False),
    Column("prompt_tokens", Integer, nullable=False),
    Column("cached_tokens", Integer, nullable=False),
    Column("cache_write_tokens", Integer, nullable=False),
    Column("completion_tokens", Integer, nullable=False),
    Column("reasoning_tokens", Integer, nullable=False),
    Column("usage_source", String(16)),
    Column("sound_seconds", String(24)),
    Column("input_price", String(24)),
    Column("cached_price", String(24)),
    Column("cache_write_price", String(24)),
    Column("output_price", String(24)),
    Column("price_source", String(40)),
    Column("price_as_of", String(10)),
    Column("cost_pico_usd", BigInteger),
    Column("status", Integer),
    Column("request_id", String(128)),
    Column("local_day", String(10), nullable=False),
    Column("utc_day", String(10), nullable=False),
    _moment("created_at", null=False),
    _moment("sent_at"),
    _moment("finished_at"),
    Index("ix_model_calls_user_id_local_day", "user_id", "local_day"),
    Index("ix_model_calls_utc_day", "utc_day"),
    Index("ix_model_calls_mentor_session_id", "mentor_session_id"),
    Index("ix_model_calls_chat_id", "chat_id"),
    Index(
        "ix_model_calls_unfinished",
        "user_id",
        sqlite_where=text("finished_at IS NULL"),
        postgresql_where=text("finished_at IS NULL"),
    ),
)

spending = Table(
    "spending",
    metadata,
    Column("scope", String(32), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), index=True),
    Column("spent_pico_usd", BigInteger, nullable=False),
    Column("reserved_pico_usd", BigInteger, nullable=False),
    Column("unpriced_calls", Integer, nullable=False),
)

twins = Table(
    "twins",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("of_attempt_id", BigInteger, ForeignKey("attempts.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("of_version_id", BigInteger, ForeignKey("question_versions.id"), nullable=False),
    Column("help", String(16)),
    _moment("due_at", null=False),
    Column("quiz_id", Uuid, ForeignKey("quiz_sessions.id", ondelete="SET NULL"), index=True),
    Column("position", Integer),
    Column("attempt_id", BigInteger, ForeignKey("attempts.id", ondelete="SET NULL"), unique=True),
    _moment("created_at", null=False),
    Index("ix_twins_due", "user_id", "due_at", sqlite_where=text("attempt_id IS NULL"),
          postgresql_where=text("attempt_id IS NULL")),
)  # fmt: skip

inbox = Table(
    "inbox",
    metadata,
    Column("seq", BigKey, primary_key=True),
    Column("update_id", BigInteger, nullable=False, unique=True),
    Column("person", BigInteger, nullable=False),
    Column("status", String(8), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("payload", LargeBinary),
    _moment("received_at", null=False),
    Index("ix_inbox_waiting", "person", "seq", sqlite_where=text("status = 'received'"),
          postgresql_where=text("status = 'received'")),
    Index("ix_inbox_unshown", "person", sqlite_where=text("status = 'done'"),
          postgresql_where=text("status = 'done'")),
    Index("ix_inbox_received_at", "received_at"),
)  # fmt: skip

screens = Table(
    "screens",
    metadata,
    Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, nullable=False),
    Column("place", String(16), nullable=False),
    Column("ref", String(40), nullable=False),
    Column("picture", Boolean, nullable=False),
    _moment("updated_at", null=False),
)
