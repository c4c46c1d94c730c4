"""A message that fails unexpectedly is parked; all others are sent at once."""

from collections.abc import Callable

from sqlalchemy import update

from allybot.message import Message
from allybot.services import renderers
from allybot.services.context import Context
from allybot.services.delivery.parked import parked, retry, retry_all
from allybot.services.delivery.sender import deliver
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import MessageState, OutboxRow
from allybot.store.engine.database import Transaction
from allybot.store.tables import outbox, trainee
from allybot.telemetry import ROWS_PARKED
from tests.workers.delivery_harness import Office, render


def zone(office: Office, name: str) -> None:
    with office.context.database.transaction() as tx:
        tx.execute(update(trainee).where(trainee.c.id == "trainee-UA1").values(zone=name))


def test_a_message_to_somebody_whose_row_cannot_be_read_is_parked_and_the_others_go_out(
    office: Office, circle_of: Callable[..., object]
) -> None:
    circle_of()
    zone(office, "Mars/Olympus")
    counted = ROWS_PARKED.labels("delivery")._value.get()
    bad = office.put("bad", trainee_id="trainee-UA1", to_user="UA1")
    good = [office.put("good", trainee_id="trainee-UA2", to_user="UA2"), office.put("else", to_user="UA3")]
    office.deliver()
    assert [office.state(row) for row in good] == [MessageState.SENT, MessageState.SENT]
    assert (office.state(bad), office.row(bad).reason) == (MessageState.PARKED, "unknown_zone")
    assert ROWS_PARKED.labels("delivery")._value.get() == counted + 1
    (message,) = parked(office.context)
    assert "time zone" in message.meaning
    assert "tzdata" in message.remedy
    assert office.deliver() == 0, "it waits for somebody to mend it"
    zone(office, "UTC")
    retry(office.context, bad, office.now)
    office.deliver()
    assert office.seen()["about bad"] == 1


def test_a_kind_of_message_this_version_does_not_know_is_parked_and_does_not_stop_its_workspace(
    office: Office,
) -> None:
    bad, good = office.put("bad", kind=MessageKind.TYPED_REPLY), office.put("good", to_user="UA2")
    with office.context.database.transaction() as tx:
        tx.execute(update(outbox).where(outbox.c.id == bad).values(kind="of_the_future"))

    def mostly(context: Context, tx: Transaction, row: OutboxRow, _now: object) -> Message | None:
        if row.kind is MessageKind.UNKNOWN:
            return renderers.render(context, tx, row, office.now)
        return render(context, tx, row, office.now)

    deliver(office.context, office.slack, mostly, "worker", office.now, office.real, office.rules)
    assert (office.state(bad), office.state(good)) == (MessageState.PARKED, MessageState.SENT)
    assert len(parked(office.context)) == 1


def test_an_error_nobody_foresaw_parks_its_message_with_the_errors_name_and_no_words(office: Office) -> None:
    def broken(context: Context, tx: Transaction, row: OutboxRow, _now: object) -> Message | None:
        if row.about_id == "bad":
            raise LookupError("words of somebody")
        return render(context, tx, row, office.now)

    bad, good = office.put("bad"), office.put("good", to_user="UA2")
    deliver(office.context, office.slack, broken, "worker", office.now, office.real, office.rules)
    assert (office.state(bad), office.state(good)) == (MessageState.PARKED, MessageState.SENT)
    assert office.row(bad).reason == "fault:LookupError"
    (message,) = parked(office.context)
    assert message.meaning == "allybot failed at it (LookupError)."


def test_everything_that_is_parked_is_tried_again_by_one_word(office: Office) -> None:
    rows = [office.put("too long", to_user=f"UA{number}") for number in (1, 2)]
    late = office.put("too long", to_user="UA3", stale_at=office.now.replace(hour=23))
    office.deliver()
    assert len(parked(office.context)) == 3
    assert retry_all(office.context, office.now.replace(hour=23, minute=30)) == 2
    assert [office.state(row) for row in (*rows, late)] == [
        MessageState.DUE,
        MessageState.DUE,
        MessageState.PARKED,
    ]
