"""What leads say to suggestions: answers, which everybody in the program is told, and hiding one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from allybot.domain.circles import CircleState
from allybot.domain.people import Actor, Program
from allybot.domain.suggestions import (
    MOST_TOLD_TOGETHER,
    NOON,
    OPEN_KEPT,
    SETTLED_KEPT,
    Reply,
    Suggestion,
    SuggestionState,
    answer_text,
)
from allybot.domain.trainee import takes_part
from allybot.domain.windows import Telling
from allybot.errors import NotFoundError, WrongStateError
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.programs import suggestion_answers as prompts
from allybot.services.context import Context, Rendering, new_id
from allybot.services.isolation import ROWS_A_TICK, ScheduledJob
from allybot.services.leads import all_led
from allybot.services.working_hours import next_working_time_for, working_hours
from allybot.store import trainees
from allybot.store.circles import circles
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import OutboxMessage
from allybot.store.delivery.parked_rows import RowKind
from allybot.store.delivery.since_backup import id_of
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs
from allybot.store.programs import suggestions as stored
from allybot.store.programs.suggestions import BeingTold

_STAYS_NEWS = timedelta(days=28)
"""How long an answer waits for the end of a pause, or for a circle's free day; as a result does."""


class SettledError(WrongStateError):
    """A lead has answered or hidden the suggestion already."""

    def __init__(self, suggestion: Suggestion) -> None:
        super().__init__()
        self.suggestion = suggestion


@dataclass(frozen=True)
class Led:
    """The suggestions that the leads of a program have and had, those without an answer first."""

    program: Program
    suggestions: Sequence[Suggestion]


@dataclass(frozen=True)
class Asked:
    """A suggestion that a lead may answer, and when everybody would be told, aware UTC."""

    program: Program
    suggestion: Suggestion
    tell_at: datetime


def of_lead(context: Context, actor: Actor) -> list[Led]:
    """The suggestions of every program the actor leads.

    Raises:
        NotALeadError: they lead none.
    """
    with context.database.reading() as tx:
        return [Led(each, stored.of_leads(tx, context.keyring, each.id)) for each in all_led(tx, actor)]


def read(context: Context, actor: Actor, suggestion_id: str, now: datetime) -> Asked:
    """A suggestion to be answered or hidden.

    Raises:
        NotFoundError: there is none of this id in a program the actor leads.
        SettledError: it is answered or hidden.
    """
    with context.database.reading() as tx:
        return _asked(context, tx, actor, suggestion_id, now)


def answer(
    context: Context, actor: Actor, suggestion_id: str, reply: Reply, text: str | None, now: datetime
) -> Asked:
    """Store a lead's answer, of which everybody is told at `tell_at`. The first of two leads counts.

    Where leads wanted to look into it, what they say now goes into a row of its own, and is told like the
    first answer.

    Raises:
        FieldError: field `answer`, reason `empty` or `too_long`.
        NotFoundError, SettledError: as in `read`.
    """
    words = answer_text(text)
    with context.database.transaction() as tx:
        asked = _asked(context, tx, actor, suggestion_id, now)
        before = asked.suggestion
        answered = replace(
            before,
            state=SuggestionState.ANSWERED,
            reply=reply,
            answer=words,
            settled_by=actor.slack_user,
            settled_on=now.astimezone(asked.program.zone).date(),
            tell_at=asked.tell_at,
        )
        kept_until = now + (OPEN_KEPT if reply is Reply.WILL_LOOK else SETTLED_KEPT)
        if before.state is SuggestionState.WITH_LEADS:
            first = stored.answer(tx, context.keyring, answered, kept_until)
        else:
            moved = (SuggestionState.ANSWERED, SuggestionState.FOLLOWED_UP)
            first = stored.move(tx, before.id, *moved, delete_after=now + SETTLED_KEPT)
            if first:
                stored.add(tx, context.keyring, replace(answered, id=new_id()), kept_until, told=True)
        if not first:
            raise SettledError(before)
    return asked


def hide(context: Context, actor: Actor, suggestion_id: str, now: datetime) -> Asked:
    """Hide a suggestion: its text is deleted, and nobody is told; leads see who hid one, and when.

    Raises:
        NotFoundError, SettledError: as in `read`; also once it was answered.
    """
    with context.database.transaction() as tx:
        asked = _asked(context, tx, actor, suggestion_id, now)
        moved = (SuggestionState.WITH_LEADS, SuggestionState.HIDDEN)
        hidden = stored.move(
            tx,
            suggestion_id,
            *moved,
            sealed=None,
            delete_after=now + SETTLED_KEPT,
            settled_by=actor.slack_user,
            settled_on=now.astimezone(asked.program.zone).date(),
        )
        if not hidden:
            raise SettledError(asked.suggestion)
    return asked


def _asked(context: Context, tx: Transaction, actor: Actor, suggestion_id: str, now: datetime) -> Asked:
    found = stored.one(tx, context.keyring, suggestion_id)
    program = programs.program_by_id(tx, found.program_id) if found else None
    if found is None or program is None or not programs.is_lead(tx, program.id, actor):
        raise NotFoundError
    if not found.can_be_answered:
        raise SettledError(found)
    return Asked(program, found, _tell_at(context, tx, program, now))


