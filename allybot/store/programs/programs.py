"""Programs, their cohorts and leads."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Select, bindparam, delete, insert, select, update

from allybot.domain.calendar import Away
from allybot.domain.closures import closures_as_text, closures_from
from allybot.domain.people import Actor, Cohort, Program
from allybot.store.engine.database import Transaction
from allybot.store.engine.zones import zone_named
from allybot.store.tables import cohort, lead, program, program_count

# Built once, see `store.trainees`.
_BY_ID = select(program).where(program.c.id == bindparam("wanted"))


def _program(row: Row[Any]) -> Program:
    return Program(
        id=row.id,
        workspace_id=row.workspace_id,
        name=row.name,
        support_contact=row.support_contact,
        zone=zone_named(row.zone),
        country=row.country,
        minimum_respondents=row.minimum_respondents,
        epsilon_milli=row.epsilon_milli,
        key_holder=row.key_holder,
        created_at=row.created_at,
        frozen_at=row.frozen_at,
        pool=row.pool,
        emergency_number=row.emergency_number,
        closures=closures_from(row.closures),
        counts_moments=row.counts_moments,
    )


def _cohort(row: Row[Any]) -> Cohort:
    return Cohort(row.id, row.program_id, row.name, row.training_ended_on, row.was_listed)


def new_program(tx: Transaction, made: Program) -> None:
    """Insert a program."""
    add_program(tx, {**vars(made), "zone": made.zone.key, "closures": closures_as_text(made.closures)})


def add_program(tx: Transaction, values: Mapping[str, object]) -> None:
    """Insert a program; `values` has the table's columns. Its people have not been counted yet."""
    tx.execute(insert(program).values(**values))
    tx.execute(insert(program_count).values(program_id=values["id"], next_count_at=values["created_at"]))


def set_closures(tx: Transaction, program_id: str, closures: Sequence[Away]) -> None:
    """Set a program's days off."""
    change_program(tx, program_id, closures=closures_as_text(closures))


def delete_program(tx: Transaction, program_id: str) -> None:
    """Delete a program and all that hangs on it. Its people are erased before; a release keeps it."""
    tx.execute(delete(program).where(program.c.id == program_id))


def change_program(tx: Transaction, program_id: str, **values: object) -> None:
    """Set columns of one program."""
    tx.execute(update(program).where(program.c.id == program_id).values(**values))


def program_by_id(tx: Transaction, program_id: str) -> Program | None:
    """One program, or None."""
    row = tx.execute(_BY_ID, {"wanted": program_id}).first()
    return _program(row) if row else None


def take_program(tx: Transaction, program_id: str) -> Program | None:
    """One program, locked until the transaction ends, so that two changes wait for each other."""
    row = tx.execute(_BY_ID.with_for_update(), {"wanted": program_id}).first()
    return _program(row) if row else None


def programs(tx: Transaction, workspace_id: str | None = None) -> list[Program]:
    """All programs, or those of one workspace, by name."""
    query = select(program).order_by(program.c.workspace_id, program.c.name)
    if workspace_id is not None:
        query = query.where(program.c.workspace_id == workspace_id)
    return [_program(row) for row in tx.execute(query)]


def add_cohort(tx: Transaction, values: Mapping[str, object]) -> None:
    """Insert a cohort; `values` has the table's columns."""
    tx.execute(insert(cohort).values(**values))


def change_cohort(tx: Transaction, cohort_id: str, **values: object) -> None:
    """Set columns of one cohort."""
    tx.execute(update(cohort).where(cohort.c.id == cohort_id).values(**values))


def remove_cohort(tx: Transaction, cohort_id: str) -> None:
    """Delete a cohort."""
    tx.execute(delete(cohort).where(cohort.c.id == cohort_id))


def note_listed(tx: Transaction, cohort_ids: Collection[str]) -> None:
    """Note that a list named these cohorts."""
    listed = cohort.c.id.in_(sorted(cohort_ids)), cohort.c.was_listed.is_(False)
    tx.execute(update(cohort).where(*listed).values(was_listed=True))


def cohorts(tx: Transaction, program_id: str) -> list[Cohort]:
    """The cohorts of a program, earliest training first, then by name."""
    in_order = (cohort.c.training_ended_on, cohort.c.name)
    rows = tx.execute(select(cohort).where(cohort.c.program_id == program_id).order_by(*in_order))
    return [_cohort(row) for row in rows]


def cohort_by_id(tx: Transaction, cohort_id: str) -> Cohort | None:
    """One cohort, or None."""
    row = tx.execute(select(cohort).where(cohort.c.id == cohort_id)).first()
    return _cohort(row) if row else None


def add_lead(tx: Transaction, program_id: str, slack_user: str) -> None:
    """Insert a lead. Idempotent."""
    if slack_user not in leads(tx, program_id):
        tx.execute(insert(lead).values(program_id=program_id, slack_user=slack_user))


def remove_lead(tx: Transaction, program_id: str, slack_user: str) -> None:
    """Delete a lead."""
    tx.execute(lead.delete().where(lead.c.program_id == program_id, lead.c.slack_user == slack_user))


def _led_by(actor: Actor) -> Select[Any]:
    """The programs of the actor's workspace that they lead."""
    led = select(program).join(lead, lead.c.program_id == program.c.id)
    return led.where(program.c.workspace_id == actor.workspace_id, lead.c.slack_user == actor.slack_user)


def leads(tx: Transaction, program_id: str) -> list[str]:
    """Slack users who lead the program, sorted."""
    rows = tx.execute(select(lead.c.slack_user).where(lead.c.program_id == program_id))
    return sorted(row.slack_user for row in rows)


def is_lead(tx: Transaction, program_id: str, actor: Actor) -> bool:
    """Whether somebody leads this program."""
    return tx.execute(_led_by(actor).where(program.c.id == program_id)).first() is not None


def leads_any(tx: Transaction, actor: Actor) -> bool:
    """Whether the actor leads a program in their workspace."""
    return tx.execute(_led_by(actor).limit(1)).first() is not None


def programs_led_by(tx: Transaction, actor: Actor) -> list[Program]:
    """The programs the actor leads in their workspace, by name."""
    return [_program(row) for row in tx.execute(_led_by(actor).order_by(program.c.name))]
