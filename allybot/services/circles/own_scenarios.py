"""Scenarios that a program's leads write: begun, shown as the circle will see them, kept and changed.

They take part in everything as those that ship. Whoever leads the program and whoever takes part in it may
read one; nobody else is shown any.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from allybot.content import Content, Scenario
from allybot.content.own_scenarios import KIND, OwnScenarioError, is_own, own_scenario
from allybot.domain.circle_weeks import Moments, first_after
from allybot.domain.people import Actor, Program
from allybot.domain.plans import PlanKind
from allybot.domain.program_changes import What
from allybot.errors import DecryptionError, NotFoundError, WrongStateError
from allybot.services.circles.facilitators import rhythm_of
from allybot.services.context import Context, new_id
from allybot.services.leads import led_program, note
from allybot.services.working_hours import working_hours
from allybot.store import trainees
from allybot.store.circles import circles
from allybot.store.circles import own_scenarios as store
from allybot.store.circles.own_scenarios import OwnScenario
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs

MOST = 40
"""Scenarios that a program may have of its own: with those that ship they fill a menu of Slack's."""
RESULT_LASTS = timedelta(days=3)
"""Until then the result of a week's votes may still be posted."""


class InUseError(WrongStateError):
    """A circle has this scenario before it just now."""


class FullError(WrongStateError):
    """The program has as many scenarios of its own as fit."""


@dataclass(frozen=True)
class Begun:
    """A scenario that is being written.

    Attributes:
        words: what stands in the fields of its form; empty for a new one.
        scenario: the same as circles would get it; None for a new one.
        week: the times of the circles' next week, for showing it.
    """

    program: Program
    id: str
    words: Mapping[str, str]
    scenario: Scenario | None
    week: Moments
    min_votes: int


def scenarios_of(context: Context, tx: Transaction, program_id: str) -> tuple[Scenario, ...]:
    """All scenarios of a program, its own first: somebody wrote them for these circles."""
    own = []
    for each in store.of_program(tx, context.keyring, program_id):
        with suppress(OwnScenarioError):  # a rule has changed since: its lead sees it as begun
            if each.kept is not None:
                own.append(_made(context.content, each.id, each.kept))
    return (*own, *context.content.scenarios)


def title_of(context: Context, tx: Transaction, program_id: str, scenario_id: str) -> str:
    """The title of a scenario that circles of this program may have; empty where it is gone or unreadable."""
    with suppress(NotFoundError, DecryptionError):
        return scenario_of(context, tx, program_id, scenario_id).title
    return ""


def scenario_of(context: Context, tx: Transaction, program_id: str, scenario_id: str) -> Scenario:
    """A scenario that circles of this program may have.

    Raises:
        DecryptionError: it is one of the program's own that no configured key opens.
        NotFoundError: there is none.
    """
    if not is_own(scenario_id):
        return context.content.scenario(scenario_id)
    found = store.by_id(tx, context.keyring, scenario_id)
    if found is None or found.kept is None or found.program_id != program_id:
        raise NotFoundError
    try:
        return _made(context.content, found.id, found.kept)
    except OwnScenarioError:
        raise NotFoundError from None


def read(context: Context, actor: Actor, scenario_id: str) -> Scenario:
    """A scenario for whoever pressed a button under it; one of a program's own for its people only.

    Raises:
        NotFoundError: there is none, or none for them.
    """
    if not is_own(scenario_id):
        return context.content.scenario(scenario_id)
    with context.database.reading() as tx:
        trainee = trainees.trainee_of(tx, actor)
        theirs = {each.id for each in programs.programs_led_by(tx, actor)}
        theirs |= {trainee.program_id} if trainee else set()
        for program_id in sorted(theirs):
            with suppress(NotFoundError, DecryptionError):
                return scenario_of(context, tx, program_id, scenario_id)
    raise NotFoundError


