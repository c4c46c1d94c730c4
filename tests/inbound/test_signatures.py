"""Requests with a wrong signature are counted where `allybot doctor` sees them, in days and numbers only."""

import logging
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from allybot.app import Allybot, assemble, healthy
from allybot.services.context import Context
from allybot.services.delivery.signatures import SignatureCounter, counted
from allybot.settings import Settings
from allybot.slack_app.http import application
from tests.inbound import load_data
from tests.inbound.conftest import soon
from tests.inbound.forged_requests import JSON, Request, signed

BODY = b'{"type": "url_verification", "token": "t", "challenge": "abc"}'


@pytest.fixture
def allybot(database_url: str, vault_url: str) -> Iterator[Allybot]:
    settings = Settings(
        SLACK_API_URL="http://127.0.0.1:9/api/",
        DATABASE_URL=SecretStr(database_url),
        ALLYBOT_VAULT_URL=SecretStr(vault_url),
        ALLYBOT_SECRET_KEY=SecretStr(load_data.SECRET),
    )
    bot = assemble(settings)
    yield bot
    bot.close()


def asking(allybot: Allybot, secret: str, clock: Callable[[], float]) -> Callable[[Request], int]:
    """Sends a request to a web process with this signing secret; its status."""
    counter = SignatureCounter(allybot.context, clock)
    wsgi = application(allybot.bolt, lambda: healthy(allybot), secret, None, counter)

    def send(request: Request) -> int:
        statuses: list[str] = []
        list(wsgi(request.environment(), lambda status, _headers: statuses.append(status)))
        return int(statuses[0][:3])

    return send


def test_refused_requests_are_counted_until_one_is_accepted(
    allybot: Allybot, context: Context, caplog: pytest.LogCaptureFixture
) -> None:
    passed = 0.0
    wrong = asking(allybot, "the secret of another app", lambda: passed)
    with caplog.at_level(logging.INFO):
        assert [wrong(signed(BODY, JSON)) for _ in range(3)] == [401] * 3
        soon(lambda: counted(context).refused == 1)
        passed = 61.0
        assert wrong(signed(BODY, JSON)) == 401
        soon(lambda: counted(context).refused == 4)
    today = datetime.now(UTC).date()
    found = counted(context)
    assert (found.refused_on, found.accepted_on) == (today, None)
    said = [
        record.getMessage() for record in caplog.records if "a request was refused" in record.getMessage()
    ]
    assert len(said) == 2, "once a minute, however many there are"
    right = asking(allybot, load_data.SIGNING_SECRET, time.monotonic)
    assert right(signed(BODY, JSON)) == 200
    soon(lambda: counted(context).refused == 0)
    assert counted(context).accepted_on == today


def test_what_does_not_look_like_slacks_is_not_counted(allybot: Allybot, context: Context) -> None:
    ask = asking(allybot, load_data.SIGNING_SECRET, time.monotonic)
    assert ask(Request(BODY, JSON)) == 401
    assert ask(Request(b"", method="GET", path="/")) == 404
    assert ask(signed(BODY, JSON)) == 200
    soon(lambda: counted(context).accepted_on is not None)
    assert counted(context).refused == 0
