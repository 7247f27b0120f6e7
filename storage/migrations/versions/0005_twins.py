"""Questions that come back to be answered without help, and which questions have a worked solution."""

import sqlalchemy as sa
from alembic import op

from storage.tables import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "twins",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("of_attempt_id", sa.BigInteger(), nullable=False),
        sa.Column("of_version_id", sa.BigInteger(), nullable=False),
        sa.Column("help", sa.String(length=16), nullable=True),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("quiz_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("attempt_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempts.id"], name=op.f("fk_twins_attempt_id_attempts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["of_attempt_id"], ["attempts.id"], name=op.f("fk_twins_of_attempt_id_attempts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["of_version_id"], ["question_versions.id"], name=op.f("fk_twins_of_version_id_question_versions")
        ),
        sa.ForeignKeyConstraint(
            ["quiz_id"], ["quiz_sessions.id"], name=op.f("fk_twins_quiz_id_quiz_sessions"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_twins_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_twins")),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_twins_attempt_id")),
        sa.UniqueConstraint("of_attempt_id", name=op.f("uq_twins_of_attempt_id")),
    )
    with op.batch_alter_table("twins", schema=None) as batch_op:
        batch_op.create_index(
            "ix_twins_due",
            ["user_id", "due_at"],
            unique=False,
            sqlite_where=sa.text("attempt_id IS NULL"),
            postgresql_where=sa.text("attempt_id IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_twins_quiz_id"), ["quiz_id"], unique=False)

    op.add_column("questions", sa.Column("explained", sa.Boolean(), nullable=True))
    op.execute(
        "UPDATE questions SET explained = EXISTS (SELECT 1 FROM question_texts"
        " WHERE question_texts.version_id = questions.current_version_id AND question_texts.explanation <> '')"
    )
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.alter_column("explained", existing_type=sa.Boolean(), nullable=False)
        batch_op.create_index(
            "ix_questions_explained",
            ["topic_id"],
            unique=False,
            sqlite_where=sa.text("explained = 1"),
            postgresql_where=sa.text("explained"),
        )


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_questions_explained", sqlite_where=sa.text("explained = 1"), postgresql_where=sa.text("explained")
        )
        batch_op.drop_column("explained")

    with op.batch_alter_table("twins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_twins_quiz_id"))
        batch_op.drop_index(
            "ix_twins_due", sqlite_where=sa.text("attempt_id IS NULL"), postgresql_where=sa.text("attempt_id IS NULL")
        )

    op.drop_table("twins")
