"""Answers typed messages. The text is classified and not stored.

The meaning is stored until the answer is sent, encrypted and always of one length, so that an outbox row does
not tell distress from thanks (deleted by `store.delivery.claims.settle_sent`).
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime

from allybot.crypto import Keyring
from allybot.domain.check_ins import CheckInState
from allybot.domain.people import Actor, Program
from allybot.domain.trainee import Trainee
from allybot.domain.typed import Meaning
from allybot.errors import DecryptionError
from allybot.i18n import Say
from allybot.message import Block, Message
from allybot.prompts.check_ins.messages import answer_buttons, snooze_buttons
from allybot.prompts.data.suppression import left_alone
from allybot.prompts.trainees import typed as prompts
from allybot.services.context import Context, Rendering, new_id, program_of
from allybot.services.data.suppression import is_suppressed
from allybot.services.programs.terms import terms
from allybot.store import trainees
from allybot.store.check_ins import check_ins
from allybot.store.delivery import outbox
from allybot.store.delivery.outbox import MessageKind, OutboxMessage
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs
from allybot.store.programs.workspaces import workspace_row

_MEANINGS = tuple(Meaning)


def answer(context: Context, actor: Actor, understood: Meaning, channel: str, ts: str, now: datetime) -> bool:
    """Queue the answer to a typed message. Idempotent for one message.

    Args:
        channel: the direct message it was typed in.
        ts: Slack's timestamp of it; part of the idempotency key.
        now: the program's time, aware UTC.

    Returns:
        Whether an answer was queued.
    """
    with context.database.transaction() as tx:
        if workspace_row(tx, actor.workspace_id) is None:
            return False
        trainee = trainees.trainee_of(tx, actor)
        return outbox.put(
            tx,
            new_id(),
            OutboxMessage(
                key=f"typed:{actor.workspace_id}:{channel}:{ts}",
                workspace_id=actor.workspace_id,
                kind=MessageKind.TYPED_REPLY,
                about_id=_encrypted(context.keyring, understood),
                to_user=actor.slack_user,
                trainee_id=trainee.id if trainee else None,
                due_at=now,
            ),
        )


def render_typed_reply(rendering: Rendering) -> Message | None:
    """The answer, with buttons for what the person seems to ask for."""
    context, tx, row = rendering.context, rendering.tx, rendering.row
    trainee = trainees.trainee_by_id(tx, row.trainee_id) if row.trainee_id else None
    if row.trainee_id and trainee is None:
        return None
    program = program_of(tx, trainee) if trainee else None
    say = Say(trainee.locale) if trainee else Say()
    contact_program = program or _nearest_program(tx, Actor(row.workspace_id, row.to_user or ""))
    contact = contact_program.support_contact if contact_program else None
    understood = _decrypted(context.keyring, row.about_id)
    if understood is Meaning.SERIOUS:
        return prompts.serious(say, contact, context.content.rules.support.emergency_number)
    if understood is Meaning.FORGET:
        return prompts.forget(say)
    if understood is Meaning.WHO_SEES:
        promised = terms(context, tx, program, trainee.delete_after) if trainee and program else None
        return prompts.who_sees(say, promised)
    if trainee is None and is_suppressed(context, Actor(row.workspace_id, row.to_user or "")):
        return left_alone(say, contact)
    if trainee is None:
        return prompts.not_on_a_list(say, contact)
    return prompts.typed_reply(
        say,
        understood,
        trainee.state,
        _open_check_in(tx, trainee, say),
        contact,
        trainee.check_in_planned_on,
    )


def _open_check_in(tx: Transaction, trainee: Trainee, say: Say) -> list[Block]:
    """The answer buttons of the open check-in; empty when there is none."""
    asked = check_ins.latest(tx, trainee.id)
    waiting = asked is not None and asked.state is CheckInState.ASKED and asked.window_id is not None
    return [answer_buttons(say, asked.id), snooze_buttons(say, asked.id)] if asked and waiting else []


def _nearest_program(tx: Transaction, actor: Actor) -> Program | None:
    """For somebody who is no trainee: the first program they lead, else the only one of their workspace."""
    led = programs.programs_led_by(tx, actor)
    there = led or programs.programs(tx, actor.workspace_id)
    return there[0] if len(there) == 1 or led else None


def _encrypted(keyring: Keyring, understood: Meaning) -> str:
    """56 characters for every meaning."""
    return urlsafe_b64encode(keyring.wrap(bytes([_MEANINGS.index(understood)]))).decode()


def _decrypted(keyring: Keyring, about_id: str) -> Meaning:
    """UNKNOWN when it cannot be decrypted: another secret key, or another version of allybot."""
    try:
        return _MEANINGS[keyring.unwrap(urlsafe_b64decode(about_id))[0]]
    except (DecryptionError, ValueError, IndexError):
        return Meaning.UNKNOWN
