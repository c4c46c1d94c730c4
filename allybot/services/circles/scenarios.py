"""The scenarios of a program: which one a circle gets next, and who has a say in it.

Leads put scenarios first or leave them out. Whoever has said yes to a week may take another of the next
three: the role goes round, so over the weeks the circle chooses, and nothing has to be counted that would
show who wished for what. Once figures with reasons are published, every other story fits the reason named
most.
"""

from dataclasses import dataclass
from datetime import datetime

from allybot.content import Scenario
from allybot.domain.anonymity import Tier
from allybot.domain.circles import Circle
from allybot.domain.people import Actor, Program
from allybot.domain.scenario_order import ScenarioChoice, ScenarioChoices, most_named, on_offer, upcoming
from allybot.errors import NotALeadError, WrongStateError
from allybot.services.circles.facilitators import locked_open_week, update_messages
from allybot.services.context import Context
from allybot.store.circles import scenarios, weeks
from allybot.store.engine.database import Transaction
from allybot.store.outcomes import ballots
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
    return offered(context, tx, circle)[0]


def offered(context: Context, tx: Transaction, circle: Circle) -> list[str]:
    """Ids of the scenarios among which whoever facilitates the next week may choose, the next one first."""
    shipped = [each.id for each in context.content.scenarios]
    chosen = scenarios.choices(tx, circle.program_id)
    fitting = _fitting(context, tx, circle.program_id)
    had = scenarios.had(tx, circle.id)
    return on_offer(upcoming(shipped, chosen, had, fitting), had)


def take(context: Context, actor: Actor, week_id: str, scenario_id: str, now: datetime) -> None:
    """Take another scenario for a week that the actor facilitates and that has not begun.

    Raises:
        WrongStateError: they do not facilitate it, it has begun, or the scenario is not offered.
    """
    with context.database.transaction() as tx:
        trainee, circle, week = locked_open_week(tx, actor, week_id)
        begun = week.number <= circle.weeks_posted
        if trainee not in week.facilitators or begun or scenario_id not in offered(context, tx, circle):
            raise WrongStateError
        weeks.change_week(tx, week.id, scenario_id=scenario_id, names=None)
        update_messages(tx, circle, week, now)


def _fitting(context: Context, tx: Transaction, program_id: str) -> frozenset[str]:
    """Ids of the stories that fit the reason which the program's newest published figures name most."""
    releases = (
        ballots.release_by_window(tx, each.id) for each in reversed(ballots.windows_of(tx, program_id))
    )
    newest = next((each for each in releases if each and each.tier is Tier.M), None)
    named = most_named(newest.noisy) if newest else None
    kinds = context.content.rules.circles.stories_for.get(named, ()) if named else ()
    return frozenset(each.id for each in context.content.scenarios if each.kind in kinds)


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
