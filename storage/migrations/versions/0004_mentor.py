"""The mentor: sessions, chats, the ledger of model calls, and what was spent in a day."""

import sqlalchemy as sa
from alembic import op

from storage.tables import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "spending",
        sa.Column("scope", sa.String(length=32), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("spent_pico_usd", sa.BigInteger(), nullable=False),
        sa.Column("reserved_pico_usd", sa.BigInteger(), nullable=False),
        sa.Column("unpriced_calls", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_spending_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("scope", "day", name=op.f("pk_spending")),
    )
    with op.batch_alter_table("spending", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_spending_user_id"), ["user_id"], unique=False)

    op.create_table(
        "ai_mentor_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("topic_id", sa.BigInteger(), nullable=True),
        sa.Column("course_id", sa.BigInteger(), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("kept_from", sa.BigInteger(), nullable=True),
        sa.Column("message_count", sa.Integer(), nullable=False),
        sa.Column("total_tokens", sa.BigInteger(), nullable=False),
        sa.Column("total_cost_pico_usd", sa.BigInteger(), nullable=False),
        sa.Column("unpriced_calls", sa.Integer(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("last_message_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_ai_mentor_sessions_course_id_courses"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_ai_mentor_sessions_session_id_sessions"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_ai_mentor_sessions_topic_id_topics"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_ai_mentor_sessions_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ai_mentor_sessions")),
    )
    with op.batch_alter_table("ai_mentor_sessions", schema=None) as batch_op:
        batch_op.create_index("idx_ai_mentor_sessions_last_message", [sa.text("last_message_at DESC")], unique=False)
        batch_op.create_index("idx_ai_mentor_sessions_user_id", ["user_id"], unique=False)
        batch_op.create_index(
            "uq_ai_mentor_sessions_open",
            ["user_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "ai_mentor_chats",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mentor_session_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("speaker", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("why", sa.String(length=24), nullable=True),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("prompt", sa.Text(), nullable=True),
        sa.Column("tokens", sa.Integer(), nullable=True),
        sa.Column("about", sa.JSON(), nullable=True),
        sa.Column("media", sa.JSON(), nullable=True),
        sa.Column("update_id", sa.BigInteger(), nullable=True),
        sa.Column("answered_by", sa.BigInteger(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("shown_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by"],
            ["ai_mentor_chats.id"],
            name=op.f("fk_ai_mentor_chats_answered_by_ai_mentor_chats"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["mentor_session_id"],
            ["ai_mentor_sessions.id"],
            name=op.f("fk_ai_mentor_chats_mentor_session_id_ai_mentor_sessions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_ai_mentor_chats_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ai_mentor_chats")),
        sa.UniqueConstraint("update_id", name=op.f("uq_ai_mentor_chats_update_id")),
    )
    with op.batch_alter_table("ai_mentor_chats", schema=None) as batch_op:
        batch_op.create_index("ix_ai_mentor_chats_answered_by", ["answered_by"], unique=False)
        batch_op.create_index(
            "ix_ai_mentor_chats_worded",
            ["created_at"],
            unique=False,
            sqlite_where=sa.text("content IS NOT NULL OR prompt IS NOT NULL OR media IS NOT NULL"),
            postgresql_where=sa.text("content IS NOT NULL OR prompt IS NOT NULL OR media IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_ai_mentor_chats_files",
            ["created_at"],
            unique=False,
            sqlite_where=sa.text("media IS NOT NULL"),
            postgresql_where=sa.text("media IS NOT NULL"),
        )
        batch_op.create_index("ix_ai_mentor_chats_mentor_session_id", ["mentor_session_id", "id"], unique=False)
        batch_op.create_index(
            "ix_ai_mentor_chats_unshown",
            ["user_id", "id"],
            unique=False,
            sqlite_where=sa.text("speaker = 'mentor' AND shown_at IS NULL"),
            postgresql_where=sa.text("speaker = 'mentor' AND shown_at IS NULL"),
        )
        batch_op.create_index("ix_ai_mentor_chats_user_id", ["user_id", "id"], unique=False)
        batch_op.create_index(
            "ix_ai_mentor_chats_waiting",
            ["user_id", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.create_index(
            "uq_ai_mentor_chats_open",
            ["user_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "model_calls",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("mentor_session_id", sa.Uuid(), nullable=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("model", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=True),
        sa.Column("reserved_pico_usd", sa.BigInteger(), nullable=False),
        sa.Column("prompt_estimate", sa.Integer(), nullable=False),
        sa.Column("max_tokens", sa.Integer(), nullable=False),
        sa.Column("prompt_tokens", sa.Integer(), nullable=False),
        sa.Column("cached_tokens", sa.Integer(), nullable=False),
        sa.Column("cache_write_tokens", sa.Integer(), nullable=False),
        sa.Column("completion_tokens", sa.Integer(), nullable=False),
        sa.Column("reasoning_tokens", sa.Integer(), nullable=False),
        sa.Column("usage_source", sa.String(length=16), nullable=True),
        sa.Column("sound_seconds", sa.String(length=24), nullable=True),
        sa.Column("input_price", sa.String(length=24), nullable=True),
        sa.Column("cached_price", sa.String(length=24), nullable=True),
        sa.Column("cache_write_price", sa.String(length=24), nullable=True),
        sa.Column("output_price", sa.String(length=24), nullable=True),
        sa.Column("price_source", sa.String(length=40), nullable=True),
        sa.Column("price_as_of", sa.String(length=10), nullable=True),
        sa.Column("cost_pico_usd", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("request_id", sa.String(length=128), nullable=True),
        sa.Column("local_day", sa.String(length=10), nullable=False),
        sa.Column("utc_day", sa.String(length=10), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["chat_id"],
            ["ai_mentor_chats.id"],
            name=op.f("fk_model_calls_chat_id_ai_mentor_chats"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["mentor_session_id"],
            ["ai_mentor_sessions.id"],
            name=op.f("fk_model_calls_mentor_session_id_ai_mentor_sessions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_model_calls_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_calls")),
    )
    with op.batch_alter_table("model_calls", schema=None) as batch_op:
        batch_op.create_index("ix_model_calls_chat_id", ["chat_id"], unique=False)
        batch_op.create_index("ix_model_calls_mentor_session_id", ["mentor_session_id"], unique=False)
        batch_op.create_index(
            "ix_model_calls_unfinished",
            ["user_id"],
            unique=False,
            sqlite_where=sa.text("finished_at IS NULL"),
            postgresql_where=sa.text("finished_at IS NULL"),
        )
        batch_op.create_index("ix_model_calls_user_id_local_day", ["user_id", "local_day"], unique=False)
        batch_op.create_index("ix_model_calls_utc_day", ["utc_day"], unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("model_calls", schema=None) as batch_op:
        batch_op.drop_index("ix_model_calls_utc_day")
        batch_op.drop_index("ix_model_calls_user_id_local_day")
        batch_op.drop_index(
            "ix_model_calls_unfinished",
            sqlite_where=sa.text("finished_at IS NULL"),
            postgresql_where=sa.text("finished_at IS NULL"),
        )
        batch_op.drop_index("ix_model_calls_mentor_session_id")
        batch_op.drop_index("ix_model_calls_chat_id")

    op.drop_table("model_calls")
    with op.batch_alter_table("ai_mentor_chats", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_ai_mentor_chats_open",
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.drop_index(
            "ix_ai_mentor_chats_waiting",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.drop_index("ix_ai_mentor_chats_user_id")
        batch_op.drop_index(
            "ix_ai_mentor_chats_unshown",
            sqlite_where=sa.text("speaker = 'mentor' AND shown_at IS NULL"),
            postgresql_where=sa.text("speaker = 'mentor' AND shown_at IS NULL"),
        )
        batch_op.drop_index("ix_ai_mentor_chats_mentor_session_id")
        batch_op.drop_index(
            "ix_ai_mentor_chats_files",
            sqlite_where=sa.text("media IS NOT NULL"),
            postgresql_where=sa.text("media IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_ai_mentor_chats_worded",
            sqlite_where=sa.text("content IS NOT NULL OR prompt IS NOT NULL OR media IS NOT NULL"),
            postgresql_where=sa.text("content IS NOT NULL OR prompt IS NOT NULL OR media IS NOT NULL"),
        )
        batch_op.drop_index("ix_ai_mentor_chats_answered_by")

    op.drop_table("ai_mentor_chats")
    with op.batch_alter_table("ai_mentor_sessions", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_ai_mentor_sessions_open",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index("idx_ai_mentor_sessions_user_id")
        batch_op.drop_index("idx_ai_mentor_sessions_last_message")

    op.drop_table("ai_mentor_sessions")
    with op.batch_alter_table("spending", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_spending_user_id"))

    op.drop_table("spending")