def _tell_at(context: Context, tx: Transaction, program: Program, now: datetime) -> datetime:
    """Noon of the next working day in the program's zone on which not too many answers are told."""
    calendar = working_hours(context, program, program.zone)
    told = stored.days_of_telling(tx, program.id)
    day = calendar.local_day(now)
    while True:
        day = calendar.plus_working_days(day, 1)
        at = calendar.at(day, NOON)
        if told.count(at) < MOST_TOLD_TOGETHER:
            return at


def _work(context: Context, suggestion_id: str, now: datetime) -> int:
    """Queue one page of messages about an answer and those told with it, or delete what is old.

    One transaction queues a page and notes how far it went, so a killed worker loses and repeats nothing.
    """
    with context.database.transaction() as tx:
        told = stored.being_told(tx, suggestion_id, now)
        program = programs.program_by_id(tx, told.program_id) if told else None
        if told is None or program is None:
            return stored.forget_old(tx, suggestion_id, now)
        telling, after = told.telling, told.told_up_to
        page: list[str] = []
        if telling is Telling.PEOPLE:
            page = _people(context, tx, program, told, now)
            if len(page) < ROWS_A_TICK:
                telling, after = Telling.CIRCLES, ""
        if telling is Telling.CIRCLES:
            page = _circles(tx, program, told, after, now)
        full = len(page) == ROWS_A_TICK
        stored.note_told(tx, told, telling if full else None, page[-1] if full else "")
    return 1


def _people(context: Context, tx: Transaction, program: Program, told: BeingTold, now: datetime) -> list[str]:
    """Queue the answers to a page of those who take part, before the first one to leads; the page's ids."""
    page = trainees.page_who_take_part(tx, program.id, told.told_up_to, ROWS_A_TICK)
    for trainee_id, slack_user, trainee in page:
        # Whose row cannot be read is parked by delivery, which reads it again.
        due_at = next_working_time_for(context, program, trainee, now) if trainee else now
        _put(tx, program, told, due_at, to_user=slack_user, trainee_id=trainee_id)
    for lead in programs.leads(tx, program.id) if not told.told_up_to else ():
        taking_part = trainees.trainee_of(tx, Actor(program.workspace_id, lead))
        if taking_part is None or taking_part.program_id != program.id or not takes_part(taking_part.state):
            _put(tx, program, told, now, to_user=lead)
    return [trainee_id for trainee_id, *_ in page]


def _circles(tx: Transaction, program: Program, told: BeingTold, after: str, now: datetime) -> list[str]:
    page = circles.page_of_program(tx, program.id, after, ROWS_A_TICK)
    for circle in page:
        _put(tx, program, told, now, to_channel=circle.channel)
    return [circle.id for circle in page]


def _put(
    tx: Transaction,
    program: Program,
    told: BeingTold,
    due_at: datetime,
    *,
    to_user: str | None = None,
    trainee_id: str | None = None,
    to_channel: str | None = None,
) -> None:
    day = told.tell_at.astimezone(program.zone).date().isoformat()
    message = OutboxMessage(
        key=f"suggestion-answers:{program.id}:{day}:{trainee_id or to_user or to_channel}",
        workspace_id=program.workspace_id,
        kind=MessageKind.CIRCLE_SUGGESTION_ANSWERS if to_channel else MessageKind.SUGGESTION_ANSWERS,
        about_id=told.first_id,
        due_at=due_at,
        to_user=to_user,
        trainee_id=trainee_id,
        to_channel=to_channel,
        stale_at=told.tell_at + _STAYS_NEWS,
        planned_at=told.tell_at if to_channel else None,
    )
    outbox.put(tx, new_id() if to_channel else id_of(tx, message.key), message)


def render_answers(rendering: Rendering) -> Message | None:
    """Answers to suggestions, in the same words for everybody; None for who has left or stopped."""
    tx, row = rendering.tx, rendering.row
    found = _answers(rendering)
    trainee = trainees.trainee_by_id(tx, row.trainee_id) if row.trainee_id else None
    reader = Actor(row.workspace_id, row.to_user or "")
    if found is None or (
        trainee is None if row.trainee_id else not programs.is_lead(tx, found[0].id, reader)
    ):
        return None
    if trainee is not None and not takes_part(trainee.state):
        return None
    program, answered = found
    say = Say(trainee.locale) if trainee else Say()
    return prompts.to_everybody(say, program.name, answered)


def render_circle_answers(rendering: Rendering) -> Message | None:
    """The same as a post; None where the circle rests, or nobody in it takes part."""
    tx, row, found = rendering.tx, rendering.row, _answers(rendering)
    circle = circles.circle_in_channel(tx, row.workspace_id, row.to_channel or "")
    if found is None or circle is None or circle.state is CircleState.CLOSED:
        return None
    if not any(takes_part(member.state) for member in circles.members(tx, circle.id)):
        return None
    program, answered = found
    return prompts.to_a_circle(Say(), program.name, answered)


def _answers(rendering: Rendering) -> tuple[Program, list[Suggestion]] | None:
    found = stored.told_together(rendering.tx, rendering.context.keyring, rendering.row.about_id)
    readable = [each for each in found if each.text is not None and each.reply is not None]
    program = programs.program_by_id(rendering.tx, readable[0].program_id) if readable else None
    return (program, readable) if program else None


tell_and_forget = ScheduledJob("suggestion_answers", RowKind.SUGGESTION, stored.due, _work)
"""Tell everybody what leads have answered, and delete suggestions whose time is over."""
