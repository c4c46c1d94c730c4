"""Whatever fails, whoever pressed gets a kind answer in time, and what was committed stays."""

import asyncio
import logging
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from sqlalchemy import text

from allybot import telemetry
from allybot.app import Allybot, assemble, prepare
from allybot.errors import NotFoundError
from allybot.prompts import ids
from allybot.services.context import Context
from allybot.services.programs import workspaces
from allybot.settings import Settings
from allybot.slack_app import error_handler
from allybot.slack_app.dispatch import Dispatcher
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.socket_mode import Sockets
from slack_emulator import Emulator
from slack_emulator.delivery_outcome import Outcome
from slack_emulator.faults import Fault
from tests.inbound import forged_requests, load_data
from tests.inbound.conftest import slack_headers, soon, status

ME = 3
TAP = load_data.TAPS[0]


class LiveBot:
    """The bot over Socket Mode in this process, its worker at rest, and one person who presses."""

    def __init__(self, allybot: Allybot, emulator: Emulator) -> None:
        self.allybot = allybot
        self.context = allybot.context
        self.emulator = emulator
        self.slack = emulator.slack
        self.home = self.slack.direct_message(
            self.slack.workspaces[load_data.TEAM], load_data.BOT_USER, load_data.user(ME)
        )

    def send(self, payload: dict[str, Any], *, command: bool = False) -> Outcome:
        delivery = self.slack.delivery
        work = delivery.send_command(payload) if command else delivery.send_interaction(payload)
        assert self.emulator._loop is not None
        return asyncio.run_coroutine_threadsafe(work, self.emulator._loop).result(15)

    def permits(self) -> tuple[str, str]:
        secret = self.slack.capabilities.give_url(load_data.TEAM, self.home.id, load_data.user(ME))
        trigger = self.slack.capabilities.give_trigger(load_data.TEAM, load_data.user(ME))
        return trigger, f"{self.slack.base_url}response/{secret}"

    def press(self, action: str, value: str = "", **instead: Any) -> Outcome:
        trigger, url = self.permits()
        place = (load_data.user(ME), action, value, self.home.id, "1767690000.000001")
        return self.send(load_data.block_action(*place, trigger, url) | instead)

    def on_home_tab(self, action: str) -> Outcome:
        view = {
            "id": "V1",
            "type": "home",
            "callback_id": "",
            "private_metadata": "",
            "state": {"values": {}},
        }
        return self.press(action, response_url=None, container={"type": "view"}, view=view)

    def command(self, name: str, words: str = "") -> Outcome:
        trigger, url = self.permits()
        payload = {"command": name, "text": words, "team_id": load_data.TEAM, "user_id": load_data.user(ME)}
        return self.send(payload | {"trigger_id": trigger, "response_url": url}, command=True)

    def submit(self, callback_id: str, metadata: str, values: dict[str, Any], blocks: list[Any]) -> Outcome:
        view = {"id": "V1", "type": "modal", "callback_id": callback_id, "private_metadata": metadata}
        view |= {"state": {"values": values}, "blocks": blocks, "hash": "1.a"}
        who = load_data.block_action(load_data.user(ME), "", "", "", "", self.permits()[0], "")
        return self.send(
            {key: who[key] for key in ("user", "team", "trigger_id")}
            | {"type": "view_submission", "view": view}
        )

    def hears(self, event: dict[str, Any], *, installed: bool) -> None:
        workspace = self.slack.workspaces[load_data.TEAM]

        def send() -> None:
            self.slack.send_event(workspace, event)
            workspace.installed = installed

        assert self.emulator._loop is not None
        self.emulator._loop.call_soon_threadsafe(send)

    def told(self) -> list[str]:
        """What only they were told, in their direct message."""
        return [
            str(one.fields["text"])
            for one in self.home.by_ts.values()
            if one.ephemeral_to == load_data.user(ME)
        ]

    def calls(self, method: str) -> int:
        return len(self.slack.log.read(kind="web_api", method=method))

    def fault(self, mode: Any, **about: Any) -> None:
        self.slack.faults.add(Fault(mode=mode, times=None, **about))


