"""The log of a program's changes, and who may make them."""

from dataclasses import replace

from allybot.domain.people import Actor, Program
from allybot.domain.program_changes import SHOWN, ProgramChange
from allybot.services.circles.own_scenarios import title_of
from allybot.services.context import Context
from allybot.services.leads import led_program
from allybot.store.programs import changes


def changes_of(
    context: Context, by: Actor | None, program_id: str, most: int = SHOWN
) -> tuple[Program, tuple[ProgramChange, ...]]:
    """A program and its newest changes, newest first; scenarios by the titles they have now.

    Args:
        by: None for the operator.
        most: how many.

    Raises:
        NotALeadError: as in `leads.led_program`.
    """
    with context.database.reading() as tx:
        program = led_program(tx, by, program_id)
        found = changes.changes_of(tx, program.id, most)
        titles = {
            each.subject: title_of(context, tx, program.id, each.subject)
            for each in found
            if each.what.is_about_a_scenario
        }
        return program, tuple(replace(each, subject=titles.get(each.subject, each.subject)) for each in found)
