"""A log that a person can follow: where it is connected, and what it sends, without ids or words."""

from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from allybot import telemetry
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
NOT_TO_WHO_SAID_NO = [MessageKind.WELCOME, MessageKind.LATER_REMINDER, MessageKind.TAKEN_OFF]


def sent_by_the_metrics() -> float:
    return REGISTRY.get_sample_value("allybot_messages_sent_total") or 0.0


@pytest.mark.parametrize("kind", [*ANSWERS, *NOT_TO_WHO_SAID_NO])
def test_no_line_and_no_figure_tells_when_somebody_answered_or_who_gets_nothing(kind: MessageKind) -> None:
    counts, before = SentCounts(), sent_by_the_metrics()
    counts.note(kind)
    assert counts.line() == ""
    assert sent_by_the_metrics() == before
    counts.note(MessageKind.CHECK_IN)
    assert sent_by_the_metrics() == before + 1


def test_a_press_is_in_no_figure_unless_slack_had_to_wait() -> None:
    def counted() -> float:
        return REGISTRY.get_sample_value("allybot_acknowledgement_seconds_count") or 0.0

    before = counted()
    telemetry.note_acknowledged(0.04)
    assert counted() == before
    telemetry.note_acknowledged(1.2)
    assert counted() == before + 1
    served = {metric.name for metric in REGISTRY.collect()}
    assert {name for name in served if not name.startswith("allybot_")} <= {"python_info"}
