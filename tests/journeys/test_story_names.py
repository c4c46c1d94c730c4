"""Somebody of the circle has the name of a person in the story: the circle is told it with other names."""

import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import inspect, text

from allybot.clock import real_now
from allybot.demo.workspace import workspace_config
from slack_emulator import Emulator
from tests.journeys.conftest import CAST, CIRCLE, Journey
from tests.journeys.people import words


@pytest.fixture
def journey(database_url: str, vault_url: str) -> Iterator[Journey]:
    """Four people, one of whom Slack knows as Jarek Nowaczyk."""
    named = (CAST[0], replace(CAST[1], name="Jarek Nowaczyk"), *CAST[2:4])
    emulator = Emulator(workspace_config(named, real_now, strip=False))
    emulator.start()
    journey = Journey(database_url, vault_url, 4, emulator.url)
    yield journey
    journey.close()
    emulator.stop()


def everything_stored(journey: Journey) -> str:
    found = []
    for database in (journey.context.database, journey.context.vault):
        with database.engine.connect() as connection:
            for table in inspect(database.engine).get_table_names():
                found += [str(row) for row in connection.execute(text(f'SELECT * FROM "{table}"'))]  # noqa: S608
    return "\n".join(found)


def test_a_story_never_has_the_name_of_somebody_in_the_circle_and_their_name_is_kept_nowhere(
    journey: Journey, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="allybot")
    for person in journey.people:
        person.begins()
    journey.go_to(1, 19, 12)
    who = journey.people[2]
    post = who.reads("What would you do first?", CIRCLE)
    who.presses("I will facilitate this week", channel=CIRCLE)
    assert who.reads("this week is yours", CIRCLE)
    journey.run_worker()
    kit = who.reads("Your kit for the circle")
    who.presses("Read the story, and what helps", kit)
    story = who.modal("allybot")
    who.closes()
    for person in journey.people:
        person.presses("Vote A", post, CIRCLE)
        assert person.reads("Your vote is sealed", CIRCLE)
    journey.go_to(1, 22, 13)
    result = who.reads("What research says", CIRCLE)
    told = [words(each) for each in (post, kit, story, result, *who.thread(post, CIRCLE))]
    assert not [each for each in told if "Jarek" in each or "Defne" in each]
    for each in (words(post), words(story), words(result)):
        assert "Zeynep" in each
    assert "Pavel" in words(post)
    for real in ("Jarek", "Nowaczyk"):
        assert real not in everything_stored(journey)
        assert real not in caplog.text
