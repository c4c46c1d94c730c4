"""Reads private records in tests, with every trainee's key."""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import select

from allybot.domain.plans import Plan
from allybot.domain.private_record import PrivateRecord
from allybot.services.context import Context
from allybot.store import tables
from allybot.store.plans import private_records


def all_records(context: Context) -> list[PrivateRecord]:
    """The private record of everybody who has one."""
    with context.database.reading() as tx:
        ids = tx.execute(select(tables.private_record.c.trainee_id)).scalars().all()
        return [private_records.read(tx, context.personal_key(each), each) for each in ids]


def change_records(context: Context, change: Callable[[Plan], Plan]) -> None:
    """Change every plan in every private record."""
    with context.database.transaction() as tx:
        for trainee_id in tx.execute(select(tables.private_record.c.trainee_id)).scalars().all():
            with private_records.rewriting(tx, context.personal_key(trainee_id), trainee_id) as held:
                held.record = replace(held.record, plans=tuple(map(change, held.record.plans)))
