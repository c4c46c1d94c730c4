"""A recap of a circle's week in a few lines, written by its facilitator, or by anybody where there is none.

The bot posts the lines as they were written, under the name of who wrote them, in the thread of the scenario.
"""

from dataclasses import dataclass
from datetime import datetime

from allybot.domain.circle_questions import Refusal, TextKind
from allybot.domain.circle_questions import question as normalised
from allybot.domain.circles import CircleState, WeekState
from allybot.domain.people import Actor
from allybot.services.circles.facilitators import scenario_key
from allybot.services.circles.texts import Author, CannotAskError, Posting, check_circle, queue
from allybot.services.context import Context, program_of
from allybot.store import trainees
from allybot.store.circles import circles, weeks
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import NEVER_SENT
from allybot.store.engine.database import Transaction


@dataclass(frozen=True)
class Recapping:
    """The data of the modal; `already`: whether this week has a recap."""

    author: Author
    thread_ts: str | None
    already: bool
    longest: int


def read(context: Context, actor: Actor, week_id: str) -> Recapping:
    """Whether the actor may write a recap of this week, and whether there is one.

    Raises:
        CannotAskError: somebody else facilitates the week, its votes are not opened, it is no week of a
            circle of theirs, the circle is closed, or no consent.
    """
    with context.database.reading() as tx:
        return _recapping(context, tx, actor, week_id)


def check(context: Context, actor: Actor, week_id: str, text: str | None) -> tuple[Recapping, str]:
    """The same, and the normalised text as the circle would read it.

    Raises:
        FieldError: field `question`, reason `empty` or `too_long`.
        CannotAskError: as in `read`.
    """
    recapping = read(context, actor, week_id)
    return recapping, normalised(text, recapping.longest)


def write(
    context: Context, actor: Actor, form_id: str, week_id: str, text: str | None, now: datetime
) -> Recapping:
    """Queue a recap for now. Idempotent per form; another form writes one more.

    Args:
        form_id: the modal's own id.
        now: aware UTC.

    Raises:
        FieldError, CannotAskError: as in `check`.
        DecryptionError: the personal key was erased.
        NotFoundError: the actor was erased meanwhile.
    """
    words = normalised(text, context.content.rules.plans.max_question_characters)
    with context.database.transaction() as tx:
        recapping = _recapping(context, tx, actor, week_id, lock=True)
        posting = Posting(
            TextKind.RECAP,
            form_id,
            named=True,
            about_id=week_id,
            thread_ts=recapping.thread_ts,
            at_once=True,
        )
        queue(context, tx, recapping.author, posting, words, now)
        return recapping


def _recapping(
    context: Context, tx: Transaction, actor: Actor, week_id: str, *, lock: bool = False
) -> Recapping:
    trainee, week = trainees.trainee_of(tx, actor), weeks.week_by_id(tx, week_id)
    if trainee is None or week is None or not circles.is_member(tx, week.circle_id, trainee.id):
        raise CannotAskError(Refusal.NOT_HERE)
    if week.state is WeekState.OPEN:
        raise CannotAskError(Refusal.NOT_HERE)
    circle = circles.circle_by_id(tx, week.circle_id)
    if circle is not None and lock:
        circle = circles.take_circle(tx, circle.id, wait=True)
    is_open = circle is not None and circle.state is CircleState.ACTIVE
    circle = check_circle(tx, trainee, circle if is_open else None)
    if week.facilitators and trainee.id not in week.facilitators:
        raise CannotAskError(Refusal.NOT_FACILITATOR)
    place = outbox.sent_place(tx, scenario_key(week)) or outbox.sent_place(tx, f"votes:{week.id}")
    return Recapping(
        Author(trainee, program_of(tx, trainee), circle),
        place[1] if place else None,
        any(row.state not in NEVER_SENT for row in outbox.rows_about(tx, MessageKind.CIRCLE_RECAP, week.id)),
        context.content.rules.plans.max_question_characters,
    )
