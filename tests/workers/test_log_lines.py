"""A log that a person can follow: where it is connected, and what it sends, without ids or words."""

from pathlib import Path

import pytest

from allybot.services.delivery.sent_counts import SentCounts
from allybot.store.delivery.message_kinds import MessageKind
from slack_emulator import Emulator
from tests.shell import Operator


def test_the_log_of_a_first_run_can_be_followed(
    slack: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    operator = Operator(tmp_path, monkeypatch, capsys).installed_at(slack)
    running = operator.begin("allybot run")
    try:
        running.until(lambda: "connected to Office" in running.log)
        running.until(lambda: "the worker runs" in running.log)
        assert "is not written down" not in running.log
    finally:
        running.kill()
    for secret in ("xoxb-office", "xapp-office", operator.env["ALLYBOT_SECRET_KEY"]):
        assert secret not in running.log


def test_what_was_sent_is_one_line_a_minute() -> None:
    passed = 100.0
    counts = SentCounts(lambda: passed)
    assert counts.line() == ""
    for _ in range(12):
        counts.note(MessageKind.CHECK_IN)
    counts.note(MessageKind.SCENARIO)
    assert counts.line() == "sent 12 check-ins, 1 scenario"
    counts.note(MessageKind.SLOWED)
    counts.note(MessageKind.SLOWED)
    assert counts.line() == ""
    passed = 161.0
    assert counts.line() == "sent 2 pace notices"


ANSWERS = [MessageKind.CHECK_IN_ANSWERED, MessageKind.TYPED_REPLY, MessageKind.WELCOME_ANSWERED]


@pytest.mark.parametrize("kind", ANSWERS)
def test_no_line_tells_when_somebody_answered(kind: MessageKind) -> None:
    counts = SentCounts()
    counts.note(kind)
    assert counts.line() == ""
