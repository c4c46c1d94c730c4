"""What comes in and goes wrong never reaches a log with its words, through the real `allybot web` too."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from pydantic import SecretStr, ValidationError
from sqlalchemy import insert
from sqlalchemy.exc import SQLAlchemyError

from allybot import app, telemetry
from allybot.crypto import Keyring, lock_text, new_personal_key, unlock_text
from allybot.errors import AllybotError, DecryptionError, SettingsError, SlackError
from allybot.message import Message
from allybot.prompts import ids
from allybot.services.context import Context
from allybot.services.programs import workspaces
from allybot.settings import Settings, from_environment
from allybot.slack.gateway import SlackGateway
from allybot.store.tables import private_record
from slack_emulator import Emulator, EmulatorConfig
from slack_emulator.faults import Fault
from tests.conftest import SECRET

WORDS = "when Karl mocks the intern I speak up"
TOKEN = "xoxb-17-very-secret"


class Web:
    """`allybot web` in a process of its own."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._log = folder / "log"
        environment = {
            "PATH": os.environ["PATH"],
            "PORT": str(self.port),
            "ALLYBOT_SECRET_KEY": SECRET,
            "SLACK_SIGNING_SECRET": "a signing secret",
            "SLACK_API_URL": "http://127.0.0.1:9/api/",
            "DATABASE_URL": f"sqlite:///{folder / 'allybot.db'}",
            "ALLYBOT_VAULT_URL": f"sqlite:///{folder / 'vault.db'}",
        }
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "allybot", "web"], env=environment, stdout=log, stderr=log
            )
        end = time.monotonic() + 40
        while self.ask("/healthz") != 200:
            assert time.monotonic() < end, self.log()
            time.sleep(0.1)

    def ask(self, path: str, body: bytes | None = None, **headers: str) -> int:
        request = Request(f"http://127.0.0.1:{self.port}{path}", body, headers)
        try:
            with urlopen(request, timeout=10) as answer:  # noqa: S310 - our own server on loopback
                return int(answer.status)
        except HTTPError as refusal:
            return refusal.code
        except URLError:
            return 0

    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(20)


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    running = Web(tmp_path_factory.mktemp("web"))
    yield running
    running.stop()


PAYLOAD = json.dumps(
    {"type": "view_submission", "token": TOKEN, "view": {"state": {"values": {"cue": WORDS}}}}
)
BODIES = {
    "form": (
        "application/x-www-form-urlencoded",
        urlencode({"payload": PAYLOAD, "text": WORDS, "token": TOKEN}),
    ),
    "json": ("application/json", PAYLOAD),
    "broken": ("application/json", f'{{"text": "{WORDS}", "token": "{TOKEN}"'),
    "other": ("text/plain", f"{WORDS} {TOKEN}"),
}
STAMPS = {"now": None, "old": "1531420618", "no number": WORDS.replace(" ", "-")}


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("stamp", STAMPS)
def test_a_body_with_a_bad_signature_is_refused_and_never_logged(web: Web, body: str, stamp: str) -> None:
    kind, text = BODIES[body]
    status = web.ask(
        "/slack/events",
        text.encode(),
        **{
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": STAMPS[stamp] or str(int(time.time())),
            "X-Slack-Signature": f"v0={WORDS.encode().hex()}",
        },
    )
    assert 400 <= status < 500
    written = web.log()
    for secret in (WORDS, TOKEN, "Karl", WORDS.replace(" ", "-"), WORDS.encode().hex()):
        assert secret not in written


def told(problem: BaseException) -> str:
    """All that any log or screen could say of an error, its causes included."""
    return "".join(traceback.format_exception(problem))


def test_an_error_of_slack_repeats_neither_words_nor_token() -> None:
    slack = Emulator(EmulatorConfig())
    slack.start()
    try:
        gateway = SlackGateway(lambda _: TOKEN, slack.api_url, timeout=1)
        with pytest.raises(SlackError) as refused:
            gateway.post("T1", "C1", Message(WORDS), "id")
        assert refused.value.reason == "invalid_auth"
        slack.slack.faults.add(Fault(mode="server_error", method="chat.postMessage"))
        with pytest.raises(SlackError) as failed:
            gateway.post("T1", "C1", Message(WORDS), "id")
        with pytest.raises(SlackError) as lost:
            gateway.upload_file("T1", "C1", "name.md", WORDS, "comment")
    finally:
        slack.stop()
    for problem in (refused.value, failed.value, lost.value):
        assert WORDS not in told(problem)
        assert TOKEN not in told(problem)


@pytest.mark.parametrize("row", [{"trainee_id": None}, {"trainee_id": "nobody"}])
def test_an_error_of_the_database_repeats_no_word_of_a_plan(
    context: Context, row: dict[str, str | None]
) -> None:
    """PostgreSQL quotes the failing row; what is in it of a person's words is encrypted."""
    locked = lock_text(new_personal_key(), WORDS)
    with pytest.raises(SQLAlchemyError) as problem, context.database.transaction() as tx:
        tx.execute(insert(private_record).values(row | {"locked": locked}))
    assert "[SQL parameters hidden due to hide_parameters=True]" in str(problem.value)
    assert WORDS not in told(problem.value)
    assert WORDS.encode().hex() not in told(problem.value)


def test_words_that_cannot_be_opened_are_not_repeated() -> None:
    key = new_personal_key()
    with pytest.raises(DecryptionError) as problem:
        unlock_text(new_personal_key(), lock_text(key, WORDS))
    assert WORDS not in told(problem.value)
    with pytest.raises(DecryptionError) as other:
        Keyring("another secret of the house").unwrap(Keyring(SECRET).wrap(TOKEN.encode()))
    assert TOKEN not in told(other.value)


def test_a_value_that_is_none_of_ours_is_dropped_without_a_word() -> None:
    assert ids.PlanValue.unpack(json.dumps({"plan": WORDS})) is None
    assert ids.PlanValue.unpack(WORDS) is None


def test_a_setting_that_cannot_be_used_is_named_and_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", TOKEN)
    with pytest.raises(SettingsError, match="PORT") as problem:
        from_environment()
    assert TOKEN not in str(problem.value)
    with pytest.raises(ValidationError) as raw:
        Settings(PORT=TOKEN)
    assert TOKEN not in str(raw.value)


def test_no_error_of_ours_is_made_from_a_stored_secret(context: Context) -> None:
    workspaces.connect(context, "T1", "Northwind", "B1", TOKEN)
    with pytest.raises(AllybotError) as problem:
        workspaces.token_of(
            Context(context.database, context.vault, Keyring("another secret of the house"), context.content),
            "T1",
        )
    assert not re.search(r"xox[a-z]-", told(problem.value))


def test_bolts_listeners_write_to_a_logger_whose_words_are_withheld() -> None:
    bolt = app._bolt(Settings(SLACK_SIGNING_SECRET=SecretStr("0" * 32)))
    assert bolt.name.split(".", 1)[0] in telemetry._LOGS_BODIES
