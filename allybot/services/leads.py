"""The programs that somebody leads, a message to all leads of one, and the log of what they change.

Whether somebody leads a program is asked of `store.programs.programs.is_lead`, here and everywhere.
"""

import secrets
from dataclasses import replace
from datetime import datetime

from allybot.domain.people import Actor, Program
from allybot.domain.program_changes import ProgramChange, What
from allybot.errors import NotALeadError
from allybot.store.delivery import outbox
from allybot.store.delivery.outbox import OutboxMessage
from allybot.store.delivery.since_backup import id_of
from allybot.store.engine.database import Transaction
from allybot.store.programs import changes, programs


def all_led(tx: Transaction, actor: Actor) -> list[Program]:
    """The programs that somebody leads in their workspace, by name.

    Raises:
        NotALeadError: they lead none; the same whatever programs exist.
    """
    found = programs.programs_led_by(tx, actor)
    if not found:
        raise NotALeadError
    return found


def led_program(tx: Transaction, by: Actor | None, program_id: str, *, lock: bool = False) -> Program:
    """A program that somebody leads.

    Args:
        by: None for the operator, who may change every program.
        lock: hold its row until the transaction ends; whoever changes it does.

    Raises:
        NotALeadError: there is no such program, or they do not lead it: the same either way.
    """
    program = (programs.take_program if lock else programs.program_by_id)(tx, program_id)
    if program is None or (by is not None and not programs.is_lead(tx, program.id, by)):
        raise NotALeadError
    return program


def led_or_first(tx: Transaction, actor: Actor, program_id: str) -> Program:
    """The same; without an id, the first of those they lead.

    Raises:
        NotALeadError: as in `led_program`.
    """
    return led_program(tx, actor, program_id) if program_id else all_led(tx, actor)[0]


def tell_leads(tx: Transaction, program_id: str, message: OutboxMessage, *, looked_up: bool = True) -> bool:
    """Queue a message once for each lead of a program; whether any of them is new.

    Args:
        message: to nobody yet; its key gets each lead's Slack id at its end.
        looked_up: after a restore it is not sent where it was before, see `since_backup`.
    """
    keys = {lead: f"{message.key}:{lead}" for lead in programs.leads(tx, program_id)}
    queued = [
        outbox.put(
            tx,
            id_of(tx, key) if looked_up else secrets.token_hex(16),
            replace(message, key=key, to_user=lead),
        )
        for lead, key in keys.items()
    ]
    return any(queued)


def note(
    tx: Transaction,
    program: Program,
    by: Actor | None,
    what: What,
    now: datetime,
    *,
    subject: str = "",
    old: str = "",
    new: str = "",
) -> None:
    """Write down what somebody has changed; None is the operator. `now` is aware UTC."""
    on = now.astimezone(program.zone).date()
    made = ProgramChange(on, by.slack_user if by else None, what, subject, old, new)
    changes.add_change(tx, program.id, made)
