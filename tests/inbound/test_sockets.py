"""Two connections: one may go deaf, Slack may ask them to go or restart, and a goodbye loses nothing."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult

from allybot.errors import SlackRefusedError, SlackUnavailableError
from allybot.services.context import Context
from allybot.slack_app.socket_mode import Sockets, Watch
from slack_emulator import Emulator
from slack_emulator.delivery_outcome import Outcome
from slack_emulator.faults import Fault
from tests.inbound import load_data
from tests.inbound.conftest import Bot, soon

QUICK = Watch(every=0.05, silence=1.0, heard_elsewhere=3, ping=0.2, max_retry=0.2)
NOWHERE = "http://127.0.0.1:9/nobody/listens"


class Listener:
    """A Bolt app that counts what reaches its listeners; a press waits until it may end."""

    def __init__(self) -> None:
        self.presses: list[str] = []
        self.events: list[dict[str, Any]] = []
        self.may_end = threading.Event()
        self.may_end.set()
        self.fails = 0
        self.bolt = App(
            authorize=lambda enterprise_id, team_id: AuthorizeResult(
                enterprise_id=enterprise_id, team_id=team_id
            ),
            signing_secret="unused",
        )

        @self.bolt.action("a.button")
        def press(ack: Callable[[], None], body: dict[str, Any]) -> None:
            self.presses.append(body["trigger_id"])
            if self.fails:
                self.fails -= 1
                return  # as if it had died before its acknowledgement
            self.may_end.wait(5)
            ack()

        def first(event: dict[str, Any], next_: Callable[[], None]) -> None:
            self.events.append(event)
            if self.fails:
                self.fails -= 1
                raise TimeoutError
            next_()

        @self.bolt.event("app_home_opened", middleware=[first])
        def opened() -> None:
            """Nothing more."""


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def connect(emulator: Emulator, listener: Listener) -> Iterator[Callable[..., Sockets]]:
    opened: list[Sockets] = []

    def start(watch: Watch = QUICK) -> Sockets:
        sockets = Sockets(listener.bolt, load_data.APP_TOKEN, emulator.api_url, watch)
        opened.append(sockets)
        sockets.connect()
        soon(lambda: emulator.slack.delivery.sockets.count == 2)
        return sockets

    yield start
    for sockets in opened:
        sockets.close()


def on_loop(emulator: Emulator, work: Any) -> Any:
    assert emulator._loop is not None
    return asyncio.run_coroutine_threadsafe(work, emulator._loop).result(10)


def press(emulator: Emulator, trigger: str) -> Outcome:
    payload = load_data.block_action(load_data.user(1), "a.button", "", "D0001", "1.000001", trigger, NOWHERE)
    outcome: Outcome = on_loop(emulator, emulator.slack.delivery.send_interaction(payload))
    return outcome


def presses(emulator: Emulator, count: int) -> list[Outcome]:
    async def all_of_them() -> list[Outcome]:
        send, button = emulator.slack.delivery.send_interaction, load_data.block_action
        payloads = [
            button(load_data.user(1), "a.button", "", "D0001", "1.000001", f"t{number}", NOWHERE)
            for number in range(count)
        ]
        return await asyncio.gather(*(send(payload) for payload in payloads))

    found: list[Outcome] = on_loop(emulator, all_of_them())
    return found


def open_home(emulator: Emulator) -> None:
    async def opened() -> None:
        event = {"type": "app_home_opened", "user": load_data.user(1), "channel": "D0001", "tab": "home"}
        emulator.slack.send_event(emulator.slack.workspaces[load_data.TEAM], event)

    on_loop(emulator, opened())


# ---- copies


def test_copies_of_one_press_are_worked_on_once_and_all_acknowledged(
    emulator: Emulator, listener: Listener, connect: Callable[..., Sockets]
) -> None:
    connect()
    emulator.slack.delivery.copies = 5
    assert press(emulator, "once").acknowledged
    soon(lambda: emulator.slack.delivery.waiting == 0)
    assert listener.presses == ["once"]
    log = emulator.slack.log.read(kind="delivery")
    assert [entry["acknowledged"] for entry in log] == [True] * 5


def test_two_presses_of_one_button_are_two_presses(
    emulator: Emulator, listener: Listener, connect: Callable[..., Sockets]
) -> None:
    connect()
    assert press(emulator, "first").acknowledged
    assert press(emulator, "second").acknowledged
    assert listener.presses == ["first", "second"]


def test_a_retry_of_what_failed_is_worked_on_and_one_of_what_succeeded_is_not(
    emulator: Emulator, listener: Listener, connect: Callable[..., Sockets]
) -> None:
    connect()
    emulator.config.ack_seconds = 0.5
    listener.fails = 2
    open_home(emulator)
    soon(lambda: emulator.slack.delivery.waiting == 0)
    tries = emulator.slack.log.read(kind="delivery")
    assert [(entry["attempt"], entry["acknowledged"]) for entry in tries] == [
        (0, False),
        (1, False),
        (2, True),
    ]
    assert len(listener.events) == 3
    emulator.slack.delivery.copies = 3
    open_home(emulator)
    soon(lambda: emulator.slack.delivery.waiting == 0)
    assert len(listener.events) == 4


# ---- connections


def test_a_connection_that_hears_nothing_while_the_other_does_is_replaced(
    emulator: Emulator, connect: Callable[..., Sockets]
) -> None:
    connect()
    deaf = emulator.slack.delivery.sockets._connections[0]

    async def swallow(_text: str) -> None:
        """Pings and pongs go on, payloads do not."""

    deaf.socket.send_str = swallow  # type: ignore[method-assign]
    emulator.config.ack_seconds = 0.3
    end = time.monotonic() + 20
    while deaf in emulator.slack.delivery.sockets._connections:
        assert time.monotonic() < end, "it was never replaced"
        press(emulator, str(time.monotonic()))
        time.sleep(0.05)
    soon(lambda: emulator.slack.delivery.sockets.count == 2)
    assert all(outcome.acknowledged for outcome in presses(emulator, 10))


def test_a_connection_without_a_sign_of_life_is_replaced(
    emulator: Emulator, connect: Callable[..., Sockets]
) -> None:
    connect(Watch(every=0.05, silence=1.0, heard_elsewhere=10**6, ping=0.6, max_retry=0.2))
    dead = emulator.slack.delivery.sockets._connections[0]
    assert dead.transport is not None
    assert emulator._loop is not None
    emulator._loop.call_soon_threadsafe(dead.transport.pause_reading)  # type: ignore[attr-defined]
    seen = lambda: [one for one in emulator.slack.delivery.sockets._connections if one is not dead]  # noqa: E731
    soon(lambda: len(seen()) == 2, 20)


def test_when_slack_asks_to_go_the_new_connection_is_there_first_and_nothing_is_lost(
    emulator: Emulator, listener: Listener, connect: Callable[..., Sockets]
) -> None:
    connect()
    before = list(emulator.slack.delivery.sockets._connections)
    listener.may_end.clear()
    waiting: list[Outcome] = []
    thread = threading.Thread(target=lambda: waiting.extend(presses(emulator, 4)))
    thread.start()
    soon(lambda: len(listener.presses) == 4)
    on_loop(emulator, emulator.slack.delivery.sockets.disconnect("warning", close_after=0, abrupt=False))
    soon(lambda: emulator.slack.delivery.sockets.count >= 3)
    listener.may_end.set()
    thread.join(10)
    assert [outcome.reason for outcome in waiting] == [""] * 4
    soon(lambda: not set(map(id, before)) & set(map(id, emulator.slack.delivery.sockets._connections)))
    soon(lambda: emulator.slack.delivery.sockets.count == 2)
    assert press(emulator, "afterwards").acknowledged


def test_connections_that_are_cut_come_back(emulator: Emulator, connect: Callable[..., Sockets]) -> None:
    connect()
    on_loop(emulator, emulator.slack.delivery.sockets.disconnect("warning", close_after=0, abrupt=True))
    soon(lambda: emulator.slack.delivery.sockets.count == 2, 20)
    soon(lambda: press(emulator, str(time.monotonic())).acknowledged, 20)


@pytest.mark.parametrize("cut", ["both ends", "no word from slack any more"])
def test_two_deaf_connections_are_noticed_within_twenty_seconds_and_logged(
    emulator: Emulator, connect: Callable[..., Sockets], caplog: pytest.LogCaptureFixture, cut: str
) -> None:
    connect(Watch())
    before = list(emulator.slack.delivery.sockets._connections)
    if cut == "both ends":
        on_loop(emulator, emulator.slack.delivery.sockets.disconnect("warning", close_after=0, abrupt=True))
    for line in before if cut != "both ends" else []:
        assert line.transport is not None
        assert emulator._loop is not None
        emulator._loop.call_soon_threadsafe(line.transport.pause_reading)  # type: ignore[attr-defined]
    with caplog.at_level(logging.WARNING, "allybot"):
        new = lambda: [one for one in emulator.slack.delivery.sockets._connections if one not in before]  # noqa: E731
        soon(lambda: len(new()) == 2, 20)
        soon(lambda: caplog.text.count("a connection was replaced") == 2)
    assert press(emulator, "afterwards").acknowledged or press(emulator, "again").acknowledged


def test_a_slack_that_restarts_is_found_again(emulator: Emulator, connect: Callable[..., Sockets]) -> None:
    sockets = connect()
    port = emulator.port
    emulator.stop()
    soon(lambda: not any(line.is_connected() for line in sockets._connections))
    emulator.start(port)
    soon(lambda: emulator.slack.delivery.sockets.count == 2, 30)
    soon(lambda: press(emulator, str(time.monotonic())).acknowledged, 20)


def test_while_slack_limits_connecting_the_watch_goes_on_and_a_goodbye_does_not_wait(
    emulator: Emulator, connect: Callable[..., Sockets]
) -> None:
    sockets = connect()

    def refused() -> list[dict[str, Any]]:
        tried = emulator.slack.log.read(kind="web_api", method="apps.connections.open")
        return [entry for entry in tried if entry["fault"] == "rate_limited"]

    emulator.slack.faults.add(
        Fault(method="apps.connections.open", mode="rate_limited", times=None, retry_after=600)
    )
    on_loop(emulator, emulator.slack.delivery.sockets.disconnect("warning", close_after=0, abrupt=False))
    soon(lambda: len(refused()) > 1)
    assert press(emulator, "on the old connection").acknowledged
    began = time.monotonic()
    sockets.close()
    assert time.monotonic() - began < 5


def test_a_token_slack_does_not_know_is_said_plainly(emulator: Emulator, listener: Listener) -> None:
    with pytest.raises(SlackRefusedError, match=r"apps\.connections\.open: "):
        Sockets(listener.bolt, "xapp-of-somebody-else", emulator.api_url, QUICK).connect()
    with pytest.raises(SlackUnavailableError):
        Sockets(listener.bolt, load_data.APP_TOKEN, "http://127.0.0.1:9/api/", QUICK).connect()


def test_where_the_second_connection_is_refused_the_first_does_not_stay_open(
    emulator: Emulator, listener: Listener
) -> None:
    first_but_not_second = 10  # with this seed the fault spares one call and strikes the next
    emulator.slack.faults.add(
        Fault(method="apps.connections.open", mode="fatal_error", probability=0.5, seed=first_but_not_second)
    )
    with pytest.raises((SlackRefusedError, SlackUnavailableError)):
        Sockets(listener.bolt, load_data.APP_TOKEN, emulator.api_url, QUICK).connect()
    tried = emulator.slack.log.read(kind="web_api", method="apps.connections.open")
    assert [entry["fault"] for entry in tried] == [None, "fatal_error"]
    soon(lambda: emulator.slack.delivery.sockets.count == 0)


# ---- goodbye


def test_a_goodbye_finishes_what_was_taken_in(
    emulator: Emulator, listener: Listener, connect: Callable[..., Sockets]
) -> None:
    sockets = connect()
    listener.may_end.clear()
    waiting: list[Outcome] = []
    thread = threading.Thread(target=lambda: waiting.extend(presses(emulator, 4)))
    thread.start()
    soon(lambda: len(listener.presses) == 4)
    threading.Timer(0.5, listener.may_end.set).start()
    sockets.close()
    thread.join(10)
    assert [outcome.reason for outcome in waiting] == [""] * 4
    soon(lambda: emulator.slack.delivery.sockets.count == 0)


def test_a_killed_process_leaves_nothing_half_done_and_a_terminated_one_exits_with_zero(
    context: Context, emulator: Emulator, start_bot: Callable[..., Bot]
) -> None:
    load_data.settle(context, 20)
    bot = start_bot("working")
    outcomes: list[Outcome] = []

    async def yeses() -> None:
        send = emulator.slack.delivery.send_interaction
        payloads = [load_data.press(number, 0, f"t{number}", NOWHERE) for number in range(20)]
        outcomes.extend(await asyncio.gather(*(send(payload) for payload in payloads)))

    thread = threading.Thread(target=on_loop, args=(emulator, yeses()))
    thread.start()
    soon(lambda: emulator.slack.log.read(kind="delivery"))
    began = time.monotonic()
    assert bot.stop() == 0, bot.log()
    assert time.monotonic() - began < 10
    thread.join(10)
    assert "Traceback" not in bot.log()
    effects = load_data.effects(context)
    assert (
        effects["consents"] == effects["first plans asked for"] >= sum(one.acknowledged for one in outcomes)
    )