@pytest.fixture
def live(context: Context, emulator: Emulator, database_url: str, vault_url: str) -> Iterator[LiveBot]:
    load_data.settle(context, 20)
    settings = Settings(
        SLACK_BOT_TOKEN=SecretStr(load_data.BOT_TOKEN),
        SLACK_API_URL=emulator.api_url,
        DATABASE_URL=SecretStr(database_url),
        ALLYBOT_VAULT_URL=SecretStr(vault_url),
        ALLYBOT_SECRET_KEY=SecretStr(load_data.SECRET),
    )
    allybot = assemble(settings, clock=lambda: load_data.NOW)
    prepare(allybot)
    sockets = Sockets(allybot.bolt, load_data.APP_TOKEN, emulator.api_url)
    sockets.connect()
    soon(lambda: emulator.slack.delivery.sockets.count == 2)
    found = LiveBot(allybot, emulator)
    assert found.press(ids.CONSENT_START).acknowledged
    yield found
    sockets.close()
    allybot.close()


def asked(step: int) -> str:
    return ids.CheckInValue(check_in=f"asked-{ME}-{step}").pack()


# ---- Slack's troubles


def test_a_tap_counts_and_is_answered_kindly_when_slack_limits_modals(live: LiveBot) -> None:
    live.fault("rate_limited", method="views.open", retry_after=30)
    assert live.press(TAP, asked(3)).acknowledged
    soon(lambda: any("could not open the window" in words for words in live.told()))
    assert load_data.effects(live.context)["ballots"] == 1
    assert live.press(TAP, asked(10)).acknowledged
    soon(lambda: len(live.told()) == 2)
    assert live.calls("views.open") == 1, "Slack had asked to wait"
    assert load_data.effects(live.context)["ballots"] == 2


@pytest.mark.parametrize("mode", ["server_error", "drop_before", "fatal_error"])
def test_a_modal_that_slack_does_not_open_is_said_to_be_lost(live: LiveBot, mode: str) -> None:
    live.fault(mode, method="views.open")
    assert live.press(ids.PLAN_NEW).acknowledged
    assert live.command(ids.COMMAND, "plan").acknowledged
    soon(lambda: len(live.told()) == 2)
    assert all("could not open the window" in words for words in live.told())


def test_a_slack_that_hangs_holds_up_no_acknowledgement(live: LiveBot) -> None:
    live.fault("slow", method="*", seconds=4)
    began = time.monotonic()
    for step in load_data.STEPS:
        assert live.press(TAP, asked(step)).acknowledged
    assert live.command(ids.COMMAND, "plan").acknowledged
    assert live.on_home_tab(ids.HELP_SHOW).acknowledged
    assert time.monotonic() - began < 6, "each would have waited two seconds and more"
    assert load_data.effects(live.context)["ballots"] == len(load_data.STEPS)


def test_a_press_that_opens_nothing_any_more_is_answered(live: LiveBot) -> None:
    assert live.press(ids.PLAN_NEW, trigger_id="1.expired").acknowledged
    soon(lambda: any("could not open the window" in words for words in live.told()))


def test_a_file_that_slack_refuses_for_good_is_said_and_the_method_logged(
    live: LiveBot, caplog: pytest.LogCaptureFixture
) -> None:
    scopes = frozenset({"chat:write", "im:write", "users:read", "im:history"})
    live.slack.manifest = replace(live.slack.manifest, scopes=scopes)
    assert live.command(ids.COMMAND, "my-data").acknowledged
    soon(lambda: any("Slack does not take the file" in words for words in live.told()))
    assert "files.getUploadURLExternal" in caplog.text
    assert live.on_home_tab(ids.MY_DATA_SHOW).acknowledged
    soon(lambda: "Slack does not take the file" in str(list(live.home.by_ts.values())[-1].fields["text"]))


def test_a_file_that_does_not_go_just_now_can_be_asked_for_again(live: LiveBot) -> None:
    live.fault("rate_limited", method="files.getUploadURLExternal")
    assert live.command(ids.COMMAND, "my-data").acknowledged
    soon(lambda: any("did not take the file with your data just now" in words for words in live.told()))


