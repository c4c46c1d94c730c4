"""Three shapes of Slack: one workspace, an organisation, and a circle shared with another organisation.

In a shared channel every second person is of another organisation. Slack gives them no commands and shows
them no Home tab, so they do by messages and buttons what a journey does by those (`elsewhere.py`), and no
journey has to say who is of where.
"""

import threading
from collections import Counter
from contextlib import ExitStack
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from allybot.clock import real_now
from allybot.demo.workspace import workspace_config
from allybot.slack_app.http import application
from slack_emulator import Emulator, EmulatorConfig, OrgWorkspace
from tests.journeys.conftest import CAST, CIRCLE, Journey
from tests.journeys.elsewhere import Counting, PersonElsewhere

WORKSPACE, ORGANISATION, SHARED = "one workspace", "an organisation", "a shared channel"
ORG, EAST, WEST, EMPTY = "E0NORTHWIND", "T0EAST", "T0WEST", "T0EMPTY"
PARTNER = "T0PARTNER"


def config_of(shape: str, people: int) -> EmulatorConfig:
    """The demo's workspace in this shape; every second person is of the other workspace or organisation."""
    config = workspace_config(CAST[:people], real_now, strip=False)
    team = config.teams[0]
    others = [person for person in team.people if person.id in {who.user for who in CAST[1:people:2]}]
    if shape == ORGANISATION:
        team.id = ORG
        team.workspaces = [
            OrgWorkspace(id=EAST, name="East", domain="east"),
            OrgWorkspace(id=WEST, name="West", domain="west"),
            OrgWorkspace(id=EMPTY, name="Empty", domain="empty", added=False),
        ]
        for person in others:
            person.teams = [WEST]
    if shape == SHARED:
        for person in others:
            person.external_team = PARTNER
        circle = next(each for each in team.channels if each.id == CIRCLE)
        circle.connected_teams = [PARTNER]
    return config


class ShapedJourney(Journey):
    """A journey in one of the shapes, by Socket Mode or by signed HTTP."""

    def __init__(self, database: str, vault: str, people: int, shape: str, transport: str) -> None:
        self._ending = ExitStack()
        emulator = Emulator(config_of(shape, people))
        emulator.start()
        self._ending.callback(emulator.stop)
        super().__init__(database, vault, people, emulator.url)
        self.emulator = emulator
        self.acts: Counter[tuple[str, str]] = Counter()
        """How often who acted where, by Slack's ids of the person and of the channel; "" is a modal."""
        if shape == SHARED:
            self.people = [
                PersonElsewhere(each, self.run_worker) if number % 2 else each
                for number, each in enumerate(self.people)
            ]
        for person in self.people:
            person.remote = Counting(emulator.url, self.acts)
        self.ours, self.others = self.people[::2], self.people[1::2]
        self._http: ExitStack | None = None
        if transport == "HTTP":
            self._serve_http()

    def _serve_http(self) -> None:
        secret = self.emulator.config.app.signing_secret
        served = application(self.session.allybot.bolt, lambda: True, secret)
        server = make_server("127.0.0.1", 0, served, handler_class=_Silent)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        self._http = ExitStack()
        self._http.callback(server.server_close)
        self._http.callback(server.shutdown)
        url = f"http://127.0.0.1:{server.server_port}/slack/events"
        assert self.remote.post("request-url", url=url)["ok"]

    @property
    def workspace(self) -> str:
        """The Slack id of what the bot is installed in: a workspace, or an organisation."""
        return self.emulator.config.teams[0].id

    @property
    def acts_elsewhere(self) -> int:
        """How often people of another organisation did something; 0 in other shapes."""
        others = {each.user for each in self.people if isinstance(each, PersonElsewhere)}
        return sum(times for (user, _), times in self.acts.items() if user in others)

    def disconnect(self) -> None:
        """End the bot's process, as it were; what people do meanwhile reaches nobody."""
        if self._http is not None:
            self._http.close()
        super().disconnect()

    def connect(self) -> None:
        """Start the bot again on the same databases."""
        if self._http is None:
            super().connect()
            return
        assert self.remote.post("request-url", url=None)["ok"]  # the session connects by Socket Mode
        super().connect()
        self._serve_http()

    def close(self) -> None:
        """End it."""
        super().close()
        if self._http is not None:
            self._http.close()
        self._ending.close()
        acted = {user for user, channel in self.acts if channel == CIRCLE}
        others = {each.user for each in self.people if isinstance(each, PersonElsewhere)}
        if others and len(acted) > 1:
            assert acted & others, "several people acted in the circle, and none of another organisation"


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing."""
