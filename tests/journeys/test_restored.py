"""A program in its middle loses its database and gets a backup back: what was sent since comes once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from allybot.app import assemble_context
from allybot.clock import real_now
from allybot.demo.accounting import count_check_ins, count_scenarios
from allybot.demo.options import CheckInCount, ScenarioCount
from allybot.services.data import backups
from allybot.store.tables import outbox
from tests.journeys.conftest import CIRCLE, Journey
from tests.journeys.people import labels
from tests.journeys.test_check_ins import ballots, said

LoseAndRestore = Callable[[], None]
THIS_MONDAY, NEXT_MONDAY = date(2026, 1, 12), date(2026, 1, 19)


@pytest.fixture
def planned(journey: Journey) -> Journey:
    """Both have said yes and written a plan; nobody has been asked yet."""
    for person in journey.people:
        person.begins()
        person.writes_plan("a colleague is talked over", "ask her to finish")
    return journey


@pytest.fixture
def back(planned: Journey, further_database: Callable[[str, str], str], tmp_path: Path) -> LoseAndRestore:
    """Makes a backup now; loses the database when it is called, and restores that. The vault stays."""
    folder, keys = tmp_path / "backup", tmp_path / "keys.jsonl"
    backups.backup(planned.context, folder, keys, real_now())

    def lose_and_restore() -> None:
        session = planned.session
        kind = "sqlite" if planned.context.database.is_sqlite else "postgresql"
        vault = session._settings.vault_url.get_secret_value()
        planned.disconnect()
        session._options = replace(session._options, database=further_database(kind, "database"), vault=vault)
        session._settings = session._settings_of_bot()
        new = assemble_context(session._settings)
        backups.restore(new, folder, keys, planned.now)
        new.database.close()
        new.vault.close()
        planned.connect()
        planned.run_worker()

    return lose_and_restore


def test_a_check_in_sent_since_is_found_and_its_buttons_work(planned: Journey, back: LoseAndRestore) -> None:
    planned.go_to(1, 15)
    words = [said(person) for person in planned.people]
    back()
    assert [said(person) for person in planned.people] == words
    first, _ = planned.people
    first.presses("I did it")
    first.modal("Your check-in")
    first.closes()
    planned.run_worker()
    assert "Your answer is sealed" in said(first)
    assert len(ballots(planned)) == 1
    planned.go_to(1, 22)
    steps = {person.user: {3, 10} for person in planned.people}
    assert count_check_ins(planned.remote, steps) == CheckInCount(4, 4, duplicated=0, lost=0)


def test_one_that_fell_due_since_and_was_not_sent_comes(planned: Journey, back: LoseAndRestore) -> None:
    planned.session.clock.move_to(planned.now.replace(day=15, hour=10))
    back()
    steps = {person.user: {3} for person in planned.people}
    assert count_check_ins(planned.remote, steps) == CheckInCount(2, 2, duplicated=0, lost=0)


def test_an_answer_given_since_is_asked_for_again_by_the_follow_up_only(
    planned: Journey, back: LoseAndRestore
) -> None:
    planned.go_to(1, 15)
    first, _ = planned.people
    first.presses("I did it")
    first.modal("Your check-in")
    first.closes()
    planned.run_worker()
    back()
    assert ballots(planned) == []
    planned.go_to(1, 19, 16)
    assert count_check_ins(planned.remote, {each.user: {3} for each in planned.people}).duplicated == 0
    first.presses("I did it")
    first.modal("Your check-in")
    assert len(ballots(planned)) == 1


def test_a_story_posted_since_is_asked_about_and_not_posted_again(
    planned: Journey, back: LoseAndRestore
) -> None:
    planned.go_to(1, 12)
    due = {CIRCLE: {THIS_MONDAY}}
    assert count_scenarios(planned.remote, due) == ScenarioCount(1, 1, duplicated=0)
    back()
    assert count_scenarios(planned.remote, due) == ScenarioCount(1, 1, duplicated=0)
    asked = next(
        person
        for person in (*planned.people, planned.lead)
        if "Yes, it is there" in labels(person.messages()[-1])
    )
    asked.presses("Yes, it is there")
    planned.go_to(1, 13)
    assert count_scenarios(planned.remote, due) == ScenarioCount(1, 1, duplicated=0)
    with planned.context.database.reading() as tx:
        states = tx.execute(select(outbox.c.state).where(outbox.c.kind == "scenario")).scalars().all()
    assert states == ["sent"]
    planned.go_to(1, 19)
    due = {CIRCLE: {THIS_MONDAY, NEXT_MONDAY}}
    assert count_scenarios(planned.remote, due) == ScenarioCount(2, 2, duplicated=0)
