"""Writes what a list decides: trainees with their keys and welcomes, and seats in circles."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from allybot.domain.people import Actor, Program
from allybot.domain.trainee import Pace, TraineeState
from allybot.services.circles import membership
from allybot.services.context import Context, new_id
from allybot.services.programs.directory import Enrolee
from allybot.services.programs.eligibility import EnrolmentPlan, Listed, joins_circle
from allybot.services.programs.terms import kept_until
from allybot.services.working_hours import next_working_time
from allybot.store import trainees
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs
from allybot.store.vault import vault as keys
from allybot.store.vault.suppression import Place, suppress

_UNNAMED = "your ally circle"


def add(context: Context, tx: Transaction, program: Program, plan: EnrolmentPlan, now: datetime) -> None:
    """Enrol the new people of a plan; of those on the suppression list only their place is remembered."""
    if not plan.added:
        return
    programs.note_listed(tx, {cohort.id for _, cohort in plan.added})
    added = [each for each in plan.added if each[0].slack_user not in plan.suppressed]
    silent = [each for each in plan.added if each[0].slack_user in plan.suppressed]
    delete_after = kept_until(context, tx, program)
    ids = [new_id() for _ in added]
    # Keys first: a key without a trainee is harmless, a trainee without a key could not store a plan.
    with context.vault.transaction() as vault_tx:
        for trainee_id in ids:
            keys.add_person_key(vault_tx, context.keyring, trainee_id)
        for enrolee, cohort in silent:
            actor = Actor(program.workspace_id, enrolee.slack_user)
            suppress(vault_tx, context.keyring, actor, Place(cohort.id, program.id))
    for enrolee, cohort in silent:
        _open_circle(context, tx, program, enrolee, cohort.id, now)
    for trainee_id, (enrolee, cohort) in zip(ids, added, strict=True):
        zone = known_zone(enrolee.zone, program)
        trainees.add_trainee(
            tx,
            {
                "id": trainee_id,
                "workspace_id": program.workspace_id,
                "slack_user": enrolee.slack_user,
                "program_id": program.id,
                "cohort_id": cohort.id,
                "state": TraineeState.INVITED,
                "zone": zone.key,
                "locale": enrolee.locale,
                "silent_steps": 0,
                "pace": Pace.NORMAL,
                "delete_after": delete_after,
                "may_wait": program.pool is not None,  # the welcome says so
            },
        )
        _join(context, tx, program, enrolee, trainee_id, now)
        outbox.put(
            tx,
            new_id(),
            outbox.OutboxMessage(
                key=f"welcome:{trainee_id}",
                workspace_id=program.workspace_id,
                kind=MessageKind.WELCOME,
                about_id=trainee_id,
                due_at=next_working_time(context, program, zone, now),
                to_user=enrolee.slack_user,
                trainee_id=trainee_id,
            ),
        )


def _join(
    context: Context, tx: Transaction, program: Program, enrolee: Enrolee, trainee_id: str, now: datetime
) -> None:
    if enrolee.circle:
        name = enrolee.circle_name or _UNNAMED
        shared_with = enrolee.circle_shared_with
        membership.join(context, tx, program, enrolee.circle, name, trainee_id, now, shared_with)


def seat_again(context: Context, tx: Transaction, program: Program, listed: Listed, now: datetime) -> None:
    """Let somebody who is enrolled already join the circle on the list, if their state permits it.

    The circle itself goes on as if they had joined, so that it does not tell whether they did.
    """
    if listed.trainee is not None and joins_circle(listed.trainee):
        _join(context, tx, program, listed.enrolee, listed.trainee.id, now)
    else:
        _open_circle(context, tx, program, listed.enrolee, listed.cohort_id, now)


def _open_circle(
    context: Context, tx: Transaction, program: Program, enrolee: Enrolee, cohort_id: str, now: datetime
) -> None:
    """Do to the circle on the list what joining would do, without a member."""
    cohort = programs.cohort_by_id(tx, cohort_id)
    if enrolee.circle and cohort is not None:
        name = enrolee.circle_name or _UNNAMED
        ended_on, shared_with = cohort.training_ended_on, enrolee.circle_shared_with
        membership.open_circle(context, tx, program, enrolee.circle, name, ended_on, now, shared_with)


def known_zone(name: str, program: Program) -> ZoneInfo:
    """The zone that Slack names; the program's when this host does not know it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return program.zone
