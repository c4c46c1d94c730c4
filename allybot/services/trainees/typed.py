"""Answers typed messages. The text is classified and not stored.

What was understood is stored until the answer is sent, encrypted and always of one length, so that an outbox
row does not tell distress from thanks (deleted by `store.delivery.claims.settle_sent`). All answers but the
one to distress are ephemeral: one call for every message, whatever was typed.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from allybot.domain.meanings import Language, Meaning, Situation
from allybot.domain.people import Actor, Program
from allybot.domain.suggestions import said_to_leads
from allybot.domain.trainee import Pace, Trainee, TraineeState, may_still_consent
from allybot.domain.typed import Understood, heard, understood
from allybot.domain.typed_commands import command_in
from allybot.domain.typed_pause import end_of_pause
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.data.suppression import left_alone
from allybot.prompts.trainees import typed as prompts
from allybot.prompts.trainees import typed_anywhere as anywhere
from allybot.prompts.trainees import typed_others
from allybot.prompts.trainees.typed_asker import Asker
from allybot.services.check_ins.help import changeable, waiting
from allybot.services.context import Context, Rendering, new_id, program_of
from allybot.services.data.suppression import is_suppressed
from allybot.services.programs.terms import terms
from allybot.services.trainees.typed_packing import Found, decrypted, encrypted
from allybot.store import trainees
from allybot.store.check_ins import check_ins
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import OutboxMessage
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs
from allybot.store.programs.workspaces import workspace_row

_MAY_BE_PAUSE = frozenset({Meaning.PAUSE, Meaning.QUIET_DAYS, Meaning.UNKNOWN})
"""What is taken for a pause where "until" and a day are typed."""
_SITUATIONS = {
    TraineeState.ACTIVE: Situation.ACTIVE,
    TraineeState.PAUSED: Situation.PAUSED,
    TraineeState.STOPPED: Situation.STOPPED,
    TraineeState.FINISHED: Situation.FINISHED,
}
"""Where no check-in waits."""


@dataclass(frozen=True)
class Place:
    """Where somebody typed or reacted.

    Attributes:
        channel: the direct message.
        ts: Slack's timestamp of the message or reaction; part of the idempotency key.
        thread_ts: of the thread it was typed in, where the answer is shown, too; None outside threads.
    """

    channel: str
    ts: str
    thread_ts: str | None = None


def answer(context: Context, actor: Actor, text: str, place: Place, now: datetime) -> bool:
    """Queue the answer to a typed message. Idempotent for one message.

    Args:
        text: what was typed; read here and kept nowhere.
        place: where it was typed.
        now: the program's time, aware UTC.

    Returns:
        Whether an answer was queued.
    """
    listed = context.content.typed_words.listed
    found, rest = heard(text, listed), said_to_leads(text)
    is_for_leads = rest is not None and understood(rest, listed).meaning is not Meaning.SERIOUS
    with context.database.transaction() as tx:
        if workspace_row(tx, actor.workspace_id) is None:
            return False
        trainee = trainees.trainee_of(tx, actor)
        today = now.astimezone(trainee.zone if trainee else UTC).date()
        taken = found.understood(_situation(tx, trainee))
        if is_for_leads:
            taken = Understood(Meaning.TELL_LEADS, found.language, _distress(taken))
        command = command_in(text, today)
        if command is not None and taken.meaning is not Meaning.SERIOUS:
            taken = Understood(command, found.language, _distress(taken))
        language = found.language or _language_of(trainee)
        meant = _with_end_of_pause(Found(taken.meaning, language, others=taken.others), text, today)
        return _queue(context, tx, actor, trainee, meant, place, now)


def answer_reaction(context: Context, actor: Actor, message: tuple[str, str], ts: str, now: datetime) -> bool:
    """Queue the buttons of the open check-in for who has reacted to it. Idempotent for one reaction.

    Args:
        message: channel and ts of the message with the reaction.
        ts: Slack's timestamp of the reaction.
        now: the program's time, aware UTC.

    Returns:
        Whether something was queued: not for a reaction to anything else.
    """
    with context.database.transaction() as tx:
        trainee = trainees.trainee_of(tx, actor)
        check_in_id = waiting(tx, trainee) if trainee else None
        if check_in_id is None or message not in check_ins.places(tx, check_in_id):
            return False
        found = Found(Meaning.NOD, _language_of(trainee))
        return _queue(context, tx, actor, trainee, found, Place(message[0], ts), now)


def _queue(
    context: Context,
    tx: Transaction,
    actor: Actor,
    trainee: Trainee | None,
    found: Found,
    place: Place,
    now: datetime,
) -> bool:
    return outbox.put(
        tx,
        new_id(),
        OutboxMessage(
            key=f"typed:{actor.workspace_id}:{place.channel}:{place.ts}",
            workspace_id=actor.workspace_id,
            kind=MessageKind.TYPED_REPLY,
            about_id=encrypted(context.keyring, found),
            to_user=actor.slack_user,
            thread_ts=place.thread_ts,
            trainee_id=trainee.id if trainee else None,
            due_at=now,
        ),
    )


def _situation(tx: Transaction, trainee: Trainee | None) -> Situation | None:
    """Where they stand; None for somebody who is no trainee."""
    if trainee is None:
        return None
    if may_still_consent(trainee.state):
        return Situation.UNDECIDED
    if waiting(tx, trainee):
        return Situation.WAITING
    return _SITUATIONS.get(trainee.state)


def _language_of(trainee: Trainee | None) -> Language:
    """What is answered where a message does not show its language: that of their Slack, if known."""
    return "de" if trainee and trainee.locale.startswith("de") else "en"


def _distress(taken: Understood) -> tuple[Meaning, ...]:
    """SERIOUS where it may be meant: a person to talk to is offered whatever else is asked for."""
    return (Meaning.SERIOUS,) if Meaning.SERIOUS in (taken.meaning, *taken.others) else ()


def _with_end_of_pause(found: Found, text: str, today: date) -> Found:
    if found.meaning not in _MAY_BE_PAUSE:
        return found
    until = end_of_pause(text, today, lengths=found.meaning is Meaning.PAUSE)
    return replace(found, meaning=Meaning.PAUSE if until else found.meaning, until=until)


def render_typed_reply(rendering: Rendering) -> Message | None:
    """The answer, with buttons for what the person seems to ask for."""
    tx, row = rendering.tx, rendering.row
    trainee = trainees.trainee_by_id(tx, row.trainee_id) if row.trainee_id else None
    if row.trainee_id and trainee is None:
        return None
    found = decrypted(rendering.context.keyring, row.about_id)
    message = _message(rendering, trainee, found)
    # Distress gets an ordinary message, which stays: the one exception.
    return message if found.meaning is Meaning.SERIOUS else replace(message, ephemeral=True)


def _message(rendering: Rendering, trainee: Trainee | None, found: Found) -> Message:
    context, tx, row = rendering.context, rendering.tx, rendering.row
    program = program_of(tx, trainee) if trainee else None
    say = (Say(trainee.locale) if trainee else Say()).in_language(found.language)
    contact_program = program or _nearest_program(tx, Actor(row.workspace_id, row.to_user or ""))
    contact = contact_program.support_contact if contact_program else None
    if found.meaning is Meaning.SERIOUS:
        number = contact_program.emergency_number if contact_program else None
        return anywhere.serious(say, contact, number or context.content.rules.support.emergency_number)
    if trainee is None or program is None:
        return _to_a_stranger(rendering, say, found, contact)
    asker = _asker(rendering, trainee, program, found)
    if found.meaning is Meaning.FORGET:
        message = anywhere.forget(say)
    elif found.meaning is Meaning.WHO_SEES:
        message = anywhere.who_sees(say, terms(context, tx, program, trainee.delete_after))
    else:
        message = prompts.typed_reply(say, found.meaning, asker)
    return typed_others.with_others(say, message, found.others, asker)


def _to_a_stranger(rendering: Rendering, say: Say, found: Found, contact: str | None) -> Message:
    """The answer to somebody who is in no program."""
    if found.meaning is Meaning.FORGET:
        return anywhere.forget(say)
    if found.meaning is Meaning.WHO_SEES:
        return anywhere.who_sees(say, None)
    actor = Actor(rendering.row.workspace_id, rendering.row.to_user or "")
    led = programs.programs_led_by(rendering.tx, actor)
    if led:
        return anywhere.to_a_lead(say, tuple(each.name for each in led))
    if is_suppressed(rendering.context, actor):
        return left_alone(say, contact)
    return anywhere.not_on_a_list(say, contact)


def _asker(rendering: Rendering, trainee: Trainee, program: Program, found: Found) -> Asker:
    tx = rendering.tx
    pause_ends = trainee.paused_until if trainee.state is TraineeState.PAUSED else None
    return Asker(
        state=trainee.state,
        support_contact=program.support_contact,
        language=found.language,
        waiting_id=waiting(tx, trainee),
        answered_id=changeable(tx, trainee, rendering.now),
        next_on=trainee.check_in_planned_on,
        back_on=pause_ends.astimezone(trainee.zone).date() if pause_ends else None,
        pause_until=found.until,
        is_slower=trainee.pace is Pace.SLOWER,
    )


def _nearest_program(tx: Transaction, actor: Actor) -> Program | None:
    """For somebody who is no trainee: the first program they lead, else the only one of their workspace."""
    led = programs.programs_led_by(tx, actor)
    there = led or programs.programs(tx, actor.workspace_id)
    return there[0] if len(there) == 1 or led else None
