"""Builds the rows that most tests start from: a workspace, a program with one cohort, and trainees."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from allybot.domain.people import Program
from allybot.services.context import Context
from allybot.services.outcomes import windows
from allybot.store import trainees as people
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs, workspaces

WORKSPACE, PROGRAM, COHORT = "T1", "program", "cohort"
TRAINED = date(2026, 1, 2)
CREATED_AT = datetime(2026, 1, 1, tzinfo=UTC)


def workspace(tx: Transaction, workspace_id: str = WORKSPACE, **columns: object) -> None:
    """A connected workspace; without a token unless `token_wrapped` is given."""
    workspaces.save_workspace(
        tx, workspace_id, **{"name": "Northwind", "bot_user": "B1", "state": "active", **columns}
    )


def program(
    tx: Transaction,
    context: Context | None = None,
    *,
    cohort: str = COHORT,
    trained: date = TRAINED,
    leads: Sequence[str] = (),
    **columns: object,
) -> Program:
    """A program with one cohort.

    Args:
        context: creates its windows, with keys; None leaves them out.
        columns: of the program, instead of the defaults.
    """
    values: dict[str, Any] = {
        "id": PROGRAM,
        "workspace_id": WORKSPACE,
        "name": "Allies",
        "support_contact": "Kim",
        "zone": "UTC",
        "country": "",
        "minimum_respondents": 10,
        "epsilon_milli": 1000,
        "key_holder": "vault",
        "created_at": CREATED_AT,
        **columns,
    }
    programs.add_program(tx, values)
    found = programs.program_by_id(tx, values["id"])
    assert found is not None
    if context is not None:
        windows.create_windows(context, tx, found, found.created_at)
    programs.add_cohort(
        tx, {"id": cohort, "program_id": found.id, "name": cohort, "training_ended_on": trained}
    )
    if context is not None:
        windows.set_closing(context, tx, found.id)
    for lead in leads:
        programs.add_lead(tx, found.id, lead)
    return found


def trainee_row(trainee_id: str, slack_user: str, **columns: object) -> dict[str, Any]:
    """The row of an active trainee, for single or bulk inserts."""
    return {
        "id": trainee_id,
        "workspace_id": WORKSPACE,
        "slack_user": slack_user,
        "program_id": PROGRAM,
        "cohort_id": COHORT,
        "state": "active",
        "zone": "UTC",
        "locale": "en-GB",
        "silent_steps": 0,
        "pace": "normal",
        **columns,
    }


def trainees(tx: Transaction, slack_users: dict[str, str], **columns: object) -> None:
    """Trainees by id with their Slack users; `columns` are the same for all."""
    for trainee_id, slack_user in slack_users.items():
        people.add_trainee(tx, trainee_row(trainee_id, slack_user, **columns))
