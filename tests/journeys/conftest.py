"""A whole allybot in the demo's workspace, driven as people drive Slack, on both databases."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from slack_sdk import WebClient

from allybot.clock import aware
from allybot.demo.cast import LEAD_NAME, LEAD_USER, cast
from allybot.demo.options import DemoOptions
from allybot.demo.session import ZONE, DemoSession
from allybot.demo.workspace import BOT_TOKEN, Remote, circle_channel
from allybot.services.delivery import parked
from tests.journeys.people import Person, until

CIRCLE = circle_channel(0)
CAST = tuple(replace(who, zone=ZONE.key, circle=0) for who in cast(12, 7))
"""All in one circle and one zone, so that one clock fits all."""


class Journey:
    """One session with a small cast; the clock stands still until a test moves it.

    Args:
        elsewhere: the address of another emulator, which is used instead of starting one.
    """

    def __init__(self, database: str, vault: str, people: int, elsewhere: str | None) -> None:
        options = DemoOptions(people=people, seed=7, database=database, vault=vault)
        self.session = DemoSession(options, CAST[:people], flows=False)
        self.session.open(0, elsewhere)
        self.remote: Remote = self.session.remote
        self.people = [Person(self.remote, who.user, who.name) for who in self.session.people]
        self.lead = Person(self.remote, LEAD_USER, LEAD_NAME)
        self.leyla = Person(self.remote, "U0LEYLA", "Leyla Demir")
        self.speak()

    @property
    def context(self) -> Any:
        """The bot's house, where a test has to look into tables."""
        return self.session.allybot.context

    @property
    def now(self) -> datetime:
        """What the program's clock shows."""
        return self.session.clock()

    def speak(self) -> None:
        """Let the worker say what is due."""
        assert self.session.allybot.worker.run_once(20)
        assert parked.parked_rows(self.context) == []

    def go_to(self, month: int, day: int, hour: int = 11, minute: int = 0, year: int = 2026) -> None:
        """Jump to a moment in the program's zone and say what is due then."""
        self.session.clock.move_to(
            aware(datetime.combine(datetime(year, month, day, tzinfo=ZONE), time(hour, minute), ZONE))
        )
        self.speak()

    def pass_days(self, days: int) -> None:
        """Jump by whole days."""
        self.session.clock.move_to(self.now + timedelta(days=days))
        self.speak()

    def answer_to(self, person: Person, text: str) -> dict[str, Any]:
        """What the bot says to a message typed to it."""
        before = len(person.messages())
        person.types(text)

        def look() -> list[dict[str, Any]]:
            self.speak()
            return person.messages()[before + 1 :]

        return until(look, f"an answer to “{text}”")[0]

    def calls(self, method: str) -> list[dict[str, Any]]:
        """Every call of a Web API method that the emulator has taken, oldest first."""
        found: list[dict[str, Any]] = self.remote.get(f"log?kind=web_api&method={method}")["log"]
        return found

    def as_bot(self, method: str, **arguments: Any) -> dict[str, Any]:
        """Call Slack with the bot's token: how an older version of the bot may have left things."""
        client = WebClient(BOT_TOKEN, base_url=self.session.allybot.settings.slack_api_url)
        return dict(client.api_call(method, json=arguments).data)

    def settle(self) -> None:
        """Let what was delivered in copies be handled."""
        until(lambda: not self.remote.get("state")["waiting_deliveries"], "deliveries to settle")
        listeners = self.session.allybot.bolt.listener_runner.listener_executor
        until(lambda: not listeners._work_queue.qsize(), "listeners to begin")
        self.session.restart_bot()  # ends when every listener has ended

    def close(self) -> None:
        """End it."""
        self.session.close()


StartJourney = Callable[[int], Journey]


@pytest.fixture
def start_journey(database_url: str, vault_url: str) -> Iterator[StartJourney]:
    """Starts the bot over Socket Mode with so many people, who have been welcomed."""
    running: list[Journey] = []

    def start(people: int) -> Journey:
        running.append(Journey(database_url, vault_url, people, os.environ.get("ALLYBOT_TEST_SLACK_URL")))
        return running[-1]

    yield start
    for each in running:
        each.close()


@pytest.fixture
def journey(start_journey: StartJourney) -> Journey:
    """The bot with two people, who have been welcomed; it is Monday morning."""
    return start_journey(2)


@pytest.fixture
def jonas(journey: Journey) -> Person:
    """The first of them."""
    return journey.people[0]
