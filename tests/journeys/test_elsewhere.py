"""The same journeys against another emulator, and a bot that leaves without dropping anything."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from slack_bolt import Ack, App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from allybot.clock import real_now
from allybot.demo.workspace import APP_TOKEN, BOT_TOKEN, Remote, workspace_config
from allybot.slack_app.socket_mode import Sockets
from slack_emulator import Emulator
from tests.journeys.conftest import CAST, Journey
from tests.journeys.people import words
from tests.journeys.test_check_ins import QUESTION, taps


@pytest.fixture(params=["as it is", "with the bot's manifest"])
def another_emulator(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of `allybot emulator` in a process of its own."""
    command = [sys.executable, "-m", "allybot", "emulator", "--port", "0"]
    if request.param != "as it is":
        config = workspace_config((), real_now, strip=False)
        file = tmp_path / "workspace.json"
        file.write_text(json.dumps(config.model_dump(mode="json", exclude={"display_clock"})))
        command += ["--config", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
        assert process.stdout
        yield process.stdout.readline().split()[-1]
        process.terminate()
        process.communicate(timeout=10)


def test_the_path_runs_against_another_emulator_twice(another_emulator: str, tmp_path: Path) -> None:
    for number in range(2):
        folder = tmp_path / str(number)
        folder.mkdir()
        journey = Journey(
            f"sqlite:///{folder / 'allybot.db'}", f"sqlite:///{folder / 'vault.db'}", 1, another_emulator
        )
        (jonas,) = journey.people
        assert len(jonas.messages()) == 1  # what was there before is gone
        jonas.begins()
        jonas.writes_plan("a colleague is talked over", "ask her to finish")
        journey.go_to(1, 15)
        taps(jonas, "I did it", jonas.reads(QUESTION))
        journey.run_worker()
        assert "sealed" in words(jonas.reads("Your answer is sealed"))
        journey.close()


def test_the_bot_leaves_at_once_and_acknowledges_what_it_has_taken_on() -> None:
    threads = set(threading.enumerate())
    emulator = Emulator(workspace_config(CAST[:1], real_now, strip=False))
    emulator.start()
    began = threading.Event()
    app = App(
        authorize=lambda **_: AuthorizeResult(enterprise_id=None, team_id="T0EMULATOR", bot_token=BOT_TOKEN),
        client=WebClient(base_url=emulator.api_url),
    )

    @app.command("/allybot")
    def slow(ack: Ack) -> None:
        began.set()
        time.sleep(0.3)
        ack("done")

    sockets = Sockets(app, APP_TOKEN, emulator.api_url)
    sockets.connect()
    remote, answers = Remote(emulator.url), []
    asking = threading.Thread(
        target=lambda: answers.append(
            remote.post("command", channel=CAST[0].user, user=CAST[0].user, command="/allybot", text="")
        )
    )
    asking.start()
    assert began.wait(10)
    leaving = time.monotonic()
    sockets.close()
    assert time.monotonic() - leaving < 2.5  # Slack's client alone takes up to six seconds
    asking.join(10)
    assert answers == [{"ok": True, "acknowledged": True}]
    app.listener_runner.listener_executor.shutdown()
    emulator.stop()
    assert [thread for thread in threading.enumerate() if thread not in threads] == []
