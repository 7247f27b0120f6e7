"""How alembic reaches the database: on the connection that the program hands over."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from storage.tables import UtcDateTime, metadata


def render_item(kind: str, item: object, autogen_context: AutogenContext) -> str | Literal[False]:
    """Write our own type by its name, with its import; everything else as alembic does."""
    if kind != "type" or not isinstance(item, UtcDateTime):
        return False
    autogen_context.imports.add("from storage.tables import UtcDateTime")
    return "UtcDateTime()"


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_item=render_item,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
