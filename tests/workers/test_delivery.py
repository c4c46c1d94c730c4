"""Every due message appears exactly once, whatever Slack does."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from allybot.errors import NotFoundError, WrongStateError
from allybot.message import Message
from allybot.services.delivery.parked import parked, retry
from allybot.services.delivery.sender import Delivery
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import MessageState, OutboxMessage
from allybot.store.programs.workspaces import workspace_row
from allybot.store.tables import workspace
from tests.workers.delivery_harness import HERE, THERE, Office, fast, render, wait_until


def test_a_due_message_is_seen_once_and_its_place_is_known(office: Office) -> None:
    row = office.put("one", key="check-in:one")
    assert office.deliver() == 1
    assert office.deliver() == 0
    assert office.state(row) is MessageState.SENT
    assert office.seen() == {"about one": 1}
    with office.context.database.reading() as tx:
        place = outbox.sent_place(tx, "check-in:one")
    assert place is not None
    assert place[0].startswith("D")


def test_a_message_waits_for_the_programs_clock(office: Office) -> None:
    office.put("later", due_at=office.now + timedelta(minutes=1))
    assert office.deliver() == 0
    office.now += timedelta(minutes=1)
    assert office.deliver() == 1


def test_the_message_carries_its_id_and_nothing_else_in_its_metadata(office: Office) -> None:
    row = office.put("one")
    office.deliver()
    (message,) = office.messages()
    assert message["metadata"] == {"event_type": "allybot_message", "event_payload": {"id": row}}


def test_a_message_no_longer_wanted_is_cancelled(office: Office) -> None:
    row = office.put("unwanted")
    office.deliver()
    assert office.state(row) is MessageState.CANCELLED
    assert office.seen() == {}


def test_a_stale_message_expires_without_a_call(office: Office) -> None:
    row = office.put("old", stale_at=office.now)
    office.deliver()
    assert office.state(row) is MessageState.EXPIRED
    assert office.emulator.slack.log.read(kind="web_api") == []


def test_an_update_replaces_the_message_where_it_stands(office: Office) -> None:
    office.put("first", key="first")
    office.deliver()
    with office.context.database.reading() as tx:
        place = outbox.sent_place(tx, "first")
    office.put("second", replaces=place)
    office.deliver()
    assert office.seen() == {"about second": 1}


@pytest.mark.parametrize("mode", ["server_error", "fatal_error"])
@pytest.mark.parametrize("accepted", [0.0, 1.0])
def test_an_error_of_which_nobody_knows_what_it_did_is_looked_up(
    office: Office, mode: str, accepted: float
) -> None:
    row = office.put("one")
    office.fault(mode, accepted=accepted)
    while office.state(row) is not MessageState.SENT:
        office.deliver()
    assert office.seen() == {"about one": 1}
    assert office.calls("conversations.history") >= 1
    assert office.calls("chat.postMessage") == (1 if accepted else 2)


@pytest.mark.parametrize(("accepted", "seen"), [(0.0, 1), (1.0, 2)])
def test_an_ephemeral_message_is_in_no_history_and_so_is_sent_again(
    office: Office, accepted: float, seen: int
) -> None:
    row = office.put("ephemeral")
    office.fault("server_error", method="chat.postEphemeral", accepted=accepted)
    while office.state(row) is not MessageState.SENT:
        office.deliver()
    assert office.seen() == {"about ephemeral": seen}
    assert office.calls("chat.postEphemeral") == 2
    assert office.calls("chat.postMessage") == 0


@pytest.mark.parametrize("mode", ["drop_before", "drop_after_accept"])
def test_a_dropped_connection_is_looked_up(office: Office, mode: str) -> None:
    row = office.put("one")
    office.fault(mode)
    while office.state(row) is not MessageState.SENT:
        office.deliver()
    assert office.seen() == {"about one": 1}


def test_a_time_out_is_looked_up_only_after_a_late_request_has_landed(office: Office) -> None:
    office.rules = fast(look_up_after=timedelta(seconds=2))
    row = office.put("one")
    office.fault("slow", seconds=1.5)
    office.deliver()
    assert office.state(row) is MessageState.UNCERTAIN
    assert office.deliver() == 0
    office.ahead += timedelta(seconds=2)
    wait_until(lambda: office.seen() == {"about one": 1})
    office.deliver()
    assert office.state(row) is MessageState.SENT
    assert office.calls("chat.postMessage") == 1


def test_an_uncertain_update_is_simply_repeated(office: Office) -> None:
    office.put("first", key="first")
    office.deliver()
    with office.context.database.reading() as tx:
        place = outbox.sent_place(tx, "first")
    row = office.put("second", replaces=place)
    office.fault("drop_after_accept", method="chat.update")
    while office.state(row) is not MessageState.SENT:
        office.deliver()
    assert office.seen() == {"about second": 1}
    assert office.calls("conversations.history") == 0


def test_a_late_message_is_found_before_it_would_be_sent_again(office: Office) -> None:
    row = office.put("one")
    office.fault("fatal_error")
    with Delivery(office.context, office.slack, render, "worker", office.real, office.rules) as delivery:
        for state in (MessageState.UNCERTAIN, MessageState.DUE):
            delivery.begin(office.now)
            delivery.finish()
            assert office.state(row) is state
        channel = office.slack.open_dm(HERE, "UA1")
        office.slack.post(HERE, channel, Message("about one"), row)
        delivery.begin(office.now)
        delivery.finish()
    assert office.state(row) is MessageState.SENT
    assert office.seen() == {"about one": 1}


def test_a_rate_limit_silences_its_workspace_for_as_long_as_slack_says_and_no_other(office: Office) -> None:
    office.rules = fast(threads=1)
    here = [office.put(f"here {number}", to_user=f"UA{number}") for number in range(1, 4)]
    there = [office.put(f"there {number}", workspace=THERE, to_user=f"UB{number}") for number in range(1, 4)]
    office.fault("rate_limited", team=HERE, retry_after=7)
    before = office.real()
    office.deliver()
    assert [office.state(row) for row in there] == [MessageState.SENT] * 3
    assert [office.state(row) for row in here] == [MessageState.DUE] * 3
    assert office.calls("chat.postMessage") == 4
    with office.context.database.reading() as tx:
        row = workspace_row(tx, HERE)
    assert row is not None
    assert timedelta(seconds=7) <= row.silent_until - before < timedelta(seconds=9)
    office.ahead += timedelta(seconds=9)
    office.deliver()
    assert [office.state(row) for row in here] == [MessageState.SENT] * 3
    assert office.row(here[0]).attempts == 1


def test_slack_away_is_met_with_longer_and_longer_waits_and_then_the_operator(
    office: Office,
) -> None:
    office.rules = fast(max_attempts=3, first_wait=timedelta(minutes=1), max_wait=timedelta(minutes=15))
    row = office.put("one")
    office.emulator.stop()
    office.deliver()
    assert office.state(row) is MessageState.DUE
    assert office.deliver() == 0
    for _ in range(2):
        office.ahead += timedelta(minutes=15)
        office.deliver()
    assert office.state(row) is MessageState.PARKED
    (message,) = parked(office.context)
    assert message.id == row
    assert message.reason == "no_connection"
    assert "retry" in message.remedy


def test_a_parked_message_is_sent_when_the_operator_says_so(office: Office) -> None:
    office.rules = fast(max_attempts=1)
    row = office.put("one")
    office.fault("server_error", method="users.info")
    office.deliver()
    assert office.state(row) is MessageState.PARKED
    retry(office.context, row, office.now)
    office.deliver()
    assert office.seen() == {"about one": 1}
    assert office.state(row) is MessageState.SENT
    with pytest.raises(WrongStateError):
        retry(office.context, row, office.now)
    with pytest.raises(NotFoundError):
        retry(office.context, "nothing", office.now)


def test_messages_in_one_channel_keep_a_second_apart(office: Office) -> None:
    office.rules = fast(seconds_between=1.0)
    first, second = office.put("one"), office.put("two")
    assert office.deliver() == 1
    assert {office.state(first), office.state(second)} == {MessageState.SENT, MessageState.DUE}
    office.ahead += timedelta(seconds=1)
    assert office.deliver() == 1


def test_a_workspace_is_not_written_to_faster_than_its_budget(office: Office) -> None:
    office.rules = fast(per_minute=60, burst=3)
    for number in range(8):
        office.put(f"number {number}", to_user=f"UA{number + 1}")
    frozen = office.real()
    office.real = lambda: frozen + office.ahead  # type: ignore[method-assign]
    assert office.deliver() == 3
    office.ahead += timedelta(seconds=2.2)
    assert office.deliver() == 2


def test_a_stopped_workspace_is_left_in_peace_and_its_messages_wait(office: Office) -> None:
    row = office.put("one")
    office.emulator.slack.workspaces[HERE].revoked_tokens.add("xoxb-emulator-A")
    office.deliver()
    assert office.state(row) is MessageState.DUE
    with office.context.database.reading() as tx:
        stopped = workspace_row(tx, HERE)
    assert stopped is not None
    assert (stopped.state, bool(stopped.stopped_reason)) == ("stopped", True)
    calls = len(office.emulator.slack.log.read(kind="web_api"))
    assert office.deliver() == 0
    assert len(office.emulator.slack.log.read(kind="web_api")) == calls
    office.emulator.slack.workspaces[HERE].revoked_tokens.clear()
    with office.context.database.transaction() as tx:
        tx.execute(update(workspace).where(workspace.c.id == HERE).values(state="active"))
    office.deliver()
    assert office.seen() == {"about one": 1}


def test_queueing_under_a_known_key_changes_nothing(office: Office) -> None:
    office.put("one", key="same")
    with office.context.database.transaction() as tx:
        again = OutboxMessage("same", HERE, MessageKind.CHECK_IN, "two", office.now, to_user="UA1")
        assert outbox.put(tx, "another", again) is False
