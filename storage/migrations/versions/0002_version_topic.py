"""A question version keeps its topic, so that a question filed elsewhere does not change what happened."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("question_versions", sa.Column("topic_id", sa.BigInteger(), nullable=True))
    op.execute(
        "UPDATE question_versions SET topic_id ="
        " (SELECT questions.topic_id FROM questions WHERE questions.id = question_versions.question_id)"
    )
    with op.batch_alter_table("question_versions", schema=None) as batch_op:
        batch_op.alter_column("topic_id", existing_type=sa.BigInteger(), nullable=False)
        batch_op.create_foreign_key(batch_op.f("fk_question_versions_topic_id_topics"), "topics", ["topic_id"], ["id"])


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("question_versions", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_question_versions_topic_id_topics"), type_="foreignkey")
        batch_op.drop_column("topic_id")
