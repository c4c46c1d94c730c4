"""Check-ins; steps are taken by conditional updates, so that only one of two workers takes each."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, or_, select, update

from allybot.domain.check_ins import CheckIn, CheckInState
from allybot.domain.people import Actor
from allybot.domain.trainee import Trainee, TraineeState
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import MessageState
from allybot.store.engine.database import Transaction
from allybot.store.engine.upsert import insert_for
from allybot.store.tables import check_in, outbox, trainee
from allybot.store.trainees import as_trainee

_ASKING = (MessageKind.CHECK_IN, MessageKind.REPLAN)
_ABOUT_A_CHECK_IN = (*_ASKING, MessageKind.FOLLOW_UP)
_UNSOLICITED = (
    *_ABOUT_A_CHECK_IN,
    MessageKind.SLOWED,
    MessageKind.FRESH_START,
    MessageKind.KEEP_GOING,
    MessageKind.FIRST_PLAN,
    MessageKind.REMINDER,
)
# Built once: building a statement takes longer than running it, and these run before every acknowledgement.
_BY_ID = select(check_in).where(check_in.c.id == bindparam("wanted"))
_ASKED = "asked_"  # prefix of the check-in's columns where they are selected with a trainee's
_OWN = (
    select(
        trainee,
        *(column.label(_ASKED + column.name) for column in check_in.c),
    )
    .join(check_in, check_in.c.trainee_id == trainee.c.id)
    .where(
        trainee.c.workspace_id == bindparam("workspace"),
        trainee.c.slack_user == bindparam("user"),
        check_in.c.id == bindparam("wanted"),
    )
)
_CHANGE = update(check_in).where(check_in.c.id == bindparam("wanted"))
_FOLLOW_UPS_DUE = (
    select(check_in.c.id)
    .where(check_in.c.state == CheckInState.ASKED, check_in.c.follow_up_at <= bindparam("now"))
    .order_by(check_in.c.follow_up_at, check_in.c.id)
    .limit(bindparam("most"))
)
_PLACES = (
    select(outbox.c.sent_channel, outbox.c.sent_ts)
    .where(
        outbox.c.about_id == bindparam("wanted"),
        or_(*(outbox.c.kind == kind for kind in _ABOUT_A_CHECK_IN)),  # an IN would be rebuilt at each use
        outbox.c.sent_ts.is_not(None),
    )
    .order_by(outbox.c.sent_ts)
)


def _check_in(row: Row[Any], before: str = "") -> CheckIn:
    def of(column: str) -> Any:
        return getattr(row, before + column)

    return CheckIn(
        id=of("id"),
        trainee_id=of("trainee_id"),
        step=of("step"),
        window_id=of("window_id"),
        due_at=of("due_at"),
        state=CheckInState(of("state")),
        follow_up_at=of("follow_up_at"),
        times_put_off=of("times_put_off"),
    )


def add_check_in(tx: Transaction, asked: CheckIn) -> bool:
    """Insert a check-in; False when this step was asked before."""
    statement = insert_for(tx, check_in).values(**vars(asked))
    added = statement.on_conflict_do_nothing().returning(check_in.c.id)  # an INSERT has no reliable row count
    return tx.execute(added).first() is not None


def check_in_by_id(tx: Transaction, check_in_id: str) -> CheckIn | None:
    """One check-in of any trainee; for a given trainee's use `check_in_of`."""
    row = tx.execute(_BY_ID, {"wanted": check_in_id}).first()
    return _check_in(row) if row else None


def check_in_of(tx: Transaction, trainee_id: str, check_in_id: str) -> CheckIn | None:
    """One check-in of this trainee; another's is not found."""
    found = check_in_by_id(tx, check_in_id)
    return found if found and found.trainee_id == trainee_id else None


def own(tx: Transaction, actor: Actor, check_in_id: str) -> tuple[Trainee, CheckIn] | None:
    """The actor and their check-in; None when it is not theirs."""
    who = {"workspace": actor.workspace_id, "user": actor.slack_user, "wanted": check_in_id}
    row = tx.execute(_OWN, who).first()  # one query, not three, since it runs before an acknowledgement
    return (as_trainee(row), _check_in(row, _ASKED)) if row else None