@pytest.mark.parametrize(
    "late", [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": ["U1"]}}]
)
def test_a_late_word_of_an_older_installation_does_not_stop_the_new_one(
    live: LiveBot, late: dict[str, Any]
) -> None:
    before = live.calls("auth.test")
    live.hears(late, installed=True)
    soon(lambda: live.calls("auth.test") > before)
    assert live.press(TAP, asked(3)).acknowledged
    soon(lambda: live.calls("views.open") > 0)
    (known,) = workspaces.known(live.context)
    assert known.state == "active"
    assert workspaces.token_of(live.context, load_data.TEAM) == load_data.BOT_TOKEN
    live.hears(late, installed=False)
    soon(lambda: workspaces.known(live.context)[0].stopped_reason == late["type"])
    with pytest.raises(NotFoundError):
        workspaces.token_of(live.context, load_data.TEAM)


# ---- our own


@pytest.fixture
def without_trainees(live: LiveBot) -> Iterator[Callable[[], None]]:
    """The database has lost a table, and finds it again when told, at the latest in the end."""
    lost = [True]
    with live.context.database.transaction() as tx:
        tx.execute(text("ALTER TABLE trainee RENAME TO lost"))

    def find() -> None:
        if lost:
            with live.context.database.transaction() as tx:
                tx.execute(text("ALTER TABLE lost RENAME TO trainee"))
            lost.clear()

    yield find
    find()


def test_nobody_is_left_without_an_answer_when_the_database_fails(
    live: LiveBot, without_trainees: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    before = telemetry.HANDLER_ERRORS._value.get()
    with caplog.at_level(logging.INFO):
        assert live.press(TAP, asked(3)).acknowledged
        soon(lambda: any("Something went wrong on our side" in words for words in live.told()))
        outcome = live.command(ids.COMMAND, "pause")
        assert "Something went wrong on our side" in outcome.body["text"]
        inputs = [{"type": "input", "block_id": "cue", "element": {}}]
        typed = {"cue": {"cue": {"type": "plain_text_input", "value": "words that must not be lost"}}}
        outcome = live.submit(
            ids.PLAN_FORM, ids.PlanFormValue(form="f", step=ids.PlanStep.WORDS).pack(), typed, inputs
        )
        assert outcome.body["response_action"] == "errors"
        assert "Something went wrong on our side" in outcome.body["errors"]["cue"]
        outcome = live.submit(
            ids.PLAN_FORM, ids.PlanFormValue(form="g", step=ids.PlanStep.KIND).pack(), typed, []
        )
        assert outcome.body["response_action"] == "update"
    assert telemetry.HANDLER_ERRORS._value.get() == before + 4
    assert "words that must not be lost" not in caplog.text
    assert "Traceback" not in caplog.text
    without_trainees()
    assert load_data.effects(live.context)["ballots"] == 0
    assert live.press(TAP, asked(3)).acknowledged
    assert load_data.effects(live.context)["ballots"] == 1


def test_an_event_that_could_not_be_kept_is_not_acknowledged_and_its_retry_counts(
    live: LiveBot, without_trainees: Callable[[], None]
) -> None:
    live.slack.config.retry_delays = (0.0, 60.0, 60.0)
    live.slack.config.ack_seconds = 1.0
    live.slack.config.retry_factor = 0.03
    person = {"id": load_data.user(ME), "tz": "Asia/Tokyo", "deleted": False}
    payload = forged_requests.event({"type": "user_change", "user": person})
    assert live.emulator._loop is not None
    live.emulator._loop.call_soon_threadsafe(live.slack.delivery.send_event, payload)
    soon(lambda: len(live.slack.log.read(kind="delivery", type="user_change")) == 2)
    without_trainees()
    soon(lambda: live.slack.delivery.waiting == 0)
    tries = live.slack.log.read(kind="delivery", type="user_change")
    assert [one["acknowledged"] for one in tries] == [False] * (len(tries) - 1) + [True]
    with live.context.database.reading() as tx:
        zone = tx.execute(text(f"SELECT zone FROM trainee WHERE id = 't{ME}'")).scalar_one()  # noqa: S608 - ours
    assert zone == "Asia/Tokyo"


def open_to_all(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)


def test_an_acknowledgement_survives_what_fails_right_after_it(live: LiveBot) -> None:
    bolt = App(
        authorize=lambda enterprise_id, team_id: AuthorizeResult(
            enterprise_id=enterprise_id, team_id=team_id
        ),
        signing_secret="unused",
    )
    error_handler.register(
        bolt, HandlerContext(live.context, live.allybot.slack, lambda: load_data.NOW, lambda: None)
    )

    @bolt.action("a.button")
    def press(ack: Callable[[], None]) -> None:
        ack()
        raise TimeoutError

    payload = load_data.block_action(
        load_data.user(ME), "a.button", "", "D0003", "1.1", "t", live.permits()[1]
    )
    began = time.monotonic()
    assert Dispatcher(bolt).take(payload).status == 200
    assert time.monotonic() - began < 2
    soon(lambda: any("Something went wrong on our side" in words for words in live.told()))


# ---- from before an update


def test_a_button_from_before_an_update_gets_a_kind_answer_wherever_it_stands(live: LiveBot) -> None:
    assert live.press("a button of last year").acknowledged
    soon(lambda: any("belongs to an earlier message" in words for words in live.told()))
    assert live.press(TAP, '{"v":2,"check_in":"x"}').acknowledged
    soon(lambda: len(live.told()) == 2)
    assert live.on_home_tab("a button of last year").acknowledged
    soon(lambda: live.slack.workspaces[load_data.TEAM].modals.get(load_data.user(ME)))


def test_a_form_and_a_command_from_before_an_update_get_a_kind_answer(live: LiveBot) -> None:
    assert live.submit("a form of last year", "", {}, []).body["response_action"] == "clear"
    assert "another name now" in live.command("/ally", "plan").body["text"]


def test_what_slack_learns_to_send_next_year_is_acknowledged(live: LiveBot) -> None:
    assert live.emulator._loop is not None
    for inner in ({"type": "an event of next year"}, {"type": "message", "channel_type": "im"}, {"type": 5}):
        payload = forged_requests.event(inner)
        live.emulator._loop.call_soon_threadsafe(live.slack.delivery.send_event, payload)
    soon(lambda: len(live.slack.log.read(kind="delivery", delivery="events_api")) >= 3)
    soon(lambda: live.slack.delivery.waiting == 0)
    log = live.slack.log.read(kind="delivery", delivery="events_api")
    assert [one["acknowledged"] for one in log] == [True] * 3
    assert live.press("x", type="a kind of next year").acknowledged


# ---- the real server


def test_the_served_application_takes_slacks_requests_and_no_others(context: Context, web_port: int) -> None:
    for number in range(10):
        body, kind = forged_requests.encoded(
            load_data.press(number, 0, f"t{number}", forged_requests.NOWHERE)
        )
        request = forged_requests.signed(body, kind)
        assert status(web_port, body, "POST", "/slack/events", slack_headers(request)) == 200
        stolen = slack_headers(request) | {"X-Slack-Signature": "v0=" + "0" * 64}
        assert status(web_port, body, "POST", "/slack/events", stolen) == 401
        assert status(web_port, body + b"x", "POST", "/slack/events", slack_headers(request)) == 401
        assert status(web_port, body, "POST", "/slack/events", {}) in {401, 415}
        assert status(web_port, body, "PUT", "/slack/events", slack_headers(request)) == 405
    assert (
        status(web_port, b"x" * 1_000_001, "POST", "/slack/events", {"Content-Type": forged_requests.FORM})
        == 413
    )
    before = load_data.dump(context)
    for half in (
        b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\npayload=",
        b"\x00\xff",
        b"POST",
    ):
        with socket.create_connection(("127.0.0.1", web_port), timeout=10) as connection:
            connection.sendall(half)
            connection.shutdown(socket.SHUT_WR)
            answer = connection.recv(200)
            assert not answer.startswith(b"HTTP/1.1 5"), answer
    assert load_data.dump(context) == before
    assert load_data.effects(context)["consents"] == 10
