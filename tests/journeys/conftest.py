"""The bot in the demo's workspace, driven through Slack's protocol, on both databases."""

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
"""All in one circle and one zone."""
ELSEWHERE = "acts of people of another organisation"
_SHARED = os.environ.get("ALLYBOT_TEST_SHAPE") == "a shared channel"


class Journey:
    """One session with a small cast; the clock stands still until a test moves it.

    Args:
        emulator_url: the address of another emulator, which is used instead of starting one.
    """

    def __init__(self, database: str, vault: str, people: int, emulator_url: str | None) -> None:
        options = DemoOptions(people=people, seed=7, database=database, vault=vault)
        self.session = DemoSession(options, CAST[:people], ticking=False)
        self.session.open(0, emulator_url)
        self.remote: Remote = self.session.remote
        self.people = [Person(self.remote, who.user, who.name) for who in self.session.people]
        self.lead = Person(self.remote, LEAD_USER, LEAD_NAME)
        self.leyla = Person(self.remote, "U0LEYLA", "Leyla Demir")
        self.run_worker()

    @property
    def context(self) -> Any:
        """The bot's context, for tests that read tables."""
        return self.session.allybot.context

    @property
    def now(self) -> datetime:
        """What the program's clock shows."""
        return self.session.clock()

    def run_worker(self) -> None:
        """Send what is due."""
        assert self.session.allybot.worker.run_once(20)
        assert parked.parked_rows(self.context) == []

    def go_to(self, month: int, day: int, hour: int = 11, minute: int = 0, year: int = 2026) -> None:
        """Move the clock to a local time in the program's zone and send what is due."""
        self.session.clock.move_to(
            aware(datetime.combine(datetime(year, month, day, tzinfo=ZONE), time(hour, minute), ZONE))
        )
        self.run_worker()

    def pass_days(self, days: int) -> None:
        """Move the clock by whole days and send what is due."""
        self.session.clock.move_to(self.now + timedelta(days=days))
        self.run_worker()

    def pass_hours(self, hours: int) -> None:
        """Move the clock by whole hours and send what is due."""
        self.session.clock.move_to(self.now + timedelta(hours=hours))
        self.run_worker()

    def answer_to(self, person: Person, text: str) -> dict[str, Any]:
        """What the bot says to a message typed to it."""
        before = len(person.messages())
        person.types(text)

        def look() -> list[dict[str, Any]]:
            self.run_worker()
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
        """Wait until all deliveries, copies included, are handled."""
        until(lambda: not self.remote.get("state")["waiting_deliveries"], "deliveries to settle")
        listeners = self.session.allybot.bolt.listener_runner.listener_executor
        until(lambda: not listeners._work_queue.qsize(), "listeners to begin")
        self.restart()  # ends when every listener has ended

    @property
    def workspace(self) -> str:
        """The Slack id of what the bot is installed in: a workspace, or an organisation."""
        return str(self.session.emulator.config.teams[0].id)

    @property
    def acts_elsewhere(self) -> int:
        """How often people of another organisation did something."""
        return 0

    def disconnect(self) -> None:
        """End the bot's process, as it were; what people do meanwhile reaches nobody."""
        self.session._disconnect_bot()

    def connect(self) -> None:
        """Start the bot again on the same databases."""
        self.session._connect_bot()

    def restart(self) -> None:
        """Restart the bot, as after an update."""
        self.disconnect()
        self.connect()

    def close(self) -> None:
        """End it."""
        self.session.close()


StartJourney = Callable[[int], Journey]


def _begin(database: str, vault: str, people: int) -> Journey:
    shape, transport = os.environ.get("ALLYBOT_TEST_SHAPE"), os.environ.get("ALLYBOT_TEST_TRANSPORT")
    if not shape and not transport:
        return Journey(database, vault, people, os.environ.get("ALLYBOT_TEST_SLACK_URL"))
    from tests.journeys.shapes import WORKSPACE, ShapedJourney  # noqa: PLC0415 - it is a Journey itself

    return ShapedJourney(database, vault, people, shape or WORKSPACE, transport or "Socket Mode")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail where a channel was shared in several journeys and nobody of another organisation did anything."""
    found = _acts_elsewhere(session.config)
    if _SHARED and len(found) > 1 and not sum(found):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how often people of another organisation acted."""
    found = _acts_elsewhere(terminalreporter.config)
    if _SHARED:
        acted = sum(map(bool, found))
        terminalreporter.write_line(f"{ELSEWHERE}: {sum(found)}, in {acted} of {len(found)} journeys")


def _acts_elsewhere(config: pytest.Config) -> list[int]:
    """One number for each journey that has ended, also in other processes."""
    reporter: Any = config.pluginmanager.get_plugin("terminalreporter")
    reports = [each for several in reporter.stats.values() for each in several] if reporter else []
    ended = [each for each in reports if getattr(each, "when", None) == "teardown"]
    return [number for each in ended for name, number in each.user_properties if name == ELSEWHERE]


@pytest.fixture
def start_journey(
    request: pytest.FixtureRequest, database_url: str, vault_url: str
) -> Iterator[StartJourney]:
    """Starts the bot with this many people, whose welcome was sent: by Socket Mode in one workspace.

    `ALLYBOT_TEST_SHAPE` and `ALLYBOT_TEST_TRANSPORT` name another shape of Slack and HTTP, see `shapes.py`.
    """
    other_shape = os.environ.get("ALLYBOT_TEST_SHAPE") not in {None, "", "one workspace"}
    if other_shape and request.node.get_closest_marker("one_workspace"):
        pytest.skip("allybot offers that in one workspace only")
    running: list[Journey] = []

    def start(people: int) -> Journey:
        running.append(_begin(database_url, vault_url, people))
        return running[-1]

    yield start
    for each in running:
        each.close()
        request.node.user_properties.append((ELSEWHERE, each.acts_elsewhere))


@pytest.fixture
def journey(start_journey: StartJourney) -> Journey:
    """The bot with two people, whose welcome was sent; it is Monday morning."""
    return start_journey(2)


@pytest.fixture
def jonas(journey: Journey) -> Person:
    """The first of them."""
    return journey.people[0]
