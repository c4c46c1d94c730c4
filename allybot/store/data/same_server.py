"""Whether two databases share a server."""

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from allybot.store.engine.address import file_of, host_of
from allybot.store.engine.database import Database


def same_place(one: Database, other: Database) -> bool:
    """Whether two databases are the same SQLite file or on the same PostgreSQL cluster, with one log."""
    if one.engine.dialect.name != other.engine.dialect.name:
        return False
    if one.is_sqlite:
        files = [file_of(each.engine.url).resolve() for each in (one, other)]
        return files[0] == files[1]
    return _cluster(one) == _cluster(other)


def _cluster(database: Database) -> str:
    """The cluster's identifier, or its address without the right to read that."""
    try:
        with database.reading() as tx:
            return str(tx.execute(text("SELECT system_identifier FROM pg_control_system()")).scalar_one())
    except DBAPIError:
        return host_of(database.engine.url)
