"""One cache of compiled statements for a whole test process.

SQLAlchemy keeps what it compiled with each engine. A bot has two engines as long as it runs; tests make two
thousand of them, and spent a sixth of their time compiling the same statements again.
"""

from typing import Any

from sqlalchemy import Connection, Engine, event


class _Statements(dict[tuple[Any, ...], Any]):
    """Compiled statements by the name of the dialect: SQLAlchemy's keys begin with each engine's own."""

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        return super().get((key[0].name, *key[1:]), default)

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        super().__setitem__((key[0].name, *key[1:]), compiled)


def share_compiled_statements() -> None:
    """Let every engine of this process use the same cache."""
    statements = _Statements()

    def use(connection: Connection) -> None:
        connection.execution_options(compiled_cache=statements)

    event.listen(Engine, "engine_connect", use)