def latest(tx: Transaction, trainee_id: str) -> CheckIn | None:
    """The last step asked of a trainee, without those that were not delivered."""
    row = tx.execute(
        select(check_in)
        .where(check_in.c.trainee_id == trainee_id, check_in.c.state != CheckInState.CANCELLED)
        .order_by(check_in.c.step.desc())
        .limit(1)
    ).first()
    return _check_in(row) if row else None


def change_check_in(tx: Transaction, check_in_id: str, **values: object) -> None:
    """Set columns of one check-in."""
    tx.execute(_CHANGE, {"wanted": check_in_id, **values})


def close_unanswered(tx: Transaction, check_in_id: str, *, delivered: bool) -> None:
    """Close a check-in that was not answered before the next step; an answered one is left unchanged."""
    tx.execute(
        update(check_in)
        .where(check_in.c.id == check_in_id, check_in.c.state == CheckInState.ASKED)
        .values(state=CheckInState.SILENT if delivered else CheckInState.CANCELLED, follow_up_at=None)
    )


def follow_ups_due(tx: Transaction, now: datetime, limit: int) -> list[str]:
    """Ids of unanswered check-ins whose follow-up is due at `now` (UTC), earliest first."""
    return list(tx.execute(_FOLLOW_UPS_DUE, {"now": now, "most": limit}).scalars())


def next_follow_up(tx: Transaction, trainee_id: str) -> datetime | None:
    """When a trainee's next follow-up is due, aware UTC; None when none is planned."""
    query = select(check_in.c.follow_up_at).where(
        check_in.c.trainee_id == trainee_id,
        check_in.c.state == CheckInState.ASKED,
        check_in.c.follow_up_at.is_not(None),
    )
    return tx.execute(query.order_by(check_in.c.follow_up_at).limit(1)).scalar()


def take_follow_up(tx: Transaction, asked: CheckIn, later: datetime | None) -> bool:
    """Take a follow-up, or move it to `later` (UTC); False when another worker was faster."""
    taken = tx.execute(
        update(check_in)
        .where(
            check_in.c.id == asked.id,
            check_in.c.state == CheckInState.ASKED,
            check_in.c.follow_up_at == asked.follow_up_at,
        )
        .values(follow_up_at=later)
    )
    return taken.rowcount == 1


def take_step(tx: Transaction, person: Trainee, **values: object) -> bool:
    """Set columns of an active trainee whose schedule is still as in `person`; False when it has changed."""
    taken = tx.execute(
        update(trainee)
        .where(
            trainee.c.id == person.id,
            trainee.c.state == TraineeState.ACTIVE,
            trainee.c.next_step == person.next_step,
            trainee.c.next_check_in_at == person.next_check_in_at,
            trainee.c.silent_steps == person.silent_steps,  # a concurrent tap wins
        )
        .values(**values)
    )
    return taken.rowcount == 1


def places(tx: Transaction, check_in_id: str) -> list[tuple[str, str]]:
    """(channel, ts) of every message that asks this check-in, in order of their ts."""
    rows = tx.execute(_PLACES, {"wanted": check_in_id})
    return [(row.sent_channel, row.sent_ts) for row in rows]


def silence(tx: Transaction, trainee_id: str) -> None:
    """Cancel a trainee's unsolicited queued messages and close the open check-ins.

    A check-in that was not sent is cancelled; a sent one is closed as SILENT, and its buttons still work.
    """
    waiting = (outbox.c.trainee_id == trainee_id, outbox.c.state == MessageState.DUE)
    unsent = tx.execute(select(outbox.c.about_id).where(*waiting, outbox.c.kind.in_(_ASKING))).scalars().all()
    tx.execute(
        update(outbox).where(*waiting, outbox.c.kind.in_(_UNSOLICITED)).values(state=MessageState.CANCELLED)
    )
    open_ones = (check_in.c.trainee_id == trainee_id, check_in.c.state == CheckInState.ASKED)
    for condition, state in (
        (check_in.c.id.in_(unsent), CheckInState.CANCELLED),
        (check_in.c.id.not_in(unsent), CheckInState.SILENT),
    ):
        tx.execute(update(check_in).where(*open_ones, condition).values(state=state, follow_up_at=None))
