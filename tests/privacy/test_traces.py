"""After a window is published neither its key nor a ballot is left in any file of the databases."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from allybot.domain.plans import Outcome, PlanKind
from allybot.services.context import Context
from allybot.services.outcomes import summaries, windows
from allybot.services.outcomes.casting import cast
from allybot.services.programs import programs
from allybot.store.outcomes import ballots
from allybot.store.programs import programs as stored
from allybot.store.vault.vault import window_key
from tests.support import builders

NOW = datetime(2026, 1, 6, 9, 0, tzinfo=UTC)


def bytes_on_disk(context: Context) -> bytes:
    """Every byte of both SQLite databases with their logs."""
    found = b""
    for database in (context.database, context.vault):
        path = Path(str(database.engine.url.database))
        found += b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
    return found


@pytest.fixture
def answered(context: Context) -> Context:
    """A program whose first window holds twelve answers."""
    with context.database.transaction() as tx:
        builders.workspace(tx)
    program = programs.create(context, "T1", "Allies", "Kim", [("spring", date(2026, 1, 2))], now=NOW)
    with context.database.transaction() as tx:
        cohort = stored.cohorts(tx, program.id)[0].id
        window_id = windows.window_for_step(context, tx, program.id, 3)
        for place in range(12):
            columns = {"program_id": program.id, "cohort_id": cohort}
            builders.trainees(tx, {f"trainee-{place}": f"U{place}"}, **columns)
            assert cast(context, tx, window_id, f"trainee-{place}", 3, Outcome.ACTED, PlanKind.FEAR)
    return context


def test_neither_key_nor_ballot_stays_on_disk(answered: Context) -> None:
    with answered.vault.reading() as vault_tx:
        keys = {row.box_id: row.private_wrapped for row in vault_tx.execute(select(window_key))}
    with answered.database.reading() as tx:
        first, second = ballots.windows_of(tx, tx.execute(text("SELECT id FROM program")).scalar_one())
        sealed = [envelope for one in ballots.ballots_of(tx, first.id).values() for envelope in one]
    secrets = [keys[first.id], *sealed]
    if answered.database.is_sqlite:
        assert all(secret in bytes_on_disk(answered) for secret in secrets)
    assert summaries.close_due(answered, NOW + timedelta(days=60)) == 1
    if answered.database.is_sqlite:
        left = bytes_on_disk(answered)
        assert not any(secret in left for secret in secrets)
        assert keys[second.id] in left
    with answered.vault.reading() as vault_tx:
        assert [row.box_id for row in vault_tx.execute(select(window_key))] == [second.id]


def test_no_word_of_an_answer_is_in_the_database_while_a_window_is_open(answered: Context) -> None:
    if answered.database.is_sqlite:
        left = bytes_on_disk(answered)
        assert not any(outcome.value.encode() in left for outcome in Outcome)
    with answered.database.reading() as tx:
        rows = tx.execute(text("SELECT * FROM ballot")).all()
    assert not any(outcome.value in str(row) for row in rows for outcome in Outcome)
