"""Asks a second time: one follow-up after days without an answer, and again after a snooze."""

from dataclasses import dataclass
from datetime import datetime

from allybot.domain import spacing
from allybot.domain.check_ins import MAX_PUT_OFF, CheckIn, CheckInState, Snooze
from allybot.domain.people import Actor
from allybot.domain.trainee import Trainee, gets_check_ins
from allybot.errors import NotFoundError, WrongStateError
from allybot.services.check_ins.help import check_is_newest
from allybot.services.check_ins.quiet_hours import sent_on
from allybot.services.check_ins.schedule import Position, position_of
from allybot.services.context import Context, acting, put_to_trainee
from allybot.services.isolation import ScheduledJob
from allybot.store import trainees
from allybot.store.check_ins import check_ins
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.parked_rows import RowKind
from allybot.store.engine.database import Transaction

_GO_FIRST = frozenset({
    MessageKind.FACILITATOR_ASKED, MessageKind.FACILITATOR_KIT, MessageKind.RESULT,
    MessageKind.SUGGESTION_ANSWERS,
})  # fmt: skip
"""Messages tied to their day, for which a follow-up waits: a trainee gets one message a day.

A reminder is not among them: it is not sent on the day of a follow-up.
"""


@dataclass(frozen=True)
class PutOff:
    """The result of a snooze: when the trainee is asked again, aware UTC, None when not."""

    trainee: Trainee
    again_at: datetime | None


def snooze(context: Context, actor: Actor, check_in_id: str, until: Snooze, now: datetime) -> PutOff:
    """Ask again later, at most `MAX_PUT_OFF` times. Until then a second wish changes nothing.

    Raises:
        NotFoundError: the check-in is not the trainee's.
        WrongStateError: it is answered or closed, or the trainee gets no check-ins now.
        SupersededError: it is closed, and a newer one waits for an answer.
    """
    with context.database.transaction() as tx:
        trainee = acting(tx, actor)
        asked = check_ins.check_in_of(tx, trainee.id, check_in_id)
        if asked is None:
            raise NotFoundError
        check_is_newest(tx, asked)
        if asked.state is not CheckInState.ASKED or not gets_check_ins(trainee.state):
            raise WrongStateError
        if asked.due_at > now:
            return PutOff(trainee, asked.due_at)
        position = position_of(context, tx, trainee, now)
        again = spacing.snoozed_until(
            position.ladder, position.calendar, now, until, asked.step, position.jitter
        )
        following = trainee.next_check_in_at
        if asked.times_put_off >= MAX_PUT_OFF or (following and following <= again):
            check_ins.change_check_in(tx, asked.id, follow_up_at=None)
            return PutOff(trainee, None)
        times = asked.times_put_off + 1
        check_ins.change_check_in(tx, asked.id, follow_up_at=None, due_at=again, times_put_off=times)
        trainees.change_trainee(tx, trainee.id, silent_steps=0)
        key = f"check-in:{trainee.id}:{asked.step}:again:{times}"
        _put(tx, position, trainee, asked, key, again)
        return PutOff(trainee, again)


def _follow_up(context: Context, check_in_id: str, now: datetime) -> bool:
    with context.database.transaction() as tx:
        asked = check_ins.check_in_by_id(tx, check_in_id)
        due_at = asked.follow_up_at if asked else None
        if asked is None or due_at is None or due_at > now:
            return False
        trainee = trainees.trainee_by_id(tx, asked.trainee_id)
        if trainee is None:
            return False
        position = position_of(context, tx, trainee, now)
        if not _still_wanted(tx, position, trainee, asked, due_at, now):
            check_ins.take_follow_up(tx, asked, None)
            return False
        if not position.calendar.is_open(now):
            check_ins.take_follow_up(tx, asked, position.calendar.open_from(now, position.ladder.hour))
            return False
        today = position.calendar.local_day(now)
        if sent_on(tx, position.calendar, trainee.id, _GO_FIRST, today):
            tomorrow = spacing.next_working_moment(
                position.ladder, position.calendar, now, asked.step, position.jitter
            )
            check_ins.take_follow_up(tx, asked, tomorrow)
            return False
        if not check_ins.take_follow_up(tx, asked, None):
            return False
        return _put(tx, position, trainee, asked, f"follow-up:{trainee.id}:{asked.step}", now)


queue_follow_ups = ScheduledJob("follow_ups", RowKind.CHECK_IN, check_ins.follow_ups_due, _follow_up)
"""Follow up once on unanswered check-ins; returns how many were queued.

A follow-up is dropped when the next step is due or the check-in itself was not delivered.
"""


def _still_wanted(
    tx: Transaction, position: Position, trainee: Trainee, asked: CheckIn, due_at: datetime, now: datetime
) -> bool:
    return (
        gets_check_ins(trainee.state)
        and (trainee.next_check_in_at is None or now < trainee.next_check_in_at)
        and now < spacing.stale_at(position.ladder, position.calendar, due_at)
        and bool(check_ins.places(tx, asked.id))
    )


def _put(
    tx: Transaction, position: Position, trainee: Trainee, asked: CheckIn, key: str, due_at: datetime
) -> bool:
    stale_at = spacing.stale_at(position.ladder, position.calendar, due_at)
    following = trainee.next_check_in_at
    if following:
        stale_at = min(stale_at, following)
    return put_to_trainee(tx, trainee, MessageKind.FOLLOW_UP, asked.id, key, due_at, stale_at)
