"""Who of a list can be enrolled in a program, who is already, and why the others cannot."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from allybot.domain.circles import CircleState
from allybot.domain.people import Actor, Cohort, Program
from allybot.domain.trainee import Trainee, is_in_slack, may_join_circle
from allybot.services.context import Context, program_of
from allybot.services.programs.directory import Enrolee
from allybot.services.programs.roster import Problem
from allybot.store import trainees
from allybot.store.circles import circles
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs


@dataclass
class EnrolmentPlan:
    """Who would be added, who is enrolled already and who is refused.

    Attributes:
        circles: name and resulting size of every circle on the list, by channel.
        reopened: channels of closed circles that this list reopens.
    """

    added: list[tuple[Enrolee, Cohort]] = field(default_factory=list)
    already: list[tuple[Enrolee, Trainee]] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)
    circles: dict[str, tuple[str, int]] = field(default_factory=dict)
    reopened: set[str] = field(default_factory=set)


def plan_enrolment(
    context: Context,
    tx: Transaction,
    program: Program,
    found: Sequence[Enrolee],
    before: EnrolmentPlan | None = None,
) -> EnrolmentPlan:
    """Decide about each of `found`; writes nothing.

    Args:
        before: what was decided about earlier batches of the same list; its circles are carried on.
    """
    plan = EnrolmentPlan()
    if before is not None:
        plan.circles, plan.reopened = dict(before.circles), set(before.reopened)
    cohorts = programs.cohorts(tx, program.id)
    for enrolee in found:
        trainee = trainees.trainee_of(tx, Actor(program.workspace_id, enrolee.slack_user))
        cohort = cohort_named(cohorts, enrolee.cohort)
        if trainee is not None and trainee.program_id != program.id:
            name = program_of(tx, trainee).name
            plan.refused.append(
                _refused(enrolee, f"is in {name} already; a person is in one program at a time.")
            )
        elif trainee is None and cohort is None:
            what = f"the unknown cohort {enrolee.cohort}" if enrolee.cohort else "no cohort"
            known = ", ".join(each.name for each in cohorts)
            plan.refused.append(_refused(enrolee, f"has {what}; {program.name} has: {known}."))
        elif reason := _circle_problem(context, tx, program, enrolee, trainee, plan):
            plan.refused.append(_refused(enrolee, reason))
        elif trainee is not None:
            plan.already.append((enrolee, trainee))
        elif cohort is not None:
            plan.added.append((enrolee, cohort))
    return plan


def _circle_problem(
    context: Context,
    tx: Transaction,
    program: Program,
    enrolee: Enrolee,
    trainee: Trainee | None,
    plan: EnrolmentPlan,
) -> str:
    """Why the person cannot join the circle on the list; else empty, and they are counted in `plan`."""
    if not enrolee.circle:
        return ""
    circle = circles.circle_of_channel(tx, program.workspace_id, enrolee.circle)
    if circle is not None and circle.program_id != program.id:
        return f"has the circle {enrolee.circle}, which belongs to another program."
    members = circles.members(tx, circle.id) if circle else []
    occupied = len([member for member in members if is_in_slack(member.state)])
    name, size = plan.circles.get(enrolee.circle, (enrolee.circle_name or enrolee.circle, occupied))
    if trainee is None or all(member.trainee_id != trainee.id for member in members):
        size += 1
    most = context.content.rules.circles.max_members
    if size > most:
        return f"finds the circle {name} full: {most} members is the most, so that everybody can speak."
    plan.circles[enrolee.circle] = (name, size)
    if circle is not None and circle.state is CircleState.CLOSED and joins_circle(trainee):
        plan.reopened.add(enrolee.circle)
    return ""


def joins_circle(trainee: Trainee | None) -> bool:
    """Whether somebody on the list joins their circle; who declined, stopped or left does not."""
    return trainee is None or may_join_circle(trainee.state)


def _refused(enrolee: Enrolee, reason: str) -> Problem:
    return Problem(enrolee.line, enrolee.name or enrolee.slack_user, reason)


def cohort_named(cohorts: Sequence[Cohort], name: str) -> Cohort | None:
    """The cohort of this name; the only one there is when none is named."""
    if not name and len(cohorts) == 1:
        return cohorts[0]
    return next((cohort for cohort in cohorts if _plain(cohort.name) == _plain(name)), None)


def _plain(name: str) -> str:
    """For comparing: without case, and the same for both ways to write a letter with an accent."""
    return unicodedata.normalize("NFC", name).casefold()
