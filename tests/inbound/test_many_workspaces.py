"""Two workspaces and an organisation of two, side by side: installed, refreshed, removed, back."""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http import HTTPStatus
from urllib.request import Request, urlopen

import pytest

from allybot.app import Allybot, assemble
from allybot.clock import real_now
from allybot.errors import SlackRefusedError
from allybot.services.context import Context
from allybot.services.programs import workspaces
from slack_emulator import App, Emulator, EmulatorConfig, OrgWorkspace
from tests.inbound.conftest import soon
from tests.inbound.test_installation import (
    CLIENT_ID,
    CLIENT_SECRET,
    MANIFEST,
    WebServer,
    look,
    sent_back,
    serve,
    settings,
    team,
)

__all__ = ["serve"]

EVERYWHERE = {"T1": "U1", "T2": "U2", "E3": "U3"}
"""Who is installed, and somebody there."""


@pytest.fixture
def slack() -> Iterator[Emulator]:
    """Slack with two workspaces, and an organisation with two; tokens expire after twelve hours."""
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    manifest["settings"]["token_rotation_enabled"] = True
    parts = [OrgWorkspace(id=f"T3{part}", name=f"Part {part}", domain=f"part{part}") for part in (1, 2)]
    organisation = team(3).model_copy(update={"id": "E3", "workspaces": parts})
    app = App(client_id=CLIENT_ID, client_secret=CLIENT_SECRET, manifest=manifest)
    emulator = Emulator(EmulatorConfig(teams=[team(1), team(2), organisation], app=app))
    emulator.start()
    yield emulator
    emulator.stop()


@pytest.fixture
def workers(slack: Emulator, database_url: str, vault_url: str) -> Iterator[list[Allybot]]:
    """Two processes, eleven hours later."""
    later = lambda: real_now() + timedelta(hours=11)  # noqa: E731
    begun = [assemble(settings(slack, (database_url, vault_url)), host=later) for _ in range(2)]
    yield begun
    for bot in begun:
        bot.close()


def says(web: WebServer, kind: str, **about: object) -> None:
    """Slack tells of something that happened, signed."""
    names = {"team_id": None, "enterprise_id": None, **about}
    event = {
        "type": "event_callback",
        "event_id": f"Ev{time.monotonic_ns()}",
        "event": {"type": kind},
    } | names
    body, now = json.dumps(event).encode(), str(int(time.time()))
    signature = hmac.new(b"the signing secret", b"v0:" + now.encode() + b":" + body, hashlib.sha256)
    headers = {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": now,
        "X-Slack-Signature": f"v0={signature.hexdigest()}",
    }
    with urlopen(Request(f"{web.url}/slack/events", body, headers), timeout=10) as answer:  # noqa: S310 - loopback
        assert answer.status == HTTPStatus.OK


def states(context: Context) -> dict[str, str]:
    return {each.id: each.state for each in workspaces.known(context)}


def looked_up(slack: Emulator) -> int:
    """How often somebody asked whether a token still works."""
    return len(slack.slack.log.read(kind="web_api", method="auth.test"))


def all_need_their_tokens_at_once(workers: list[Allybot]) -> None:
    wanted = [(bot, place, who) for bot in workers for place, who in EVERYWHERE.items()]
    start = threading.Barrier(len(wanted))

    def call(each: tuple[Allybot, str, str]) -> str:
        bot, place, who = each
        start.wait(10)
        return bot.slack.open_dm(place, who)

    with ThreadPoolExecutor(len(wanted)) as all_at_once:
        assert all(all_at_once.map(call, wanted))


def refreshed(slack: Emulator) -> int:
    asked = slack.slack.log.read(kind="web_api", method="oauth.v2.access")
    return sum(entry["args"].get("grant_type") == "refresh_token" and entry["ok"] for entry in asked)


def test_a_late_event_about_one_installation_stops_no_other(
    slack: Emulator, serve: Callable[..., WebServer], workers: list[Allybot], context: Context
) -> None:
    web = serve()
    for place in EVERYWHERE:
        assert look(sent_back(web, team=place))[0] == HTTPStatus.OK
    all_need_their_tokens_at_once(workers)
    assert refreshed(slack) == len(EVERYWHERE), "two workers, and each token was refreshed once"

    def remove(place: str) -> None:
        slack.slack.workspaces[place].revoked_tokens.add(workspaces.token_of(context, place))
        slack.slack.workspaces[place].installed = False

    remove("T1")
    says(web, "tokens_revoked", team_id="T1", event={"type": "tokens_revoked", "tokens": {"bot": ["UBOT1"]}})
    says(web, "app_uninstalled", team_id="T1")
    soon(lambda: states(context) == {"T1": "stopped", "T2": "active", "E3": "active"})
    with pytest.raises(SlackRefusedError):
        workers[0].slack.open_dm("T1", "U1")
    for place in ("T2", "E3"):
        assert workers[1].slack.open_dm(place, EVERYWHERE[place])
    assert look(sent_back(web, team="T1"))[0] == HTTPStatus.OK
    says(web, "app_uninstalled", team_id="T1")  # of the first installation, told late
    says(
        web,
        "team_access_revoked",
        enterprise_id="E3",
        event={"type": "team_access_revoked", "team_ids": ["T32"]},
    )
    remove("E3")
    says(web, "app_uninstalled", enterprise_id="E3")
    soon(lambda: states(context) == {"T1": "active", "T2": "active", "E3": "stopped"})
    assert workers[0].slack.open_dm("T1", "U1")
    assert look(sent_back(web, team="E3"))[0] == HTTPStatus.OK
    before = looked_up(slack)
    says(
        web,
        "tokens_revoked",
        enterprise_id="E3",
        event={"type": "tokens_revoked", "tokens": {"bot": ["UBOT3"]}},
    )
    soon(lambda: looked_up(slack) > before)
    assert workers[1].slack.open_dm("E3", "U3")
    assert states(context) == dict.fromkeys(EVERYWHERE, "active")
