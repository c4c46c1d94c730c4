"""A lead adds people to a program from Slack: looked up, shown by name, and added all or none.

What a lead is shown about somebody who declined, stopped or was forgotten is what they would be shown had
that person stayed, see `suppressed_people`. Nothing is kept between the steps: each takes what was entered
anew.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from hashlib import sha256

from allybot.domain.enrolment import Doubt
from allybot.domain.people import Actor, Cohort, Program
from allybot.errors import NotFoundError
from allybot.services.context import Context
from allybot.services.leads import all_led, led_program
from allybot.services.programs import enrolment, pasted
from allybot.services.programs.circle_channels import in_channels, look_up_channels
from allybot.services.programs.dates import CohortDates
from allybot.services.programs.directory import Enrolee, Progress, look_up, with_retries
from allybot.services.programs.pasted import Pasted
from allybot.services.programs.roster import Problem, Row
from allybot.slack.gateway import SlackGateway
from allybot.store.circles import circles
from allybot.store.programs import programs

_PICKED = 1_000_000
"""Lines from here on are people who were picked, or are in the user group; a list has fewer."""
Wait = Callable[[float], None]


@dataclass(frozen=True)
class Entered:
    """What a lead entered: people picked, a user group, a pasted list, or several of these.

    Attributes:
        cohort: id of the cohort of whom the list names none for.
        left_out: Slack users who were picked or are in the group, and are not to be added.
    """

    program: str
    cohort: str
    users: tuple[str, ...] = ()
    group: str = ""
    text: str = ""
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class Doubtful:
    """A line, or somebody picked, that cannot be added as it stands.

    Attributes:
        line: as it was typed; empty for somebody picked.
        user: the Slack user who was picked; empty for a line.
    """

    doubt: Doubt
    line: str = ""
    user: str = ""


@dataclass(frozen=True)
class Review:
    """What was entered, person by person.

    Attributes:
        entered: the same, with the list as it was understood.
        added: who would be added, or was.
        already: who is on the program's list already.
        doubtful: whatever stands in the way; nobody is added while there is any.
        sure: what was entered without `doubtful`.
        columns: headings of the list by which circles could be balanced.
        unusual: dates that are hardly meant.
        seen: says which people these are, so that only what was seen is added.
    """

    program: Program
    cohort: Cohort
    entered: Entered
    added: tuple[Enrolee, ...]
    already: tuple[Enrolee, ...]
    doubtful: tuple[Doubtful, ...]
    sure: Entered
    columns: tuple[str, ...]
    unusual: tuple[CohortDates, ...]
    seen: str
    done: bool = False


@dataclass(frozen=True)
class Group:
    """A cohort to which people can be added, with its program."""

    program: Program
    cohort: Cohort


def cohorts_led(context: Context, actor: Actor) -> list[Group]:
    """The cohorts of the programs that somebody leads, the newest first in each.

    Raises:
        NotALeadError: they lead none.
    """
    with context.database.reading() as tx:
        return [
            Group(program, cohort)
            for program in all_led(tx, actor)
            for cohort in reversed(programs.cohorts(tx, program.id))
        ]


def review(
    context: Context,
    slack: SlackGateway,
    actor: Actor,
    entered: Entered,
    now: datetime,
    *,
    progress: Progress = iter,
    wait: Wait = time.sleep,
) -> Review:
    """Look everybody up and say what adding them would do; changes nothing.

    Args:
        now: the program's time, aware UTC.

    Raises:
        NotALeadError: the actor does not lead the program.
        NotFoundError: there is no such cohort.
        WrongStateError: the program is over.
        UserError: the suppression list cannot be read, or the app may not look at private channels.
        SlackError: Slack cannot be asked.
    """
    return _look(context, slack, actor, entered, now, progress, wait)[0]


def add(
    context: Context,
    slack: SlackGateway,
    actor: Actor,
    entered: Entered,
    seen: str,
    now: datetime,
    *,
    progress: Progress = iter,
    wait: Wait = time.sleep,
) -> Review:
    """Add everybody who was entered, if they are those that were `seen` and none is in doubt; else a review.

    Whoever runs it again after it was cut off adds the rest. Args and raises as `review`.
    """
    found, people = _look(context, slack, actor, entered, now, progress, wait)
    if found.doubtful or found.seen != seen:
        return found
    enrolment.enrol(context, found.program.id, people, now, dates_confirmed=True, by=actor)
    return replace(found, done=True)


def people_entered(
    context: Context,
    slack: SlackGateway,
    actor: Actor | None,
    entered: Entered,
    *,
    progress: Progress = iter,
    wait: Wait = time.sleep,
) -> tuple[list[Enrolee], list[Problem], Pasted]:
    """Whoever was entered, as Slack knows them, what stands in the way, and the list as it was understood.

    Raises:
        NotALeadError, NotFoundError, SlackError: as `review`.
    """
    program, cohort = led(context, actor, entered)
    with context.database.reading() as tx:
        channels = {each.name: each.channel for each in circles.circles_of_program(tx, program.id)}
    listed = pasted.read(entered.text, channels)
    rows = [replace(row, cohort=row.cohort or cohort.name) for row in listed.rows]
    found, problems = look_up(slack, program.workspace_id, rows, progress=progress, wait=wait)
    known = {each.slack_user for each in found}
    users = [*entered.users, *_of_group(slack, program.workspace_id, entered.group, wait)]
    wanted = [user for user in dict.fromkeys(users) if user not in known and user not in entered.left_out]
    picked = [Row(_PICKED + place, user, cohort.name) for place, user in enumerate(wanted)]
    more, about_them = look_up(slack, program.workspace_id, picked, progress=progress, wait=wait)
    fit, _ = look_up_channels(slack, program.workspace_id, (row.circle for row in rows if row.circle), wait)
    problems += [
        Problem(each.line, each.name, "", Doubt.CIRCLE)
        for each in found
        if each.circle and each.circle not in fit
    ]
    people = in_channels([*found, *more], fit)
    return people, sorted([*listed.problems, *problems, *about_them], key=lambda one: one.line), listed


def led(context: Context, actor: Actor | None, entered: Entered) -> tuple[Program, Cohort]:
    """The program and cohort to which somebody adds people.

    Raises:
        NotALeadError: they do not lead it.
        NotFoundError: it has no such cohort.
    """
    with context.database.reading() as tx:
        program = led_program(tx, actor, entered.program)
        cohort = next((each for each in programs.cohorts(tx, program.id) if each.id == entered.cohort), None)
    if cohort is None:
        raise NotFoundError
    return program, cohort


def _look(
    context: Context,
    slack: SlackGateway,
    actor: Actor,
    entered: Entered,
    now: datetime,
    progress: Progress,
    wait: Wait,
) -> tuple[Review, list[Enrolee]]:
    people, problems, listed = people_entered(context, slack, actor, entered, progress=progress, wait=wait)
    program, cohort = led(context, actor, entered)
    in_doubt = {each.line for each in problems}
    certain = [each for each in people if each.line not in in_doubt]
    report = enrolment.dry_run(context, program.id, certain, now, dates_confirmed=True)
    problems = sorted([*problems, *report.refused], key=lambda one: one.line)
    users = {each.line: each.person for each in problems} | {each.line: each.slack_user for each in people}
    return Review(
        program=program,
        cohort=cohort,
        entered=replace(entered, text=listed.text),
        added=report.added,
        already=report.already,
        doubtful=tuple(_doubtful(problem, listed, users) for problem in problems),
        sure=_without(entered, listed, problems, users),
        columns=tuple(listed.columns),
        unusual=tuple(each for each in report.dates if each.doubtful),
        seen=_fingerprint([*report.added, *report.already]),
    ), certain


def _doubtful(problem: Problem, listed: Pasted, users: dict[int, str]) -> Doubtful:
    if problem.line >= _PICKED:
        return Doubtful(problem.doubt, user=users[problem.line])
    return Doubtful(problem.doubt, line=listed.line(problem.line))


def _without(entered: Entered, listed: Pasted, problems: Iterable[Problem], users: dict[int, str]) -> Entered:
    lines = {problem.line for problem in problems}
    out = [users[line] for line in sorted(lines) if line >= _PICKED]
    return replace(
        entered,
        text=listed.without(lines),
        users=tuple(user for user in entered.users if user not in out),
        left_out=(*entered.left_out, *(user for user in out if user not in entered.users)),
    )


def _of_group(slack: SlackGateway, workspace_id: str, group: str, wait: Wait) -> Sequence[str]:
    if not group:
        return ()
    return with_retries(partial(slack.members_of_group, workspace_id, group), wait)


def _fingerprint(people: Iterable[Enrolee]) -> str:
    each = sorted(f"{one.slack_user} {one.cohort} {one.circle}" for one in people)
    return sha256("\n".join(each).encode()).hexdigest()[:32]
