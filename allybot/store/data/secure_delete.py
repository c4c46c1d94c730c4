"""Making deleted rows leave the disk, as far as a database can.

Copies that a file system, a disk or a log archive keep are beyond our reach; against those it counts that the
key is gone.
"""

from allybot.store.engine.database import Database


def truncate_log(database: Database) -> bool:
    """Empty SQLite's write-ahead log; False when readers were in the way and it must be tried again.

    SQLite overwrites deleted content (`secure_delete`), yet old pages stay in that log until it is truncated
    (measured; see also https://antonz.org/sqlite-secure-delete/). On PostgreSQL there is nothing to do.
    No transaction may be open on the database in this thread.
    """
    if not database.is_sqlite:
        return True
    connection = database.engine.raw_connection()
    try:
        # Not through SQLAlchemy, which would open a transaction first: a checkpoint inside one is refused.
        cursor = connection.cursor()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy = cursor.fetchone()
    finally:
        connection.close()
    return busy is not None and busy[0] == 0


def rewrite(database: Database, table: str) -> None:
    """Write a small table anew without its dead rows, on PostgreSQL, which would keep them until then.

    It locks the table for that moment. On SQLite there is nothing to do.
    """
    if database.is_sqlite:
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        quoted = connection.dialect.identifier_preparer.quote(table)
        connection.exec_driver_sql(f"VACUUM (FULL) {quoted}")
