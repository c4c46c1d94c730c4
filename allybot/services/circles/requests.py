"""Asks of people without a circle to join one: posted to its members and told to the program's leads.

The question is a message whose row names who asks; there is nothing else to keep. Whoever accepts lets
allybot invite them, and the seat is theirs once they are in the channel.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from allybot.domain.circle_weeks import monday_of
from allybot.domain.circles import Circle
from allybot.domain.people import Actor
from allybot.domain.trainee import takes_part
from allybot.errors import WrongStateError
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.circles import joining as prompts
from allybot.services.context import Context, Rendering, acting, new_id, program_of
from allybot.services.leads import tell_leads
from allybot.services.working_hours import next_working_time, working_hours
from allybot.store import trainees
from allybot.store.circles import circles, life
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import OutboxMessage
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs


@dataclass(frozen=True)
class Accepted:
    """Somebody is to be let into a circle.

    Attributes:
        actor: who asked, as Slack names them.
        channel: the circle's.
    """

    actor: Actor
    channel: str


def circles_with_room(context: Context, actor: Actor) -> list[Circle] | None:
    """The circles the actor may ask to join, by name.

    None where the program does not offer it, or the actor takes no part or has a circle.

    Raises:
        NotFoundError: the actor is in no program.
    """
    with context.database.reading() as tx:
        trainee = acting(tx, actor)
        program = program_of(tx, trainee)
        if not context.content.may_ask_to_join(program.name) or not takes_part(trainee.state):
            return None
        if any(each.goes_on for each in circles.circles_of_trainee(tx, trainee.id)):
            return None
        most = context.content.rules.circles.max_members
        return [each for each, _size in life.sizes(tx, program.id, below=most)]


def ask(context: Context, actor: Actor, circle_id: str, now: datetime) -> Circle:
    """Ask the members of a circle, and the program's leads, to be let in; once a week. Returns the circle.

    Raises:
        NotFoundError: the actor is in no program.
        WrongStateError: they may not ask to join this circle.
    """
    offered = circles_with_room(context, actor) or []
    circle = next((each for each in offered if each.id == circle_id), None)
    if circle is None:
        raise WrongStateError
    with context.database.transaction() as tx:
        trainee = acting(tx, actor)
        program = program_of(tx, trainee)
        week = monday_of(now, working_hours(context, program, program.zone)).isoformat()
        due_at = next_working_time(context, program, program.zone, now)
        message = OutboxMessage(
            key=f"join:{circle.id}:{trainee.id}:{week}",
            workspace_id=circle.workspace_id,
            kind=MessageKind.CIRCLE_REQUEST,
            about_id=circle.id,
            due_at=due_at,
            trainee_id=trainee.id,
        )
        posted = replace(message, key=f"{message.key}:circle", to_channel=circle.channel)
        outbox.put(tx, new_id(), posted)
        tell_leads(tx, program.id, message)
    return circle


def accept(context: Context, actor: Actor, circle_id: str, trainee_id: str) -> Accepted:
    """Let somebody in who asked: a member of the circle or a lead of its program says so.

    Raises:
        WrongStateError: the actor is neither, or who asked is gone or has a circle, or there is no room.
    """
    with context.database.reading() as tx:
        circle, trainee = circles.circle_by_id(tx, circle_id), trainees.trainee_by_id(tx, trainee_id)
        if circle is None or trainee is None:
            raise WrongStateError
        if not (is_in(tx, circle, actor) or programs.is_lead(tx, circle.program_id, actor)):
            raise WrongStateError
    if all(each.id != circle_id for each in circles_with_room(context, trainee.actor) or []):
        raise WrongStateError
    return Accepted(trainee.actor, circle.channel)


def is_in(tx: Transaction, circle: Circle, actor: Actor) -> bool:
    """Whether somebody has a seat in a circle."""
    trainee = trainees.trainee_of(tx, actor)
    return trainee is not None and circles.is_member(tx, circle.id, trainee.id)


def answer_all(tx: Transaction, circle: Circle, trainee_id: str) -> None:
    """Let the posted asks of somebody who has a seat now say so, without their button."""
    for row in outbox.rows_about(tx, MessageKind.CIRCLE_REQUEST, circle.id):
        place = outbox.sent_place(tx, row.key)
        if row.trainee_id == trainee_id and place and row.replaces_ts is None:
            message = OutboxMessage(
                key=f"{row.key}:in",
                workspace_id=circle.workspace_id,
                kind=MessageKind.CIRCLE_REQUEST,
                about_id=circle.id,
                due_at=row.due_at,
                trainee_id=trainee_id,
                replaces=place,
            )
            outbox.put(tx, new_id(), message)


def render_circle_request(rendering: Rendering) -> Message | None:
    """To a circle or a lead: somebody asks to join, or has joined. None when it is no longer to be asked."""
    tx, row = rendering.tx, rendering.row
    circle, trainee = circles.circle_by_id(tx, row.about_id), trainees.trainee_by_id(tx, row.trainee_id or "")
    if circle is None or trainee is None:
        return None
    if circles.is_member(tx, circle.id, trainee.id):
        return prompts.has_joined(Say(), trainee.slack_user, circle.name) if row.replaces_ts else None
    if not circle.goes_on or any(each.goes_on for each in circles.circles_of_trainee(tx, trainee.id)):
        return None
    return prompts.asks_to_join(
        Say(), trainee.slack_user, circle, trainee.id, to_lead=row.to_user is not None
    )
