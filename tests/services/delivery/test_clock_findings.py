"""What `allybot doctor` and `healthy` say about clocks, on SQLite and PostgreSQL."""

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from pydantic import SecretStr

from allybot.app import assemble, healthy
from allybot.clock import real_now
from allybot.doctor import Finding, examine
from allybot.services.context import Context
from allybot.settings import Settings
from allybot.store.delivery import heartbeats
from allybot.store.delivery.heartbeats import Heartbeat
from slack_emulator import Emulator
from tests.conftest import SECRET

SIX_MINUTES = timedelta(minutes=6)


@pytest.fixture
def slack() -> Iterator[Emulator]:
    stand_in = Emulator()
    stand_in.start()
    yield stand_in
    stand_in.stop()


@pytest.fixture
def settings(slack: Emulator, database_url: str, vault_url: str) -> Settings:
    return Settings(
        SLACK_BOT_TOKEN=SecretStr("xoxb-emulator-1"),
        SLACK_APP_TOKEN=SecretStr("xapp-1-A0PRACTICE-0001-practice"),
        SLACK_API_URL=slack.api_url,
        DATABASE_URL=SecretStr(database_url),
        ALLYBOT_VAULT_URL=SecretStr(vault_url),
        ALLYBOT_SECRET_KEY=SecretStr(SECRET),
    )


def findings(settings: Settings) -> dict[str, Finding]:
    return {finding.what: finding for finding in examine(settings)}


def test_a_host_at_slacks_time_is_in_order(settings: Settings) -> None:
    assert findings(settings)["clock of this host"].good


@pytest.mark.parametrize(
    ("seconds", "words"), [(-360, "0:06:00 (h:mm:ss) ahead of Slack's"), (360, "behind Slack's")]
)
def test_a_host_that_is_six_minutes_from_slack_is_told_so_and_what_to_do(
    slack: Emulator, settings: Settings, seconds: int, words: str
) -> None:
    slack.config.clock_ahead_seconds = seconds
    found = findings(settings)["clock of this host"]
    assert not found.good
    # The Date of an answer has whole seconds.
    assert words in found.say or words.replace("06:00", "06:01") in found.say
    assert "NTP" in found.say


@pytest.mark.parametrize(
    ("refuses", "remedy"),
    [
        ("slack_clock", "NTP"),
        ("slack_silent", "SLACK_API_URL"),
        ("other_worker", "ALLYBOT_CLOCK_OFFSET"),
    ],
)
def test_a_worker_that_does_nothing_is_named_with_what_to_do(
    context: Context, settings: Settings, refuses: str, remedy: str
) -> None:
    now = real_now()
    with context.database.transaction() as tx:
        heartbeats.save(tx, Heartbeat("one", now, now, timedelta(), timedelta(), None))
        heartbeats.save(tx, Heartbeat("two", now, now, SIX_MINUTES, timedelta(), refuses))
        long_ago = now - timedelta(hours=1)
        heartbeats.save(tx, Heartbeat("gone", long_ago, long_ago, timedelta(), timedelta(), refuses))
    found = findings(settings)
    assert (found["worker one"].good, found["worker one"].say) == (True, "acts")
    assert not found["worker two"].good
    assert remedy in found["worker two"].say
    assert "worker gone" not in found


def test_a_process_whose_worker_does_nothing_is_not_healthy(settings: Settings) -> None:
    ahead = SIX_MINUTES
    allybot = assemble(settings, host=lambda: real_now() + ahead)
    try:
        assert healthy(allybot)
        allybot.worker.start()
        end = time.monotonic() + 10
        while healthy(allybot) and time.monotonic() < end:
            time.sleep(0.02)
        assert not healthy(allybot)
        ahead = timedelta()
        while not healthy(allybot) and time.monotonic() < end:
            time.sleep(0.02)
        assert healthy(allybot)
    finally:
        assert allybot.worker.stop(10)
        allybot.close()
