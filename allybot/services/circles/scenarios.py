"""The scenarios of a program: which one a circle gets next, and who has a say in it.

Leads put scenarios first or leave them out. Whoever has said yes to a week may take another of the next
three: the role goes round, so over the weeks the circle chooses, and nothing has to be counted that would
show who wished for what. Once figures with reasons are published, every other story fits the reason named
most.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from allybot.content import Scenario
from allybot.content.own_scenarios import TITLE, is_own
from allybot.domain.anonymity import Tier
from allybot.domain.circles import Circle
from allybot.domain.people import Actor, Program
from allybot.domain.program_changes import What
from allybot.domain.scenario_order import ScenarioChoice, ScenarioChoices, most_named, on_offer, upcoming
from allybot.errors import WrongStateError
from allybot.services.circles.facilitators import locked_open_week, update_messages
from allybot.services.circles.own_scenarios import check_unused, scenario_of, scenarios_of
from allybot.services.context import Context
from allybot.services.leads import led_or_first, led_program, note
from allybot.store.circles import circles, own_scenarios, scenarios, weeks
from allybot.store.engine.database import Transaction
from allybot.store.outcomes import ballots
from allybot.store.programs import programs

_CHOSEN = {
    ScenarioChoice.FIRST: What.SCENARIO_FIRST,
    ScenarioChoice.LEFT_OUT: What.SCENARIO_LEFT_OUT,
    ScenarioChoice.AT_ITS_TURN: What.SCENARIO_AT_ITS_TURN,
}


@dataclass(frozen=True)
class ProgramScenarios:
    """A program's scenarios as its leads see them.

    Attributes:
        all: every scenario that circles may get, those that leads wrote first.
        in_order: as a circle without any week gets them; what is left out is missing.
        led: the programs that this lead can switch to, this one among them.
        begun: what leads have begun to write or to change, as titles by id.
        lost: ids of those that no configured key opens; all that can be done with them is to delete them.
    """

    program: Program
    all: tuple[Scenario, ...]
    in_order: tuple[Scenario, ...]
    choices: ScenarioChoices
    led: tuple[Program, ...]
    begun: dict[str, str]
    lost: tuple[str, ...]


def next_for(context: Context, tx: Transaction, circle: Circle) -> str:
    """The id of the scenario a circle gets next."""
    return offered(context, tx, circle)[0]


def offered(context: Context, tx: Transaction, circle: Circle) -> list[str]:
    """Ids of the scenarios among which whoever facilitates the next week may choose, the next one first."""
    stories = scenarios_of(context, tx, circle.program_id)
    chosen = scenarios.choices(tx, circle.program_id)
    fitting = _fitting(context, tx, circle.program_id, stories)
    had = scenarios.had(tx, circle.id)
    return on_offer(upcoming([each.id for each in stories], chosen, had, fitting), had)


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


def _fitting(
    context: Context, tx: Transaction, program_id: str, stories: Sequence[Scenario]
) -> frozenset[str]:
    """Ids of the stories that fit the reason which the program's newest published figures name most."""
    releases = (
        ballots.release_by_window(tx, each.id) for each in reversed(ballots.windows_of(tx, program_id))
    )
    newest = next((each for each in releases if each and each.tier is Tier.M), None)
    named = most_named(newest.noisy) if newest else None
    kinds = context.content.rules.circles.stories_for.get(named, ()) if named else ()
    return frozenset(each.id for each in stories if each.kind in kinds)


def of_program(context: Context, actor: Actor, program_id: str = "") -> ProgramScenarios:
    """The scenarios of a program that the actor leads; without an id, of the first.

    Raises:
        NotALeadError: they do not lead it.
    """
    with context.database.reading() as tx:
        return _seen(context, tx, actor, program_id)


def choose(
    context: Context, actor: Actor, program_id: str, scenario_id: str, choice: ScenarioChoice, now: datetime
) -> ProgramScenarios:
    """Put a scenario first, leave it out, or let it come at its turn, in every circle of the program.

    A week that somebody has said yes to keeps its scenario, for which they may have prepared. Idempotent.

    Args:
        now: aware UTC.

    Raises:
        NotALeadError: the actor does not lead the program.
        NotFoundError: there is no such scenario.
    """
    with context.database.transaction() as tx:
        program = led_program(tx, actor, program_id, lock=True)
        scenario_of(context, tx, program.id, scenario_id)
        if not scenarios.choices(tx, program.id).has(scenario_id, choice):
            note(tx, program, actor, _CHOSEN[choice], now, subject=scenario_id)
            scenarios.choose(tx, program.id, scenario_id, choice)
        return _seen(context, tx, actor, program_id)


def delete(
    context: Context, actor: Actor, program_id: str, scenario_id: str, now: datetime
) -> ProgramScenarios:
    """Delete a scenario of the program's own for good. Idempotent.

    A circle whose next week was planned with it, and prepared by nobody, gets another one.

    Args:
        now: aware UTC.

    Raises:
        NotALeadError: the actor does not lead the program.
        InUseError: a circle has it posted, or ahead in a week that somebody prepares.
    """
    with context.database.transaction() as tx:
        program = led_program(tx, actor, program_id, lock=True)
        check_unused(tx, program, scenario_id, now)
        if is_own(scenario_id) and own_scenarios.belongs_to(tx, scenario_id, program.id):
            own_scenarios.forget(tx, scenario_id)
            note(tx, program, actor, What.SCENARIO_DELETED, now, subject=scenario_id)
            for week_id, circle_id in own_scenarios.planned_weeks(tx, program.id, scenario_id):
                circle = circles.circle_by_id(tx, circle_id)
                if circle:
                    weeks.change_week(tx, week_id, scenario_id=next_for(context, tx, circle), names=None)
        return _seen(context, tx, actor, program_id)


def _seen(context: Context, tx: Transaction, actor: Actor, program_id: str) -> ProgramScenarios:
    program = led_or_first(tx, actor, program_id)
    chosen = scenarios.choices(tx, program.id)
    every = scenarios_of(context, tx, program.id)
    by_id = {each.id: each for each in every}
    in_order = tuple(by_id[each] for each in upcoming(list(by_id), chosen))
    written = own_scenarios.of_program(tx, context.keyring, program.id)
    begun = {
        each.id: (each.draft or each.kept or {}).get(TITLE, "")
        for each in written
        if each.draft is not None or each.id not in by_id
    }
    lost = own_scenarios.unreadable(tx, context.keyring, program.id)
    led = tuple(programs.programs_led_by(tx, actor))
    return ProgramScenarios(program, every, in_order, chosen, led, begun, tuple(lost))
