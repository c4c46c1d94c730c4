"""Logs hold no words, no ids of people and no tokens, whoever writes them."""

import json
import logging
from collections.abc import Callable, Iterator

import pytest

from allybot import telemetry


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], list[str]]]:
    """What has been written to standard error since logging was set up."""
    root = logging.getLogger()
    before = (root.handlers, root.level, logging.getLogRecordFactory())
    telemetry.configure()

    def read() -> list[str]:
        return capsys.readouterr().err.splitlines()

    yield read
    root.handlers, root.level = before[0], before[1]
    logging.setLogRecordFactory(before[2])
    logging.raiseExceptions = True


def fail_with_words() -> None:
    raise ValueError("his words")


def test_only_allowed_keys_are_written(lines: Callable[[], list[str]]) -> None:
    telemetry.logger().info("sent", workspace_id="T1", text="his words", slack_user="U1", answer="acted")
    (line,) = [json.loads(line) for line in lines()]
    assert line["workspace_id"] == "T1"
    assert set(line) <= telemetry.ALLOWED


def test_tokens_and_passwords_are_masked(lines: Callable[[], list[str]]) -> None:
    telemetry.logger().info(
        "token xoxb-17-hidden", reason="xapp-1-hidden", url="postgresql://me:secret@host/db"
    )
    (line,) = lines()
    assert "hidden" not in line
    assert "secret" not in line


@pytest.mark.parametrize("name", ["slack_bolt.App", "slack_sdk.web.base_client", "slack_bolt", "waitress"])
def test_libraries_that_see_bodies_lose_their_words(
    lines: Callable[[], list[str]], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = logging.getLogger(name)
    # Bolt sets levels of its own when an app is made in the same process.
    for attribute, value in (("level", logging.INFO), ("disabled", False), ("propagate", True)):
        monkeypatch.setattr(log, attribute, value)
    monkeypatch.setattr(log, "_cache", {})  # of the levels it is enabled for
    log.info("Invalid request signature detected (body: %s)", "his words")
    try:
        fail_with_words()
    except ValueError:
        log.exception("Failed with his words")
    written = "\n".join(lines())
    assert "said something" in written
    assert "ValueError" in written
    assert "his words" not in written


def test_an_error_is_written_as_a_place_and_never_with_its_message() -> None:
    try:
        fail_with_words()
    except ValueError as error:
        place = telemetry.where(error)
    assert "test_telemetry.py" in place
    assert "his words" not in place
