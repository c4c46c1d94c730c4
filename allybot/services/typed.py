"""Answering typed messages: what was typed is read once for its meaning and kept nowhere."""

from datetime import datetime

from allybot.domain.people import Actor
from allybot.domain.typed import Meaning
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.help import not_enrolled
from allybot.prompts.typed import typed_reply
from allybot.services.check_in_words import open_buttons
from allybot.services.house import House, new_id
from allybot.store import outbox, people, programs
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


def render_typed_reply(house: House, tx: Transaction, row: OutboxRow, now: datetime) -> Message | None:
    """The answer, with the buttons that fit what he seems to ask for."""
    if row.trainee_id is None:
        return not_enrolled(Say())
    trainee = people.trainee_by_id(tx, row.trainee_id)
    program = programs.program_by_id(tx, trainee.program_id) if trainee else None
    if trainee is None or program is None:
        return None
    say = Say(trainee.locale)
    return typed_reply(
        say, Meaning(row.subject), open_buttons(house, tx, say, trainee, now), program.support_contact
    )
