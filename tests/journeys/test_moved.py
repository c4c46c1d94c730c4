"""A program in its middle is moved from one kind of database to the other."""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import select

from allybot.app import databases, move_databases
from allybot.demo.accounting import count_check_ins
from allybot.demo.options import CheckInCount
from allybot.services.data import database_move, moved_databases
from allybot.store.tables import release
from tests.journeys.conftest import Journey, StartJourney
from tests.journeys.test_check_ins import ballots, said
from tests.journeys.test_results import asked_on_15_january, told
from tests.services.data.test_database_move import opened_again


def moves(journey: Journey, database: str, vault: str) -> database_move.Moved:
    """The operator stops the bot, moves its databases and starts it again."""
    session = journey.session
    old = session._settings
    journey.disconnect()
    done = move_databases(old, database, vault, stopped=False)
    session._options = replace(session._options, database=database, vault=vault)
    session._settings = session._settings_of_bot()
    journey.connect()
    left, left_vault = databases(old)
    assert "was moved to" in moved_databases.what_was_moved(left, left_vault)
    opened_again(left, left_vault)
    left.close()
    left_vault.close()
    return done


def test_check_ins_come_once_and_sealed_answers_are_counted(
    start_journey: StartJourney, further_database: Callable[[str, str], str]
) -> None:
    journey = asked_on_15_january(start_journey, 12, answering=10)
    kind = "postgresql" if journey.context.database.is_sqlite else "sqlite"
    sealed, words = ballots(journey), [said(person) for person in journey.people]
    assert len(sealed) == 10

    moves(journey, further_database(kind, "database"), further_database(kind, "vault"))

    assert ballots(journey) == sealed
    journey.run_worker()
    assert [said(person) for person in journey.people] == words
    journey.go_to(1, 22)
    steps = {person.user: {3, 10} for person in journey.people}
    assert count_check_ins(journey.remote, steps) == CheckInCount(24, 24, duplicated=0, lost=0)
    journey.go_to(3, 6)
    journey.go_to(3, 9)
    heard = [person for person in journey.people if told(person)]
    assert len(heard) >= 11, "whoever is asked to facilitate hears it on another day"
    assert {len(told(person)) for person in heard} == {1}
    with journey.context.database.reading() as tx:
        rows = tx.execute(select(release.c.respondents, release.c.invited)).all()
    assert {tuple(row) for row in rows} == {(10, 12)}