def begun(context: Context, actor: Actor, program_id: str, own_id: str, now: datetime) -> Begun:
    """What a lead has written so far; without an id a new scenario with nothing in it.

    Raises:
        NotALeadError: the actor does not lead the program.
        NotFoundError: there is no such scenario.
        InUseError: a circle votes on it.
        FullError: the program has as many as fit.
    """
    with context.database.reading() as tx:
        program = led_program(tx, actor, program_id)
        if not own_id:
            if store.how_many(tx, program.id) >= MOST:
                raise FullError
            return _begun(context, program, f"own-{new_id()}", {}, None, now)
        found = _found(context, tx, program, own_id)
        _not_posted(tx, program, own_id, now)
        words = found.draft if found.draft is not None else found.kept or {}
        with suppress(OwnScenarioError):  # a rule has changed since
            made = _made(context.content, own_id, words)
            return _begun(context, program, own_id, words, made, now)
        return _begun(context, program, own_id, words, None, now)


def write(
    context: Context, actor: Actor, program_id: str, own_id: str, words: Mapping[str, str], now: datetime
) -> Begun:
    """Store what stands in one step of the form; circles get it once it is kept.

    Args:
        words: all fields of that step.

    Raises:
        OwnScenarioError: with every problem; nothing was stored.
        NotFoundError: it belongs to another program.
        NotALeadError, InUseError, FullError: as in `begun`.
    """
    with context.database.transaction() as tx:
        program = led_program(tx, actor, program_id)
        found = store.by_id(tx, context.keyring, own_id)
        if found and found.program_id != program.id:
            raise NotFoundError
        if found is None and store.how_many(tx, program.id) >= MOST:
            raise FullError
        _not_posted(tx, program, own_id, now)
        before = (found.draft if found.draft is not None else found.kept) if found else None
        all_words = {**(before or {}), **words}
        made = _made(context.content, own_id, all_words)
        store.put_draft(tx, context.keyring, own_id, program.id, all_words)
        return _begun(context, program, own_id, all_words, made, now)


def keep(context: Context, actor: Actor, program_id: str, own_id: str, now: datetime) -> Scenario:
    """Let the program's circles get what was written. Idempotent.

    Raises:
        NotALeadError, NotFoundError, InUseError: as in `begun`.
    """
    with context.database.transaction() as tx:
        program = led_program(tx, actor, program_id, lock=True)
        before = _found(context, tx, program, own_id)
        _lock_circles(tx, program)
        _not_posted(tx, program, own_id, now)
        if before.draft is not None:
            what = What.SCENARIO_ADDED if before.kept is None else What.SCENARIO_CHANGED
            note(tx, program, actor, what, now, subject=own_id)
        store.keep_draft(tx, own_id)
        return scenario_of(context, tx, program.id, own_id)


def check_unused(tx: Transaction, program: Program, own_id: str, now: datetime) -> None:
    """Refuse while a circle has a scenario before it; no circle prepares or posts until the transaction ends.

    Raises:
        InUseError: a circle has it posted, or ahead in a week that somebody prepares.
    """
    _lock_circles(tx, program)
    if store.is_in_use(tx, program.id, own_id, now - RESULT_LASTS, posted_only=False):
        raise InUseError


def _made(content: Content, own_id: str, words: Mapping[str, str]) -> Scenario:
    kind = next((each for each in PlanKind if each.value == words.get(KIND)), PlanKind.BYSTANDER)
    example = content.plan_library.kind(kind).example
    return own_scenario(own_id, words, example)


def _begun(
    context: Context,
    program: Program,
    own_id: str,
    words: Mapping[str, str],
    made: Scenario | None,
    now: datetime,
) -> Begun:
    week = first_after(now, rhythm_of(context), working_hours(context, program, program.zone))
    return Begun(program, own_id, words, made, week, context.content.min_votes_of(program.name))


def _found(context: Context, tx: Transaction, program: Program, own_id: str) -> OwnScenario:
    found = store.by_id(tx, context.keyring, own_id)
    if found is None or found.program_id != program.id:
        raise NotFoundError
    return found


def _lock_circles(tx: Transaction, program: Program) -> None:
    for circle in sorted(circles.circles_of_program(tx, program.id), key=lambda each: each.id):
        circles.take_circle(tx, circle.id, wait=True)


def _not_posted(tx: Transaction, program: Program, own_id: str, now: datetime) -> None:
    if store.is_in_use(tx, program.id, own_id, now - RESULT_LASTS, posted_only=True):
        raise InUseError
