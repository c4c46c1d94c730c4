"""The terms promised to a program's trainees, computed from its settings."""

from datetime import UTC, date, datetime, time, timedelta

from allybot.domain.people import Actor, Program
from allybot.prompts.data.privacy import Terms
from allybot.services.context import Context, program_of
from allybot.services.outcomes import pooling
from allybot.services.outcomes.windows import CUSTODIAN
from allybot.store import trainees
from allybot.store.engine.database import Transaction
from allybot.store.outcomes import ballots


def terms_for(context: Context, actor: Actor) -> Terms | None:
    """The terms of the actor's program; None when the actor is no trainee."""
    with context.database.reading() as tx:
        trainee = trainees.trainee_of(tx, actor)
        return terms(context, tx, program_of(tx, trainee), trainee.delete_after) if trainee else None


def terms(context: Context, tx: Transaction, program: Program, delete_after: datetime | None = None) -> Terms:
    """The terms of a program; `delete_after` is one trainee's own date, aware UTC."""
    rules = context.content.rules
    until = delete_after or kept_until(context, tx, program)
    return Terms(
        program=program.name,
        support_contact=program.support_contact,
        minimum_respondents=program.minimum_respondents,
        check_ins=len(rules.ladder.steps_days) + 1,
        days=rules.ladder.replan_day,
        last_day=max(rules.ladder.keep_going_days, default=rules.ladder.replan_day),
        counted_on=tuple(day for _, day in closing(tx, program)),
        deleted_on=until.astimezone(program.zone).date(),
        custodian=program.key_holder == CUSTODIAN,
        pool=program.pool or "",
        pool_minimum=pooling.least(context, tx, program),
        pool_months=rules.publishing.pool_waits_months if program.pool else 0,
        counts_moments=program.counts_moments,
    )


def kept_until(context: Context, tx: Transaction, program: Program) -> datetime:
    """When a program's trainees are deleted (aware UTC, midnight in its zone).

    `retention.trainee_rows_days` after the last window has closed (day 105 as shipped), so that no answer is
    deleted before it is counted.
    """
    last = closing(tx, program)[-1][1]
    day = last + timedelta(days=context.content.rules.retention.trainee_rows_days + 1)
    return datetime.combine(day, time(), program.zone).astimezone(UTC)


def closing(tx: Transaction, program: Program) -> tuple[tuple[str, date], ...]:
    """Name and closing day of each window, in order, in the program's zone."""
    return tuple(
        (window.name, window.closes_at.astimezone(program.zone).date())
        for window in ballots.windows_of(tx, program.id)
        if window.closes_at is not None
    )
