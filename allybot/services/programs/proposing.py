"""Circles proposed from a lead's list, and made: with their channels where allybot may, else by hand.

What circles were balanced by is read from the list and kept nowhere.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from allybot.domain.circle_proposals import Circles, propose
from allybot.domain.circles import Circle
from allybot.domain.people import Actor, Program
from allybot.errors import SlackError, SlackRefusedError
from allybot.services.context import Context
from allybot.services.programs import founding
from allybot.services.programs.adding import Entered, led, people_entered
from allybot.services.programs.directory import Progress
from allybot.slack.gateway import SlackGateway

MOST_PEOPLE = 200
"""People for whom circles are proposed at once: so many ids fit into a modal (Slack, 3,000 characters)."""


@dataclass(frozen=True)
class Proposal:
    """Circles of those of a list whom Slack knows.

    Attributes:
        people: how many were found; circles are proposed for 4 to `MOST_PEOPLE`.
        columns: headings of the list by which circles could be balanced.
    """

    program: Program
    circles: Circles
    people: int
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Planned:
    """A circle as it is to be made."""

    name: str
    users: tuple[str, ...]


@dataclass(frozen=True)
class Made:
    """What became of planned circles.

    Attributes:
        circles: made, with their channels.
        by_hand: those whose channels allybot may not make, since the optional scope was not granted.
        failed: those whose channels Slack did not make this time.
    """

    circles: tuple[Circle, ...] = ()
    by_hand: tuple[Planned, ...] = ()
    failed: tuple[Planned, ...] = ()


def proposed(
    context: Context,
    slack: SlackGateway,
    actor: Actor | None,
    entered: Entered,
    size: int,
    balance_by: str,
    *,
    progress: Progress = iter,
    wait: Callable[[float], None] = time.sleep,
) -> Proposal:
    """Propose circles for whoever was entered and is in Slack; changes nothing.

    Nothing depends on what allybot knows of these people: who declined or was forgotten stands in the
    proposal like everybody else, and is invited nowhere.

    Args:
        size: people in a circle, 4 to 12.
        balance_by: the heading of a column of the list; empty for none.

    Raises:
        NotALeadError, NotFoundError, SlackError: as `adding.review`.
    """
    people, _, listed = people_entered(context, slack, actor, entered, progress=progress, wait=wait)
    program, _ = led(context, actor, entered)
    column = listed.columns.get(balance_by, {})
    kinds = {each.slack_user: column.get(each.line, "") for each in people}
    users = [each.slack_user for each in people]
    fits = len(users) <= MOST_PEOPLE
    circles = propose(users, size, kinds, context.secret_rng("circles", *users)) if fits else ()
    return Proposal(program, circles, len(users), tuple(listed.columns))


def make(
    context: Context,
    slack: SlackGateway,
    actor: Actor | None,
    program_id: str,
    planned: Sequence[Planned],
    now: datetime,
) -> Made:
    """Make a private channel and a circle for each, and invite its people, see `founding.make`.

    Args:
        actor: a lead; None for the operator.
        now: the program's time, aware UTC.

    Raises:
        NotALeadError: the actor does not lead the program.
    """
    made: list[Circle] = []
    by_hand: list[Planned] = []
    failed: list[Planned] = []
    for each in planned:
        try:
            name = founding.checked_name(each.name)
            made.append(founding.make(context, slack, actor, program_id, name, each.users, now).circle)
        except SlackRefusedError as refused:
            (by_hand if founding.is_not_granted(refused) else failed).append(each)
        except SlackError:
            failed.append(each)
    return Made(tuple(made), tuple(by_hand), tuple(failed))
