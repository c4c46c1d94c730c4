"""While somebody else holds a lock, every press is acknowledged within Slack's three seconds."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import psycopg
import pytest
from pydantic import SecretStr

from allybot.app import Allybot, assemble, healthy
from allybot.services.context import Context
from allybot.settings import Settings
from allybot.slack_app.http import application
from tests.inbound import load_data
from tests.inbound.forged_requests import NOWHERE, encoded, signed

PEOPLE = 40
SLACK_WAITS = 3.0


@pytest.fixture
def allybot(context: Context, database_url: str, vault_url: str) -> Iterator[Allybot]:
    load_data.settle(context, PEOPLE)
    settings = Settings(
        SLACK_API_URL="http://127.0.0.1:9/api/",
        DATABASE_URL=SecretStr(database_url),
        ALLYBOT_VAULT_URL=SecretStr(vault_url),
        ALLYBOT_SECRET_KEY=SecretStr(load_data.SECRET),
    )
    bot = assemble(settings, clock=lambda: load_data.NOW)
    yield bot
    bot.close()


@pytest.fixture
def press(allybot: Allybot) -> Callable[[int], tuple[int, float]]:
    """A person's press, signed, over HTTP; the status and the seconds it took."""
    wsgi = application(allybot.bolt, lambda: healthy(allybot), load_data.SIGNING_SECRET)

    def send(person: int) -> tuple[int, float]:
        body, kind = encoded(load_data.press(person, 0, f"trigger-{person}-{time.monotonic()}", NOWHERE))
        statuses: list[str] = []
        began = time.monotonic()
        list(wsgi(signed(body, kind).environment(), lambda status, _headers: statuses.append(status)))
        return int(statuses[0][:3]), time.monotonic() - began

    return send


@contextmanager
def held_lock(database_url: str) -> Iterator[None]:
    """Another program's transaction: on PostgreSQL somebody repairs the table that every press reads."""
    if database_url.startswith("postgresql"):
        with psycopg.connect(database_url) as other:
            other.execute("LOCK TABLE trainee IN ACCESS EXCLUSIVE MODE")
            yield
            other.rollback()
        return
    with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"), check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.rollback()


def test_every_press_is_acknowledged_in_time_while_the_lock_is_held(
    context: Context, database_url: str, press: Callable[[int], tuple[int, float]]
) -> None:
    with held_lock(database_url), ThreadPoolExecutor(PEOPLE) as people:
        presses = []
        for person in range(1, PEOPLE):
            presses.append(people.submit(press, person))
            threading.Event().wait(0.15)  # about seven people a second, for six seconds
        took = [each.result() for each in presses]
    assert {status for status, _ in took} == {200}
    assert max(seconds for _, seconds in took) < SLACK_WAITS
    assert load_data.effects(context)["consents"] == 0
    assert press(1)[0] == 200
    assert load_data.effects(context)["consents"] == 1, "whoever presses again is heard"
