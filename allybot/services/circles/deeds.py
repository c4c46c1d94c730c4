"""Telling a circle a deed: with the name it is posted at once, without it waits for the next round.

What is stored meanwhile does not name the teller: the deed's row is sealed, that of a named deed's message
holds ids of the circle and the deed, and nothing is written elsewhere. How many deeds somebody told is
counted from the sealed rows, and from keys of messages that only their personal key makes.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from allybot.crypto import keyed_digest, lock_text
from allybot.domain.circles import Circle, CircleState, CircleWeek
from allybot.domain.deeds import (
    KEPT_AFTER_ROUND,
    MOST_A_WEEK,
    NAMED_KEPT_AT_MOST,
    Refusal,
    deed_text,
)
from allybot.domain.people import Actor, Program
from allybot.domain.trainee import Trainee, may_ask_circle
from allybot.errors import WrongStateError
from allybot.services.circles.deed_rounds import round_key
from allybot.services.context import Context, acting, program_of
from allybot.store.circles import circles, deeds, weeks
from allybot.store.circles.deeds import Told
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import OutboxMessage
from allybot.store.engine.database import Transaction

_STALE_AFTER = timedelta(days=7)
"""A named deed that could not be posted for a week expires."""
_FEWEST_MEMBERS = 2
_ID_LENGTH = 32
"""Hexadecimal digits of an id, which what stands in a key looks like."""


class CannotTellError(WrongStateError):
    """The trainee cannot tell a deed now; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__()
        self.refusal = refusal


@dataclass(frozen=True)
class Telling:
    """The data of the modal.

    Attributes:
        week: the circle's newest, in the thread of whose round named deeds are posted.
        next_round_on: the day of the next round in the program's zone, None after the last.
        goes_alone: whether a deed goes with that round also where nobody else tells one: it is the last.
    """

    trainee: Trainee
    program: Program
    circle: Circle
    week: CircleWeek
    next_round_on: date | None
    goes_alone: bool


def read(context: Context, actor: Actor, form_id: str = "") -> Telling:
    """Whether the actor may tell a deed, and in which circle.

    Args:
        form_id: the modal's own id; a deed it already told does not count against the limit.

    Raises:
        DecryptionError: the personal key was erased.
        NotFoundError: the actor is in no program.
        CannotTellError: no consent, no circle, the circle is closed, or the limit is reached.
    """
    with context.database.reading() as tx:
        return _telling(context, tx, actor, form_id)


def tell(
    context: Context, actor: Actor, form_id: str, text: str | None, now: datetime, *, named: bool
) -> Telling:
    """Store a deed for the next round, or queue its post under the actor's name. Idempotent per form.

    Args:
        form_id: the modal's own id.
        now: aware UTC.

    Raises:
        FieldError: field `deed`, reason `empty` or `too_long`.
        DecryptionError, NotFoundError, CannotTellError: as in `read`.
    """
    words = deed_text(text)
    with context.database.transaction() as tx:
        # The circle's row is locked, not the trainee's, whose lock would show on PostgreSQL's disk.
        telling = _telling(context, tx, actor, form_id, lock=True)
        trainee, circle = telling.trainee, telling.circle
        deed_id = _deed_id(trainee.id, form_id)
        if _is_told(tx, deed_id):
            return telling
        text_locked = lock_text(context.personal_key(trainee.id), words)
        if not named:
            if circle.next_post_at is None:
                raise CannotTellError(Refusal.NO_ROUND)
            told = Told(deed_id, circle.id, trainee.id, text_locked, named=False)
            deeds.add(tx, context.keyring, told, circle.next_post_at + KEPT_AFTER_ROUND)
            return telling
        keys = _named_keys(context, trainee.id, telling.week)
        key = next(each for each in keys if each not in weeks.queued_states(tx, keys))
        told = Told(deed_id, circle.id, trainee.id, text_locked, named=True, post_key=key)
        today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        deeds.add(tx, context.keyring, told, today + NAMED_KEPT_AT_MOST)
        place = outbox.sent_place(tx, round_key(telling.week))
        message = OutboxMessage(
            key=key,
            workspace_id=trainee.workspace_id,
            kind=MessageKind.NAMED_DEED,
            about_id=deed_id,
            due_at=now,
            to_channel=circle.channel,
            stale_at=now + _STALE_AFTER,
            thread_ts=place[1] if place else None,
        )
        outbox.put(tx, deed_id, message)
        return telling


def _telling(context: Context, tx: Transaction, actor: Actor, form_id: str, *, lock: bool = False) -> Telling:
    trainee = acting(tx, actor)
    program = program_of(tx, trainee)
    if not may_ask_circle(trainee.state):
        raise CannotTellError(Refusal.NOT_STARTED)
    own = circles.circles_of_trainee(tx, trainee.id)
    if not own:
        raise CannotTellError(Refusal.NO_CIRCLE)
    circle = next((each for each in own if each.state is CircleState.ACTIVE), None)
    if circle is not None and lock:  # a double submit may run concurrently
        circle = circles.take_circle(tx, circle.id, wait=True)
    week = weeks.newest_week(tx, circle) if circle else None
    # Of the last whom allybot knows of a circle everybody would know whose deed it is.
    if circle is None or week is None or len(circles.members(tx, circle.id)) < _FEWEST_MEMBERS:
        raise CannotTellError(Refusal.CIRCLE_CLOSED)
    if not (form_id and _is_told(tx, _deed_id(trainee.id, form_id))):
        waiting = deeds.in_circle(tx, context.keyring, circle.id)
        own_waiting = [told for told in waiting if told.teller == trainee.id and not told.named]
        posted = weeks.queued_states(tx, _named_keys(context, trainee.id, week))
        if len(own_waiting) + len(posted) >= MOST_A_WEEK:
            raise CannotTellError(Refusal.ENOUGH)
    next_round = circle.next_post_at
    return Telling(
        trainee,
        program,
        circle,
        week,
        next_round.astimezone(program.zone).date() if next_round else None,
        goes_alone=circle.weeks_posted + 1 >= circle.last_week,
    )


def _is_told(tx: Transaction, deed_id: str) -> bool:
    return deeds.exists(tx, deed_id) or outbox.row_by_id(tx, deed_id) is not None


def _named_keys(context: Context, trainee_id: str, week: CircleWeek) -> list[str]:
    """The keys that the messages of a trainee's named deeds have in a week, which nobody else can make."""
    own = context.personal_key(trainee_id)
    digests = (keyed_digest(own, "deed", week.id, str(number)) for number in range(MOST_A_WEEK))
    return [f"deed:{digest[:_ID_LENGTH]}" for digest in digests]


def _deed_id(trainee_id: str, form_id: str) -> str:
    """An id that is fixed per form and trainee, and does not reveal the trainee without knowing both."""
    return hashlib.blake2b(f"{trainee_id}/{form_id}".encode(), digest_size=16).hexdigest()
