"""Corrects a program's list: somebody in the wrong cohort or circle, or on it by mistake, and a lost channel.

Whatever a lead does with somebody, the answer is the same whether that person takes part, stopped, declined
or was forgotten. Nobody who said no is written to again, whatever is done to them here.
"""

from datetime import datetime

from allybot.domain.circles import Circle, CircleState
from allybot.domain.people import Actor, Cohort, Program
from allybot.domain.program_changes import What
from allybot.domain.trainee import Trainee, gets_check_ins, has_said_no, is_in_slack
from allybot.errors import NotFoundError, SlackRefusedError, WrongStateError
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.programs import corrections as prompts
from allybot.services.check_ins import asking
from allybot.services.circles import inviting, membership, seats
from allybot.services.context import Context, Rendering, new_id
from allybot.services.data import erasure
from allybot.services.data.erasure import Leaving
from allybot.services.programs.adding import led_program
from allybot.services.programs.change_log import changeable, note
from allybot.services.programs.dates import require_running
from allybot.services.programs.eligibility import joins_circle
from allybot.services.programs.suppressed_people import remembered
from allybot.slack.gateway import SlackGateway
from allybot.store import trainees
from allybot.store.circles import circles, life
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import OutboxMessage
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs
from allybot.store.vault.suppression import Place, forget_places, move_place


class NotOnTheListError(NotFoundError):
    """They are not on the program's list."""


class CircleFullError(WrongStateError):
    """The circle is full."""


def circles_led(
    context: Context, actor: Actor, program_id: str, *, also_closed: bool = False
) -> list[Circle]:
    """The circles of a program that the actor leads with scenarios to come, by name.

    Args:
        also_closed: those, too, in whose channel allybot cannot post any more.

    Raises:
        NotALeadError: they do not lead it.
    """
    with context.database.reading() as tx:
        found = circles.circles_of_program(tx, led_program(tx, actor, program_id).id)
    return [each for each in found if each.goes_on or (also_closed and each.state is CircleState.CLOSED)]


def target_of(
    context: Context, actor: Actor | None, program_id: str, what: str, to: str
) -> tuple[Program, str]:
    """A program, and the name of its cohort or circle of this id; empty where `what` is another kind.

    Args:
        what: as in `CorrectionValue`.

    Raises:
        NotALeadError: the actor does not lead the program.
        NotFoundError: it has no such cohort or circle.
    """
    with context.database.reading() as tx:
        program = led_program(tx, actor, program_id)
        if what == prompts.COHORT:
            names = {each.id: each.name for each in programs.cohorts(tx, program.id)}
        elif what == prompts.CIRCLE:
            names = {each.id: each.name for each in circles.circles_of_program(tx, program.id)}
        else:
            return program, ""
    if to not in names:
        raise NotFoundError
    return program, names[to]


def require_on_list(context: Context, actor: Actor | None, program_id: str, user: str, now: datetime) -> None:
    """Refuse somebody who is not on a program's list.

    Args:
        actor: a lead; None for the operator.
        now: the program's time, aware UTC.

    Raises:
        NotALeadError: the actor does not lead the program.
        NotOnTheListError: they are not, or are in another program.
        UserError: the suppression list cannot be read.
    """
    with context.database.reading() as tx:
        _on_list(context, tx, led_program(tx, actor, program_id), user, now)


def move_to_cohort(
    context: Context, actor: Actor | None, program_id: str, user: str, cohort_id: str, now: datetime
) -> Cohort:
    """Put somebody into another cohort; check-ins still to come follow its dates. Idempotent.

    Args, and raises, as `require_on_list`.

    Raises:
        NotFoundError: the program has no such cohort.
        WrongStateError: it is over.
    """
    with context.database.transaction() as tx:
        program = changeable(tx, actor, program_id)
        require_running(tx, program, now)
        trainee = _on_list(context, tx, program, user, now, lock=True)
        cohorts = {each.id: each for each in programs.cohorts(tx, program.id)}
        cohort = cohorts.get(cohort_id)
        if cohort is None:
            raise NotFoundError
        with context.vault.transaction() as vault_tx:
            who = Actor(program.workspace_id, user)
            move_place(vault_tx, context.keyring, who, cohorts, cohort.id)
        if trainee is not None and trainee.cohort_id != cohort.id:
            trainees.change_trainee(tx, trainee.id, cohort_id=cohort.id)
            there = trainees.trainee_by_id(tx, trainee.id)
            if there is not None and gets_check_ins(there.state) and there.next_step is not None:
                asking.schedule_first(context, tx, there, now)
        programs.note_listed(tx, {cohort.id})
        note(tx, program, actor, What.COHORT_MOVED, now, subject=cohort.name)
    return cohort


def move_to_circle(
    context: Context, actor: Actor | None, program_id: str, user: str, circle_id: str, now: datetime
) -> Circle:
    """Give somebody a seat in another circle; `invite_if_seated` may follow. Idempotent.

    Args, and raises, as `require_on_list`.

    Raises:
        CircleFullError: it is full.
        WrongStateError: it has no scenario to come, or is none of the program's.
    """
    with context.database.transaction() as tx:
        program = changeable(tx, actor, program_id)
        trainee = _on_list(context, tx, program, user, now, lock=True)
        circle = circles.take_circle(tx, circle_id, wait=True)
        if circle is None or circle.program_id != program.id or not circle.goes_on:
            raise WrongStateError
        here = [each for each in circles.members(tx, circle.id) if is_in_slack(each.state)]
        is_member = trainee is not None and any(each.trainee_id == trainee.id for each in here)
        if not is_member and len(here) >= context.content.rules.circles.max_members:
            raise CircleFullError
        if trainee is not None and joins_circle(trainee):
            membership.join(context, tx, program, circle.channel, circle.name, trainee.id, now)
        note(tx, program, actor, What.SEAT_MOVED, now, subject=circle.name)
    return circle


