"""Answering typed messages: what was typed is read once for its meaning and kept nowhere."""

from datetime import datetime

from allybot.domain.check_ins import CheckInState
from allybot.domain.people import Actor
from allybot.domain.typed import Meaning
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.check_ins import answer_buttons
from allybot.prompts.help import not_enrolled
from allybot.prompts.typed import typed_reply
from allybot.services.house import House, new_id
from allybot.store import check_ins, outbox, people, programs
from allybot.store.database import Transaction
from allybot.store.outbox import Draft, Kind, OutboxRow


def answer(house: House, actor: Actor, understood: Meaning, channel: str, ts: str, now: datetime) -> bool:
    """Queue the answer to a message typed by `actor`; the same message twice is answered once.

    Args:
        channel: the direct message it was typed in.
        ts: Slack's timestamp of it, which makes twice once.
        now: the program's time, aware UTC.

    Returns:
        Whether an answer was queued.
    """
    with house.database.transaction() as tx:
        if people.workspace_row(tx, actor.workspace_id) is None:
            return False
        trainee = people.trainee_of(tx, actor)
        return outbox.put(
            tx,
            new_id(),
            Draft(
                key=f"typed:{actor.workspace_id}:{channel}:{ts}",
                workspace_id=actor.workspace_id,
                kind=Kind.TYPED_REPLY,
                subject=understood,
                to_user=actor.slack_user,
                trainee_id=trainee.id if trainee else None,
                due_at=now,
            ),
        )


def render_typed_reply(_house: House, tx: Transaction, row: OutboxRow, _now: datetime) -> Message | None:
    """The answer, with the buttons that fit what he seems to ask for."""
    if row.trainee_id is None:
        return not_enrolled(Say())
    trainee = people.trainee_by_id(tx, row.trainee_id)
    program = programs.program_by_id(tx, trainee.program_id) if trainee else None
    if trainee is None or program is None:
        return None
    say = Say(trainee.locale)
    asked = check_ins.latest(tx, trainee.id)
    waiting = asked is not None and asked.state is CheckInState.ASKED and asked.plan_id is not None
    buttons = [answer_buttons(say, asked.id)] if asked and waiting else []
    return typed_reply(say, Meaning(row.subject), buttons, program.support_contact)
