"""Who of a list can be enrolled in a program, who is already, and why the others cannot."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from allybot.domain.circles import CircleState
from allybot.domain.enrolment import Doubt
from allybot.domain.people import Actor, Cohort, Program
from allybot.domain.trainee import Trainee, may_join_circle
from allybot.services.context import Context, program_of
from allybot.services.programs.directory import Enrolee
from allybot.services.programs.roster import Problem
from allybot.services.programs.suppressed_people import Remembered, remembered
from allybot.store import trainees
from allybot.store.circles import circles
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs


@dataclass(frozen=True)
class Listed:
    """Somebody who is on the program's list already; `trainee` is None once their row is deleted."""

    enrolee: Enrolee
    cohort_id: str
    trainee: Trainee | None = None


@dataclass
class EnrolmentPlan:
    """Who would be added, who is enrolled already and who is refused.

    Attributes:
        suppressed: Slack users among `added` who get neither a row nor a message, since they are on the
            suppression list; the report counts them like the others.
        circles: name of every circle on the list and how many of the list are for it, by channel; who sits
            there is not looked at, so that nobody learns from it who left.
        reopened: channels of closed circles that this list reopens, whoever is on it.
    """

    added: list[tuple[Enrolee, Cohort]] = field(default_factory=list)
    already: list[Listed] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)
    suppressed: set[str] = field(default_factory=set)
    circles: dict[str, tuple[str, int]] = field(default_factory=dict)
    reopened: set[str] = field(default_factory=set)


def plan_enrolment(
    context: Context,
    tx: Transaction,
    program: Program,
    found: Sequence[Enrolee],
    now: datetime,
    before: EnrolmentPlan | None = None,
) -> EnrolmentPlan:
    """Decide about each of `found`; writes nothing.

    Args:
        now: the program's time, aware UTC.
        before: what was decided about earlier batches of the same list; its circles are carried on.

    Raises:
        UserError: as `suppressed_people.remembered`.
    """
    plan = EnrolmentPlan()
    if before is not None:
        plan.circles, plan.reopened = dict(before.circles), set(before.reopened)
    cohorts = programs.cohorts(tx, program.id)
    rows = {each.slack_user: _trainee(tx, program, each) for each in found}
    # After the rows: somebody who is forgotten is on the suppression list before their row is deleted.
    without_row = [user for user, trainee in rows.items() if trainee is None]
    left = remembered(context, tx, program.workspace_id, without_row, now, program.id)
    for enrolee in found:
        trainee, place = rows[enrolee.slack_user], left.get(enrolee.slack_user, Remembered())
        listed = _listed(enrolee, trainee, place)
        cohort = cohort_named(cohorts, enrolee.cohort)
        in_program = program_of(tx, trainee) if trainee is not None else place.program
        if in_program is not None and in_program.id != program.id:
            plan.refused.append(
                _refused(
                    enrolee,
                    f"is in {in_program.name} already; a person is in one program at a time.",
                    Doubt.OTHER_PROGRAM,
                )
            )
        elif listed is None and cohort is None:
            what = f"the unknown cohort {enrolee.cohort}" if enrolee.cohort else "no cohort"
            known = ", ".join(each.name for each in cohorts)
            plan.refused.append(_refused(enrolee, f"has {what}; {program.name} has: {known}.", Doubt.COHORT))
        elif problem := _circle_problem(context, tx, program, enrolee, plan):
            plan.refused.append(_refused(enrolee, *problem))
        elif listed is not None:
            plan.already.append(listed)
        elif cohort is not None:
            plan.added.append((enrolee, cohort))
            if enrolee.slack_user in left:
                plan.suppressed.add(enrolee.slack_user)
    return plan


def _trainee(tx: Transaction, program: Program, enrolee: Enrolee) -> Trainee | None:
    return trainees.trainee_of(tx, Actor(program.workspace_id, enrolee.slack_user))


def _listed(enrolee: Enrolee, trainee: Trainee | None, place: Remembered) -> Listed | None:
    if trainee is not None:
        return Listed(enrolee, trainee.cohort_id, trainee)
    return Listed(enrolee, place.cohort.id) if place.cohort else None


def _circle_problem(
    context: Context,
    tx: Transaction,
    program: Program,
    enrolee: Enrolee,
    plan: EnrolmentPlan,
) -> tuple[str, Doubt] | None:
    """Why the list cannot name this circle for the person; else None, and they are counted in `plan`.

    Only the list decides: whether a seat is free depends on who left or said no, and is nobody's to ask.
    """
    if not enrolee.circle:
        return None
    circle = circles.circle_of_channel(tx, program.workspace_id, enrolee.circle)
    if circle is not None and circle.program_id != program.id:
        return f"has the circle {enrolee.circle}, which belongs to another program.", Doubt.CIRCLE
    most = context.content.rules.circles.max_members
    name, size = plan.circles.get(enrolee.circle, (enrolee.circle_name or enrolee.circle, 0))
    if size >= most:
        reason = f"is one too many on this list for the circle {name}: {most} members is the most, so that "
        return f"{reason}everybody can speak.", Doubt.FULL
    plan.circles[enrolee.circle] = (name, size + 1)
    if circle is not None and circle.state is CircleState.CLOSED:
        plan.reopened.add(enrolee.circle)
    return None


def joins_circle(trainee: Trainee | None) -> bool:
    """Whether somebody on the list joins their circle; who declined, stopped or left does not."""
    return trainee is None or may_join_circle(trainee.state)


def _refused(enrolee: Enrolee, reason: str, doubt: Doubt) -> Problem:
    return Problem(enrolee.line, enrolee.name or enrolee.slack_user, reason, doubt)


def cohort_named(cohorts: Sequence[Cohort], name: str) -> Cohort | None:
    """The cohort of this name; the only one there is when none is named."""
    if not name and len(cohorts) == 1:
        return cohorts[0]
    return next((cohort for cohort in cohorts if _plain(cohort.name) == _plain(name)), None)


def _plain(name: str) -> str:
    """For comparing: without case, and the same for both ways to write a letter with an accent."""
    return unicodedata.normalize("NFC", name).casefold()
