"""The demo's workspace: people, circles' channels, and the bot's own manifest."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from allybot.clock import Clock
from allybot.content import default_directory
from allybot.demo.cast import COLLEAGUES, LEAD_NAME, LEAD_USER, Character
from slack_emulator import App, Channel, EmulatorConfig, Person, Team

# The emulator's defaults, so that a plain `allybot emulator` can be used instead of the demo's.
_STANDARD = EmulatorConfig()
TEAM = _STANDARD.teams[0].id
BOT_TOKEN = _STANDARD.teams[0].bot_token
BOT_USER = _STANDARD.teams[0].bot_user_id
APP_TOKEN = _STANDARD.app.app_token
CALL_SECONDS = 30.0


def circle_channel(number: int) -> str:
    """The Slack channel of a circle."""
    return f"C0CIRCLE{number + 1}"


def circle_name(number: int) -> str:
    """A circle's name."""
    return f"ally-circle-{number + 1}"


def workspace_config(people: Sequence[Character], clock: Clock, *, strip: bool) -> EmulatorConfig:
    """The emulator's configuration for a demo with these people."""
    everyone = [character.user for character in people] + [LEAD_USER] + [user for user, _, _ in COLLEAGUES]
    circles = sorted({character.circle for character in people})
    channels = [Channel(id="C0GENERAL", name="general", is_general=True, members=everyone)]
    channels += [
        Channel(
            id=circle_channel(number),
            name=circle_name(number),
            is_private=True,
            topic="Our ally circle: what is said here stays here",
            members=[BOT_USER, *(each.user for each in people if each.circle == number)],
        )
        for number in circles
    ]
    manifest = json.loads((default_directory() / "slack-manifest.json").read_text(encoding="utf-8"))
    team = Team(
        id=TEAM,
        name="Northwind",
        domain="northwind",
        people=[
            *(_person(each.user, each.name, each.title, each.zone) for each in people),
            _person(LEAD_USER, LEAD_NAME, "Program lead", "Europe/Berlin"),
            *(_person(user, name, title, "Europe/Berlin") for user, name, title in COLLEAGUES),
        ],
        channels=channels,
        bot_token=BOT_TOKEN,
        bot_user_id=BOT_USER,
        bot_id=_STANDARD.teams[0].bot_id,
        bot_name="allybot",
    )
    return EmulatorConfig(
        teams=[team],
        app=App(name="allybot", app_token=APP_TOKEN, manifest=manifest),
        display_clock=clock,
        strip_url="/_demo/strip" if strip else None,
    )


def _person(user: str, name: str, title: str, zone: str) -> Person:
    email = name.casefold().replace(" ", ".") + "@northwind.example"
    return Person(
        id=user, name=name.split(maxsplit=1)[0].casefold(), real_name=name, title=title, tz=zone, email=email
    )


class Remote:
    """Client of the emulator's control routes.

    Args:
        url: where the emulator is, without a path.
    """

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    def get(self, path: str) -> Any:
        """GET a control route."""
        return self._call(Request(f"{self._url}/_control/{path}"))  # noqa: S310 - the emulator on loopback

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        """Post JSON to a control route and return its answer."""
        data = json.dumps(body).encode()
        request = Request(  # noqa: S310 - the emulator on loopback
            f"{self._url}/_control/{path}", data, {"Content-Type": "application/json"}
        )
        return dict(self._call(request))

    def _call(self, request: Request) -> Any:
        try:
            with urlopen(request, timeout=CALL_SECONDS) as answer:  # noqa: S310 - the emulator on loopback
                return json.load(answer)
        except HTTPError as error:
            return json.load(error)


def populate(remote: Remote, team: Team) -> None:
    """Reset another emulator, then add the people and channels it lacks."""
    remote.post("reset")
    state = remote.get("state")
    known = {entry["id"] for entry in (*state["users"], *state["channels"])}
    for person in team.people:
        if person.id not in known:
            remote.post("users", **person.model_dump(), quiet=True)
    for channel in team.channels:
        if channel.id not in known:
            remote.post("channels", **channel.model_dump())


def direct_messages(remote: Remote) -> dict[str, str]:
    """The Slack user of each of the bot's direct messages, by channel."""
    return {
        channel["id"]: channel["user"] for channel in remote.get("state")["channels"] if channel.get("user")
    }


def shown(moment: datetime) -> str:
    """A moment as the strip shows it, such as `Tue 6 Jan 2026, 10:04`."""
    return f"{moment:%a} {moment.day} {moment:%b %Y, %H:%M}"
