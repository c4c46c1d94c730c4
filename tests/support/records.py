"""Reads private records in tests, with every trainee's key."""

from sqlalchemy import select

from allybot.domain.private_record import PrivateRecord
from allybot.services.context import Context
from allybot.store import tables
from allybot.store.plans import private_records


def all_records(context: Context) -> list[PrivateRecord]:
    """The private record of everybody who has one."""
    with context.database.reading() as tx:
        ids = tx.execute(select(tables.private_record.c.trainee_id)).scalars().all()
        return [private_records.read(tx, context.personal_key(each), each) for each in ids]