def invite_if_seated(context: Context, slack: SlackGateway, circle: Circle, user: str) -> None:
    """Invite somebody into the channel of their circle, where allybot may and they have a seat there."""
    who = Actor(circle.workspace_id, user)
    with context.database.reading() as tx:
        trainee = trainees.trainee_of(tx, who)
        seated = trainee is not None and circles.is_member(tx, circle.id, trainee.id)
    if seated:
        inviting.invite(context, slack, who, circle.channel)


def take_off(context: Context, actor: Actor | None, program_id: str, user: str, now: datetime) -> None:
    """Take somebody off a program's list who is on it by mistake: everything of theirs is erased.

    They are not remembered as having refused, so that another list can enrol them; nobody writes to who did
    say no, or was forgotten. Whoever has heard from allybot is told. `erasure.wipe` should follow.

    Args, and raises, as `require_on_list`.
    """
    with context.database.reading() as tx:
        program = led_program(tx, actor, program_id)
        trainee = _on_list(context, tx, program, user, now)
        cohorts = [each.id for each in programs.cohorts(tx, program.id)]
        tell = trainee is not None and not has_said_no(trainee.state) and _was_written_to(tx, trainee)
    if trainee is not None:
        place = Place(trainee.cohort_id) if has_said_no(trainee.state) else None
        erasure.erase(context, [Leaving(trainee.id, trainee.actor, trainee.dm_channel, place)])
    with context.vault.transaction() as vault_tx:
        forget_places(vault_tx, context.keyring, Actor(program.workspace_id, user), cohorts)
    with context.database.transaction() as tx:
        note(tx, programs.take_program(tx, program.id) or program, actor, What.TAKEN_OFF, now)
        if tell:
            message = OutboxMessage(
                key=f"taken-off:{new_id()}",
                workspace_id=program.workspace_id,
                kind=MessageKind.TAKEN_OFF,
                about_id=program.id,
                due_at=now,
                to_user=user,
            )
            outbox.put(tx, new_id(), message)


def replace_channel(
    context: Context, slack: SlackGateway, actor: Actor | None, circle: Circle, channel: str, now: datetime
) -> Circle:
    """Let a circle go on in another private channel that allybot is in; its members keep their seats.

    A vote that is open is not opened any more; the next scenario comes on the next Monday.

    Args:
        actor: a lead; None for the operator.
        now: the program's time, aware UTC.

    Raises:
        NotALeadError: the actor does not lead the circle's program.
        WrongStateError: the channel is not private, is archived, has no allybot in it, or is a circle's.
        SlackError: Slack cannot be asked.
    """
    with context.database.reading() as tx:
        program = led_program(tx, actor, circle.program_id)
    try:
        found = slack.channel(program.workspace_id, channel)
        present = slack.members(program.workspace_id, channel)
    except SlackRefusedError as refused:
        raise WrongStateError from refused
    if not found.is_private or found.is_group_message or found.is_archived or not found.is_member:
        raise WrongStateError
    with context.database.reading() as tx:
        if circles.circle_in_channel(tx, program.workspace_id, channel) is not None:
            raise WrongStateError
    membership.close_circle(context, program.workspace_id, circle.channel, now, leads_know=True)
    with context.database.transaction() as tx:
        program = changeable(tx, actor, program.id)
        circles.change_circle(tx, circle.id, channel=channel)
        life.forget_who_is_in_channel(tx, circle.id)
        ended_on = min(cohort.training_ended_on for cohort in programs.cohorts(tx, program.id))
        there = membership.open_circle(
            context, tx, program, channel, circle.name, ended_on, now, found.shared_with
        )
        for user in present:
            trainee = trainees.trainee_of(tx, Actor(program.workspace_id, user))
            if trainee is not None:
                seats.seat_if_free(context, tx, there, trainee)
        note(tx, program, actor, What.CIRCLE_CHANNEL, now, subject=circle.name)
    return there


def render_taken_off(rendering: Rendering) -> Message | None:
    """To somebody whom a lead took off the list. None when they are on one again, or the program is gone."""
    program = programs.program_by_id(rendering.tx, rendering.row.about_id)
    user = rendering.row.to_user
    if program is None or user is None:
        return None
    if trainees.trainee_of(rendering.tx, Actor(program.workspace_id, user)) is not None:
        return None
    return prompts.you_were_taken_off(Say(), program.name, program.support_contact)


def _on_list(
    context: Context, tx: Transaction, program: Program, user: str, now: datetime, *, lock: bool = False
) -> Trainee | None:
    """The row of somebody on the list; None where only their place is remembered.

    The suppression list is read for everybody, so that a key that cannot be read stops everybody alike.
    """
    left = remembered(context, tx, program.workspace_id, [user], now, program.id)
    trainee = trainees.trainee_of(tx, Actor(program.workspace_id, user), lock=lock)
    if trainee is not None:
        if trainee.program_id != program.id:
            raise NotOnTheListError
        return trainee
    place = left.get(user)
    if place is None or place.program is None or place.program.id != program.id:
        raise NotOnTheListError
    return None


def _was_written_to(tx: Transaction, trainee: Trainee) -> bool:
    return outbox.sent_place(tx, f"welcome:{trainee.id}") is not None
