"""What `/allybot circle` shows: one's own circle, and those of the programs one leads."""

from datetime import datetime

from allybot.domain.circles import Circle, CirclePage
from allybot.domain.people import Actor, Program
from allybot.domain.trainee import takes_part
from allybot.services.context import Context
from allybot.store import trainees
from allybot.store.circles import circles
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs

MOST_LED = 10
"""Circles of a lead on one page; the others are shown by name. Slack takes 50 blocks in a message."""


def pages(context: Context, actor: Actor, now: datetime, name: str = "", of: str = "") -> list[CirclePage]:
    """The actor's own circles, then those of programs they lead that go on, by name; each once.

    Args:
        now: the program's time, aware UTC.
        name: only those with this name or channel id; ignores case.
        of: only the one of this id.
    """
    wanted = name.casefold()
    with context.database.reading() as tx:
        found = _own(tx, actor, now)
        for program in programs.programs_led_by(tx, actor):
            for circle in circles.circles_of_program(tx, program.id):
                if not circle.goes_on:
                    continue
                page = CirclePage(circle, None, program.zone, circle.is_paused(now), is_lead=True)
                own = found.get(circle.id)
                found[circle.id] = page if own is None else CirclePage(**vars(own) | {"is_lead": True})
    if of:
        return [found[of]] if of in found else []
    if wanted:
        return [each for each in found.values() if wanted in _names(each)]
    led = [each for each in found.values() if not each.is_member]
    return [*(each for each in found.values() if each.is_member), *led[:MOST_LED]]


def of_program(context: Context, program: Program, now: datetime) -> list[CirclePage]:
    """Every circle of a program, also those that have ended or were closed, by name."""
    with context.database.reading() as tx:
        return [
            CirclePage(circle, None, program.zone, circle.is_paused(now), is_lead=True)
            for circle in circles.circles_of_program(tx, program.id)
        ]


def _size(tx: Transaction, circle: Circle) -> int:
    """How many of a circle take part."""
    return sum(takes_part(each.state) for each in circles.members(tx, circle.id))


def _own(tx: Transaction, actor: Actor, now: datetime) -> dict[str, CirclePage]:
    found: dict[str, CirclePage] = {}
    trainee = trainees.trainee_of(tx, actor)
    for circle in circles.circles_of_trainee(tx, trainee.id) if trainee else ():
        program = programs.program_by_id(tx, circle.program_id)
        if program is not None:
            found[circle.id] = CirclePage(
                circle, _size(tx, circle), program.zone, circle.is_paused(now), is_member=True
            )
    return found


def _names(page: CirclePage) -> set[str]:
    return {page.circle.name.casefold(), page.circle.channel.casefold()}
