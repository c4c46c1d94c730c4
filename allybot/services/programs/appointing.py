"""Leads come and go, within the transaction of whoever changes them."""

from datetime import datetime

from allybot.domain.people import Actor, Program
from allybot.domain.program_changes import Refusal, What
from allybot.errors import NotFoundError
from allybot.services.context import new_id
from allybot.services.leads import note
from allybot.services.programs.refusals import ChangeRefusedError
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import OutboxMessage
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs


def appoint(tx: Transaction, program: Program, slack_user: str, now: datetime, by: Actor | None) -> None:
    """Make somebody a lead and tell them; nothing where they are one. `by` None is the operator."""
    if programs.is_lead(tx, program.id, Actor(program.workspace_id, slack_user)):
        return
    programs.add_lead(tx, program.id, slack_user)
    note(tx, program, by, What.LEAD_ADDED, now, subject=slack_user)
    message = OutboxMessage(
        key=f"appointed:{new_id()}",
        workspace_id=program.workspace_id,
        kind=MessageKind.LEAD_APPOINTED,
        about_id=program.id,
        due_at=now,
        to_user=slack_user,
    )
    outbox.put(tx, new_id(), message)


def dismiss(tx: Transaction, program: Program, slack_user: str, now: datetime, by: Actor | None) -> None:
    """Remove a lead. `by` None is the operator.

    Raises:
        NotFoundError: they do not lead the program.
        WrongStateError: they are its last lead.
    """
    leads = programs.leads(tx, program.id)
    if slack_user not in leads:
        raise NotFoundError(f"{slack_user} does not lead {program.name}.")
    if leads == [slack_user]:
        raise ChangeRefusedError(Refusal.LAST_LEAD)
    programs.remove_lead(tx, program.id, slack_user)
    note(tx, program, by, What.LEAD_REMOVED, now, subject=slack_user)
