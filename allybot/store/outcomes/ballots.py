"""Windows, sealed ballots and releases. Only random ids, nothing of a person or a plan.

Summaries only read releases (`release_by_window`), never ballots.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, delete, func, insert, or_, select, update

from allybot.domain.anonymity import Tier
from allybot.domain.windows import Telling, Window, WindowState
from allybot.store.engine.database import Transaction
from allybot.store.engine.upsert import upsert
from allybot.store.tables import ballot, check_in, pooled_ballot, release, window

_DONE = (WindowState.PUBLISHED, WindowState.VOID)
# Built once for speed, see `store/trainees.py`.
_OPEN_KEY = (
    select(window.c.public_key)
    .where(window.c.id == bindparam("wanted"), window.c.state == WindowState.OPEN)
    .with_for_update(read=True)
)
_PUT = upsert(ballot, "sealed")
_AT_WORK = (
    select(window.c.id)
    .where(
        or_(
            and_(window.c.state == WindowState.OPEN, window.c.closes_at <= bindparam("now")),
            window.c.state == WindowState.CLOSED,
            and_(window.c.state.in_(_DONE), window.c.key_destroyed_on.is_(None)),
            window.c.telling.in_(list(Telling)),
            and_(window.c.state == WindowState.WAITING, window.c.waits_until <= bindparam("now")),
        )
    )
    .order_by(window.c.closes_at, window.c.id)
)


@dataclass(frozen=True)
class Published:
    """One stored release: its noisy counts by cell and their parameters."""

    noisy: Mapping[str, int]
    tier: Tier
    scale_milli: int
    respondents: int
    invited: int
    published_on: date


def as_window(row: Row[Any]) -> Window:
    """A window from its row."""
    return Window(
        id=row.id,
        program_id=row.program_id,
        name=row.name,
        closes_at=row.closes_at,
        public_key=row.public_key,
        state=WindowState(row.state),
        invited=row.invited,
        published_on=row.published_on,
        key_destroyed_on=row.key_destroyed_on,
        telling=Telling(row.telling) if row.telling else None,
        told_up_to=row.told_up_to or "",
        waits_until=row.waits_until,
        counted_with=row.counted_with,
    )


def add_window(tx: Transaction, window_id: str, program_id: str, name: str, public_key: bytes | None) -> None:
    """Insert an open window; `public_key` is None until a custodian hands it in."""
    tx.execute(
        insert(window).values(
            id=window_id, program_id=program_id, name=name, public_key=public_key, state=WindowState.OPEN
        )
    )


def window_by_id(tx: Transaction, window_id: str) -> Window | None:
    """One window, or None."""
    row = tx.execute(select(window).where(window.c.id == window_id)).first()
    return as_window(row) if row else None


def windows_of(tx: Transaction, program_id: str) -> list[Window]:
    """The windows of a program, ordered by closing time."""
    rows = tx.execute(
        select(window).where(window.c.program_id == program_id).order_by(window.c.closes_at, window.c.name)
    )
    return [as_window(row) for row in rows]


def window_named(tx: Transaction, program_id: str, *names: str) -> Window | None:
    """The window that has one of these names, or None."""
    named = (window.c.program_id == program_id, window.c.name.in_(names))
    row = tx.execute(select(window).where(*named)).first()
    return as_window(row) if row else None


def set_window(tx: Transaction, window_id: str, **values: object) -> None:
    """Set columns of one window; its state changes only by `move_window`."""
    tx.execute(update(window).where(window.c.id == window_id).values(**values))


def give_key(tx: Transaction, window_id: str, public_key: bytes) -> bool:
    """Store the public key of an open window that has none; False when it has one, or is open no more."""
    free = (window.c.id == window_id, window.c.public_key.is_(None), window.c.state == WindowState.OPEN)
    return tx.execute(update(window).where(*free).values(public_key=public_key)).rowcount == 1


def move_window(
    tx: Transaction, window_id: str, before: WindowState, after: WindowState, **values: object
) -> bool:
    """Move a window from state `before` to `after`; False when it is not (or no longer) in `before`."""
    moved = tx.execute(
        update(window).where(window.c.id == window_id, window.c.state == before).values(state=after, **values)
    )
    return moved.rowcount == 1


def windows_at_work(tx: Transaction, now: datetime) -> list[str]:
    """Ids of windows at which something is to be done.

    They are due to close, to be published, to have their key destroyed, to be told of, or have waited for too
    long.
    """
    return list(tx.execute(_AT_WORK, {"now": now}).scalars())


def note_told(tx: Transaction, before: Window, telling: Telling | None, told_up_to: str) -> bool:
    """Note who was told of a window; False when another worker has noted it since `before` was read."""
    as_read = (window.c.telling == before.telling, window.c.told_up_to == before.told_up_to)
    noted = update(window).where(window.c.id == before.id, *as_read)
    return tx.execute(noted.values(telling=telling, told_up_to=told_up_to)).rowcount == 1


def open_key(tx: Transaction, window_id: str) -> bytes | None:
    """The key that seals ballots of this window; None when it is closed, absent or without a key.

    The row is locked until the transaction ends, so that no ballot arrives after the count.
    """
    row = tx.execute(_OPEN_KEY, {"wanted": window_id}).first()
    return row.public_key if row else None


def put_ballot(tx: Transaction, window_id: str, trainee_id: str, slot: int, sealed: bytes) -> None:
    """Store a ballot; answering again overwrites the slot. Always one statement, whatever the content."""
    values = {"window_id": window_id, "trainee_id": trainee_id, "slot": slot, "sealed": sealed}
    tx.execute(_PUT[tx.dialect.name], values)


def ballots_of(tx: Transaction, window_id: str) -> dict[str, list[bytes]]:
    """The sealed ballots of a window by trainee; read only by the job that publishes."""
    rows = tx.execute(
        select(ballot.c.trainee_id, ballot.c.sealed)
        .where(ballot.c.window_id == window_id)
        .order_by(ballot.c.trainee_id, ballot.c.slot)
    )
    by_trainee: dict[str, list[bytes]] = {}
    for row in rows:
        by_trainee.setdefault(row.trainee_id, []).append(row.sealed)
    return by_trainee


def count_respondents(tx: Transaction, window_id: str) -> int:
    """Distinct trainees who answered; never shown while the window is open."""
    return tx.execute(
        select(func.count(ballot.c.trainee_id.distinct())).where(ballot.c.window_id == window_id)
    ).scalar_one()


def count_invited(tx: Transaction, window_id: str) -> int:
    """Distinct trainees who were asked at least once at a step of this window."""
    return tx.execute(
        select(func.count(check_in.c.trainee_id.distinct())).where(
            check_in.c.window_id == window_id, check_in.c.state != "cancelled"
        )
    ).scalar_one()


def delete_ballots(tx: Transaction, window_id: str) -> None:
    """Delete every ballot of a window, those that waited in a pool too."""
    for table in (ballot, pooled_ballot):
        tx.execute(delete(table).where(table.c.window_id == window_id))


def add_release(tx: Transaction, window_id: str, made: Published) -> None:
    """Insert a release. The primary key and triggers refuse a second one, a change and a deletion."""
    tx.execute(
        insert(release),
        [
            {
                "window_id": window_id,
                "cell": cell,
                "noisy": noisy,
                "scale_milli": made.scale_milli,
                "tier": made.tier,
                "respondents": made.respondents,
                "invited": made.invited,
                "published_on": made.published_on,
            }
            for cell, noisy in made.noisy.items()
        ],
    )


def release_of(tx: Transaction, of: Window) -> Published | None:
    """The release that counts this window, alone or with others of its pool; None when there is none."""
    return release_by_window(tx, of.counted_with or of.id)


def release_by_window(tx: Transaction, window_id: str) -> Published | None:
    """The stored release of a window, cells by name, or None when it has none."""
    rows = tx.execute(select(release).where(release.c.window_id == window_id).order_by(release.c.cell)).all()
    if not rows:
        return None
    first = rows[0]
    return Published(
        noisy={row.cell: row.noisy for row in rows},
        tier=Tier(first.tier),
        scale_milli=first.scale_milli,
        respondents=first.respondents,
        invited=first.invited,
        published_on=first.published_on,
    )
