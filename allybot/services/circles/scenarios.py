"""The scenarios of a program: which one a circle gets next, and what its leads put first or leave out."""

from dataclasses import dataclass

from allybot.content import Scenario
from allybot.domain.circles import Circle
from allybot.domain.people import Actor, Program
from allybot.domain.scenario_order import ScenarioChoice, ScenarioChoices, upcoming
from allybot.errors import NotALeadError
from allybot.services.context import Context
from allybot.store.circles import scenarios
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs


@dataclass(frozen=True)
class ProgramScenarios:
    """A program's scenarios as its leads see them.

    Attributes:
        in_order: as a circle without any week gets them; what is left out is missing.
        led: the programs that this lead can switch to, this one among them.
    """

    program: Program
    in_order: tuple[Scenario, ...]
    choices: ScenarioChoices
    led: tuple[Program, ...]


def next_for(context: Context, tx: Transaction, circle: Circle) -> str:
    """The id of the scenario a circle gets next."""
    shipped = [each.id for each in context.content.scenarios]
    chosen = scenarios.choices(tx, circle.program_id)
    return upcoming(shipped, chosen, scenarios.had(tx, circle.id))[0]


def of_program(context: Context, actor: Actor, program_id: str = "") -> ProgramScenarios:
    """The scenarios of a program that the actor leads; without an id, of the first.

    Raises:
        NotALeadError: they do not lead it.
    """
    with context.database.reading() as tx:
        return _seen(context, tx, actor, program_id)


def choose(
    context: Context, actor: Actor, program_id: str, scenario_id: str, choice: ScenarioChoice
) -> ProgramScenarios:
    """Put a scenario first, leave it out, or let it come at its turn, in every circle of the program.

    A week that somebody has said yes to keeps its scenario, for which they may have prepared.

    Raises:
        NotALeadError: the actor does not lead the program.
        NotFoundError: there is no such scenario.
    """
    context.content.scenario(scenario_id)
    with context.database.transaction() as tx:
        program = _seen(context, tx, actor, program_id).program
        scenarios.choose(tx, program.id, scenario_id, choice)
        return _seen(context, tx, actor, program_id)


def _seen(context: Context, tx: Transaction, actor: Actor, program_id: str) -> ProgramScenarios:
    led = programs.programs_led_by(tx, actor)
    program = next((each for each in led if program_id in {"", each.id}), None)
    if program is None:
        raise NotALeadError
    chosen = scenarios.choices(tx, program.id)
    order = upcoming([each.id for each in context.content.scenarios], chosen)
    in_order = tuple(context.content.scenario(each) for each in order)
    return ProgramScenarios(program, in_order, chosen, tuple(led))
