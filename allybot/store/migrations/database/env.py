"""Alembic's entry: migrations run on the connection that `schema.migrate` or a developer brings."""

from typing import Any, Literal

from alembic import context

from allybot.store.engine.database import UtcDateTime
from allybot.store.tables import metadata as target


def _plain_types(kind: str, item: Any, _autogenerate: Any) -> str | Literal[False]:
    """Migrations name SQLAlchemy's own types, so that they stand when ours change."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=target,
    render_as_batch=True,  # SQLite cannot alter most things in place
    compare_type=True,
    render_item=_plain_types,
)
with context.begin_transaction():
    context.run_migrations()
