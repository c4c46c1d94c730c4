"""Removes deleted rows from disk, as far as a database can.

Copies kept by a file system, a disk or a log archive cannot be removed; they are unreadable without the key.
"""

from allybot.store.engine.database import Database


def truncate_log(database: Database) -> bool:
    """Truncate SQLite's write-ahead log; False when readers prevented it and it must be retried.

    SQLite overwrites deleted content (`secure_delete`), but old pages stay in the log until it is truncated
    (measured; see also https://antonz.org/sqlite-secure-delete/). On PostgreSQL there is nothing to do.
    This thread must have no open transaction on the database.
    """
    if not database.is_sqlite:
        return True
    connection = database.engine.raw_connection()
    try:
        # Not through SQLAlchemy, which would begin a transaction; a checkpoint fails inside one.
        cursor = connection.cursor()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy = cursor.fetchone()
    finally:
        connection.close()
    return busy is not None and busy[0] == 0


def rewrite(database: Database, table: str) -> None:
    """Rewrite a small table without its dead rows on PostgreSQL (VACUUM FULL, which locks it).

    On SQLite there is nothing to do.
    """
    if database.is_sqlite:
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        quoted = connection.dialect.identifier_preparer.quote(table)
        connection.exec_driver_sql(f"VACUUM (FULL) {quoted}")
