"""The leads of a program: who is appointed is told, and sees how their programs run."""

from datetime import datetime

from allybot.domain.people import Actor, Program, same_name
from allybot.errors import NotALeadError, UserError
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.programs import messages as prompts
from allybot.services.context import Context, Rendering
from allybot.services.leads import all_led
from allybot.services.programs.appointing import appoint, dismiss
from allybot.services.programs.facts import ProgramFacts, facts_of
from allybot.services.programs.programs import find_in
from allybot.store.programs import programs


def led_by(context: Context, actor: Actor) -> list[ProgramFacts]:
    """Facts about the programs the actor leads.

    Raises:
        NotALeadError: the actor leads none.
    """
    found = facts_of_lead(context, actor)
    if not found:
        raise NotALeadError
    return found


def facts_of_lead(context: Context, actor: Actor) -> list[ProgramFacts]:
    """The same; empty where the actor leads none."""
    with context.database.reading() as tx:
        return [facts_of(context, tx, program) for program in programs.programs_led_by(tx, actor)]


def appoint_lead(
    context: Context, name: str, workspace_id: str | None, slack_user: str, now: datetime
) -> Program:
    """Make somebody a lead, who may read the program's published figures, and tell them. Idempotent.

    Args:
        now: the program's clock, aware UTC.

    Raises:
        NotFoundError, UserError: as in `find`.
    """
    with context.database.transaction() as tx:
        program = find_in(tx, name, workspace_id)
        appoint(tx, program, slack_user, now, None)
    return program


def dismiss_lead(
    context: Context, name: str, workspace_id: str | None, slack_user: str, now: datetime
) -> Program:
    """Remove a lead.

    Args:
        now: the program's clock, aware UTC.

    Raises:
        NotFoundError: no such program, or they do not lead it.
        WrongStateError: they are the last one.
        UserError: as in `find`.
    """
    with context.database.transaction() as tx:
        program = find_in(tx, name, workspace_id)
        dismiss(tx, program, slack_user, now, None)
    return program


def appoint_fellow_lead(context: Context, actor: Actor, name: str, slack_user: str, now: datetime) -> Program:
    """A lead appoints another; `name` may be empty when the actor leads one program only.

    Args:
        now: the program's clock, aware UTC.

    Raises:
        NotALeadError: the actor leads none, or not this one; the same whether or not it exists.
        UserError: the actor leads several and named none; the message lists their names.
    """
    with context.database.transaction() as tx:
        led = all_led(tx, actor)
        named = [program for program in led if same_name(program.name, name)] if name else led
        if not named:
            raise NotALeadError
        if len(named) > 1:
            raise UserError(", ".join(program.name for program in named))
        appoint(tx, named[0], slack_user, now, actor)
    return named[0]


def render_lead_appointed(rendering: Rendering) -> Message | None:
    """To a new lead: what they can do and see. None when they do not lead the program any more."""
    program = programs.program_by_id(rendering.tx, rendering.row.about_id)
    reader = Actor(rendering.row.workspace_id, rendering.row.to_user or "")
    if program is None or not programs.is_lead(rendering.tx, program.id, reader):
        return None
    return prompts.you_lead(
        Say(), program.name, program.minimum_respondents, counts_moments=program.counts_moments
    )
