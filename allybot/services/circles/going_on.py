"""What the pause, the end and the merge of circles share."""

from datetime import datetime, timedelta

from allybot.domain.circles import Circle
from allybot.domain.people import Program
from allybot.errors import NotFoundError, UserError, WrongStateError
from allybot.services.context import Context, new_id
from allybot.store.circles import circles
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import OutboxMessage
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs

SAID_FOR = timedelta(days=7)
"""News of a circle is stale after a week. Our own number."""


def taken(tx: Transaction, circle_id: str) -> tuple[Circle, Program]:
    """A circle that goes on, locked, and its program.

    Raises:
        WrongStateError: it does not go on, or there is none.
    """
    circle = circles.take_circle(tx, circle_id, wait=True)
    program = programs.program_by_id(tx, circle.program_id) if circle else None
    if circle is None or program is None or not circle.goes_on:
        raise WrongStateError
    return circle, program


def say_in(
    tx: Transaction, circle: Circle, kind: MessageKind, key: str, now: datetime, about: Circle | None = None
) -> None:
    """Queue news of a circle for its channel.

    Args:
        key: what makes it one of its kind.
        about: the circle the message is about, where that is another one.
    """
    message = OutboxMessage(
        key=f"{kind}:{circle.id}:{key}",
        workspace_id=circle.workspace_id,
        kind=kind,
        about_id=(about or circle).id,
        due_at=now,
        to_channel=circle.channel,
        stale_at=now + SAID_FOR,
    )
    outbox.put(tx, new_id(), message)


def circle_named(context: Context, program: Program, name: str) -> Circle:
    """The circle of a program by its name, ignoring case, or by its channel's id.

    Raises:
        NotFoundError: there is none; the message names those there are.
        UserError: several have this name.
    """
    with context.database.reading() as tx:
        known = circles.circles_of_program(tx, program.id)
    wanted = name.strip().removeprefix("#").casefold()
    found = [each for each in known if wanted in {each.name.casefold(), each.channel.casefold()}]
    if len(found) > 1:
        raise UserError(f"Several circles are called {name}; name its channel: {_channels(found)}.")
    if not found:
        there = f"There are: {', '.join(each.name for each in known)}." if known else "There is none yet."
        raise NotFoundError(f"There is no circle called {name} in {program.name}. {there}")
    return found[0]


def _channels(found: list[Circle]) -> str:
    return ", ".join(each.channel for each in found)
