"""Fills the databases before a run: workspaces with wrapped tokens, people with plans, circles."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time
from pathlib import Path

from sqlalchemy import select

from allybot.content import load_content
from allybot.crypto import Keyring
from allybot.domain.people import Actor, Program
from allybot.domain.plans import PlanKind
from allybot.services.check_ins import asking
from allybot.services.circles import membership
from allybot.services.context import Context, new_id
from allybot.services.plans import plans
from allybot.services.programs import leading, programs, workspaces
from allybot.store import trainees
from allybot.store.engine.database import Database
from allybot.store.engine.migrate import migrate
from allybot.store.tables import circle_member
from allybot.store.vault import vault
from tests.adversarial.chaos.damage import DAMAGES, Victim
from tests.adversarial.chaos.plan import (
    PROGRAM_ZONE,
    TRAINING_ENDED_ON,
    Scale,
    WorkspacePlan,
    workspace_plans,
    zone_of,
)
from tests.support import builders

START = datetime.combine(TRAINING_ENDED_ON, time(10), UTC)
"""When everybody consented."""


def seed(urls: tuple[str, str], config: Path, secret: str, scale: Scale) -> None:
    """Migrate and fill.

    Args:
        urls: of the database and of the vault.
        config: the content directory of the run.
        secret: ALLYBOT_SECRET_KEY of the run.
    """
    with _context(urls, config, secret) as context:
        migrate(context.database, context.vault)
        for workspace in workspace_plans(scale):
            workspaces.connect(context, workspace.team, workspace.team, workspace.bot_user, workspace.token)
            program, cohort_id = _program(context, workspace, "Allies")
            leading.appoint_lead(context, program.name, workspace.team, workspace.people[0], START)
            for channel, members in workspace.circles:
                _enrol(context, workspace, program, cohort_id, channel, members)
        victims = [
            _victim(context, workspace, user, channel)
            for workspace in workspace_plans(scale)
            for user, channel in workspace.victims
        ]
        for damage, victim in zip(DAMAGES.values(), victims, strict=True):
            damage(context, victim)


@contextmanager
def _context(urls: tuple[str, str], config: Path, secret: str) -> Iterator[Context]:
    context = Context(Database(urls[0]), Database(urls[1]), Keyring(secret), load_content(config))
    try:
        yield context
    finally:
        context.database.close()
        context.vault.close()


def _program(context: Context, workspace: WorkspacePlan, name: str) -> tuple[Program, str]:
    """A new program and the id of its cohort."""
    program = programs.create(
        context,
        workspace.team,
        name,
        "Robin, +41 44 555 01 00",
        [("Winter", TRAINING_ENDED_ON)],
        zone=PROGRAM_ZONE,
        now=START,
    )
    return program, programs.show(context, name, workspace.team).cohorts[0].id


def _victim(context: Context, workspace: WorkspacePlan, user: str, channel: str) -> Victim:
    program, cohort_id = _program(context, workspace, f"Allies {user}")
    (trainee_id,) = _enrol(context, workspace, program, cohort_id, channel, (user,)).values()
    with context.database.reading() as tx:
        circle_id = tx.execute(
            select(circle_member.c.circle_id).where(circle_member.c.trainee_id == trainee_id)
        ).scalar_one()
    return Victim(workspace.team, user, channel, program.id, cohort_id, circle_id, trainee_id)


def _enrol(
    context: Context,
    workspace: WorkspacePlan,
    program: Program,
    cohort_id: str,
    channel: str,
    members: tuple[str, ...],
) -> dict[str, str]:
    """Ids of the new trainees by Slack user."""
    ids = {member: new_id() for member in members}
    with context.vault.transaction() as vault_tx:
        for trainee_id in ids.values():
            vault.add_person_key(vault_tx, context.keyring, trainee_id)
    with context.database.transaction() as tx:
        for member, trainee_id in ids.items():
            builders.trainees(
                tx,
                {trainee_id: member},
                workspace_id=workspace.team,
                program_id=program.id,
                cohort_id=cohort_id,
                zone=zone_of(member),
                consented_at=START,
            )
            trainee = trainees.trainee_by_id(tx, trainee_id)
            assert trainee is not None
            asking.schedule_first(context, tx, trainee, START)
            membership.join(context, tx, program, channel, channel.lower(), trainee_id, START)
    for member in members:
        plans.write(
            context,
            Actor(workspace.team, member),
            f"form-{member}",
            PlanKind.BYSTANDER,
            "someone is interrupted in our Tuesday meeting",
            "I say that I would like to hear the end of it",
            None,
            START,
        )
    return ids
