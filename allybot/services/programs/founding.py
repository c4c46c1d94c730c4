"""A new circle: proposed by somebody without one, made by a lead, its channel by allybot where it may.

The channel is made before the circle's row: a channel without a row is harmless, and the lead is told of it.
Seats follow once people are in the channel.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from allybot.domain.circle_weeks import monday_of
from allybot.domain.circles import Circle
from allybot.domain.people import Actor, Program
from allybot.domain.program_changes import What
from allybot.domain.trainee import may_join_circle, takes_part
from allybot.errors import SlackRefusedError, UserError, WrongStateError
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.circles import founding as prompts
from allybot.services.circles import inviting, membership, seats
from allybot.services.context import Context, Rendering, acting, program_of
from allybot.services.leads import all_led, led_program, note, tell_leads
from allybot.services.working_hours import next_working_time, working_hours
from allybot.slack.gateway import SlackGateway
from allybot.store import trainees
from allybot.store.circles import circles
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import OutboxMessage
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs

MAX_NAME_LENGTH = 60
"""Characters of a circle's name; Slack allows a channel 80, and a number may follow."""
_TRIES = 5
"""Names tried where one is taken. Our own number."""
_TAKEN, _NO_SCOPE = "name_taken", "missing_scope"


@dataclass(frozen=True)
class Founded:
    """A circle that was made, and who of those to be invited could not be."""

    circle: Circle
    not_invited: tuple[str, ...] = ()


def led(context: Context, actor: Actor) -> list[Program]:
    """The programs in which somebody may make circles.

    Raises:
        NotALeadError: none.
    """
    with context.database.reading() as tx:
        return all_led(tx, actor)


def propose(context: Context, actor: Actor, now: datetime) -> None:
    """Tell the leads that somebody without a circle would like a new one; once a week.

    Raises:
        NotFoundError: the actor is in no program.
        WrongStateError: their program does not offer it, or they have a circle.
    """
    with context.database.transaction() as tx:
        trainee = acting(tx, actor, takes_part)
        program = program_of(tx, trainee)
        if not context.content.may_ask_to_join(program.name) or seats.has_circle(tx, trainee.id):
            raise WrongStateError
        week = monday_of(now, working_hours(context, program, program.zone)).isoformat()
        message = OutboxMessage(
            key=f"circle-proposed:{trainee.id}:{week}",
            workspace_id=program.workspace_id,
            kind=MessageKind.CIRCLE_PROPOSED,
            about_id=trainee.id,
            due_at=next_working_time(context, program, program.zone, now),
            trainee_id=trainee.id,
        )
        tell_leads(tx, program.id, message)


def render_circle_proposed(rendering: Rendering) -> Message | None:
    """To a lead: somebody would like a new circle. None once they have one, or are gone."""
    trainee = trainees.trainee_by_id(rendering.tx, rendering.row.about_id)
    if trainee is None or seats.has_circle(rendering.tx, trainee.id):
        return None
    return prompts.proposed(Say(), trainee.slack_user)


def make(
    context: Context,
    slack: SlackGateway,
    actor: Actor | None,
    program_id: str,
    name: str,
    users: Sequence[str],
    now: datetime,
) -> Founded:
    """Make a private channel and its circle, and invite those of the program who have no circle.

    Args:
        actor: a lead; None for the operator.
        users: Slack ids of whom to invite.
        now: the program's time, aware UTC.

    Raises:
        NotALeadError: the actor does not lead the program.
        SlackRefusedError: the optional scope was not granted (`missing_scope`), or Slack does not allow it.
        SlackError: Slack cannot be asked.
    """
    with context.database.reading() as tx:
        program = led_program(tx, actor, program_id)
    channel = _channel(slack, program.workspace_id, name)
    with context.database.transaction() as tx:
        program = led_program(tx, actor, program.id, lock=True)
        circle = _open(context, tx, program, channel, name, now, shared_with=())
        note(tx, program, actor, What.CIRCLE_MADE, now, subject=circle.name)
    left_out = []
    for user in users[: context.content.rules.circles.max_members]:
        who = Actor(program.workspace_id, user)
        if _may_sit(context, who, program) and not inviting.invite(context, slack, who, channel):
            left_out.append(user)
    return Founded(circle, tuple(left_out))


def adopt(
    context: Context, slack: SlackGateway, actor: Actor, program_id: str, channel: str, now: datetime
) -> Circle:
    """Make a private channel that allybot is in a circle; whoever is in it and has none is seated.

    Args:
        now: the program's time, aware UTC.

    Raises:
        NotALeadError: the actor does not lead the program.
        WrongStateError: the channel is not private, is archived, or has no allybot in it.
        UserError: it belongs to a circle of another program.
        SlackError: Slack cannot be asked.
    """
    with context.database.reading() as tx:
        program = led_program(tx, actor, program_id)
    try:
        found = slack.channel(program.workspace_id, channel)
        present = slack.members(program.workspace_id, channel)
    except SlackRefusedError as refused:
        raise WrongStateError from refused
    if not found.is_private or found.is_group_message or found.is_archived or not found.is_member:
        raise WrongStateError
    with context.database.transaction() as tx:
        program = led_program(tx, actor, program.id, lock=True)
        circle = _open(context, tx, program, channel, found.name, now, found.shared_with)
        note(tx, program, actor, What.CIRCLE_MADE, now, subject=circle.name)
        for user in present:
            trainee = trainees.trainee_of(tx, Actor(program.workspace_id, user))
            if trainee is not None:
                seats.seat_if_free(context, tx, circle, trainee)
    return circle


def channel_name(name: str, number: int = 1) -> str:
    """A circle's name as Slack writes channels: small letters, digits and hyphens.

    Args:
        number: from 2 on it follows the name.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MAX_NAME_LENGTH] or "ally-circle"
    return words if number == 1 else f"{words}-{number}"


def _channel(slack: SlackGateway, workspace_id: str, name: str) -> str:
    for number in range(1, _TRIES):
        try:
            return slack.create_private_channel(workspace_id, channel_name(name, number))
        except SlackRefusedError as refused:
            if refused.reason != _TAKEN:
                raise
    return slack.create_private_channel(workspace_id, channel_name(name, _TRIES))


def _open(
    context: Context,
    tx: Transaction,
    program: Program,
    channel: str,
    name: str,
    now: datetime,
    shared_with: Sequence[str] | frozenset[str],
) -> Circle:
    """The circle of a channel, with a scenario for each week until the latest cohort's end."""
    ended_on = max(cohort.training_ended_on for cohort in programs.cohorts(tx, program.id))
    opened = membership.open_circle(context, tx, program, channel, name, ended_on, now, shared_with)
    return circles.circle_by_id(tx, opened.id) or opened


def _may_sit(context: Context, who: Actor, program: Program) -> bool:
    with context.database.reading() as tx:
        trainee = trainees.trainee_of(tx, who)
        if trainee is None or trainee.program_id != program.id or not may_join_circle(trainee.state):
            return False
        return not seats.has_circle(tx, trainee.id)


def is_not_granted(refused: SlackRefusedError) -> bool:
    """Whether Slack refused since the workspace did not grant the optional scope."""
    return refused.reason == _NO_SCOPE


def checked_name(name: str) -> str:
    """A circle's name as it is kept.

    Raises:
        UserError: it is empty or too long.
    """
    words = " ".join(name.split())
    if not words or not words.isprintable() or len(words) > MAX_NAME_LENGTH:
        raise UserError(f"A circle's name has 1 to {MAX_NAME_LENGTH} characters.")
    return words
