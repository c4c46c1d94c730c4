"""A recap of a circle's week, on SQLite and PostgreSQL: by whom, in which thread, what is kept of it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from allybot.domain.circle_questions import Refusal
from allybot.domain.people import Actor
from allybot.errors import FieldError
from allybot.services.circles import membership, recaps, text_posts
from allybot.services.circles.texts import CannotAskError
from allybot.services.context import Context
from allybot.services.data import forget_me, my_data
from allybot.services.delivery.recipients import addressed
from allybot.services.renderers import render
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import MessageState, OutboxMessage, OutboxRow, rows_in
from allybot.store.tables import circle_text, circle_week
from allybot.store.tables import outbox as outbox_table
from tests.support.full_trainee import AL, BO, LEAD, Al, full_trainee, rows

LINES = "We differed about asking first.\nWorth trying: one line in the thread."
TS = "1767700000.000100"


@pytest.fixture
def al(context: Context, now: datetime) -> Al:
    """Al has facilitated the week, whose votes were opened; the scenario stands in the channel."""
    al = full_trainee(context, now)
    change_week(context, state="opened", counts="[1,0,0,0,0]")
    with context.database.transaction() as tx:
        week = tx.execute(select(circle_week)).one()
        for kind, ts in (("scenario", TS), ("votes", "1767700001.000100")):
            key = (
                f"scenario:{week.circle_id}:{week.monday.isoformat()}"
                if kind == "scenario"
                else "votes:week-1"
            )
            message = OutboxMessage(key, "T1", MessageKind.SCENARIO, "week-1", now, to_channel="C1")
            outbox.put(tx, kind, message)
            posted = update(outbox_table).where(outbox_table.c.id == kind)
            tx.execute(posted.values(state=MessageState.SENT, sent_channel="C1", sent_ts=ts))
    return al


def change_week(context: Context, **values: object) -> None:
    with context.database.transaction() as tx:
        tx.execute(update(circle_week).values(**values))


def write(al: Al, now: datetime, who: Actor = AL, form: str = "form") -> None:
    recaps.write(al.context, who, form, "week-1", LINES, now)


def queued(context: Context, kind: MessageKind = MessageKind.CIRCLE_RECAP) -> list[OutboxRow]:
    with context.database.reading() as tx:
        return [row for row in rows_in(tx, MessageState.DUE) if row.kind is kind]


def refusal(al: Al, who: Actor, week: str = "week-1") -> Refusal:
    with pytest.raises(CannotAskError) as problem:
        recaps.read(al.context, who, week)
    return problem.value.refusal


def recaps_kept(context: Context) -> int:
    with context.database.reading() as tx:
        return len(tx.execute(select(circle_text).where(circle_text.c.kind == "recap")).all())


def test_it_is_posted_at_once_in_the_scenarios_thread_under_the_writers_name(al: Al, now: datetime) -> None:
    write(al, now)
    (row,) = queued(al.context)
    assert (row.due_at, row.to_channel, row.thread_ts) == (now, "C1", TS)
    with al.context.database.reading() as tx:
        message = render(al.context, tx, row, now)
    assert message
    assert f"as written by <@{AL.slack_user}>" in message.text
    assert "> We differed about asking first.\n> Worth trying" in message.text


def test_until_then_nobody_reads_it_in_the_database(al: Al, now: datetime) -> None:
    write(al, now)
    (row,) = queued(al.context)
    assert al.trainee.id not in str(row)
    assert not any("differed" in str(each) for each in rows(al.context))
    held = my_data.held(al.context, AL).trainee
    assert held
    assert ("recap", LINES) in [(each.kind, each.text) for each in held.circle_texts]
    with al.context.database.transaction() as tx:
        posted = update(outbox_table).where(outbox_table.c.kind == MessageKind.CIRCLE_RECAP)
        tx.execute(posted.values(state=MessageState.SENT))
    assert text_posts.settle(al.context, now) == 1
    assert recaps_kept(al.context) == 0


def test_a_second_one_is_welcome_and_the_modal_says_that_there_is_one(al: Al, now: datetime) -> None:
    assert not recaps.read(al.context, AL, "week-1").already
    write(al, now)
    write(al, now)  # the same form
    assert len(queued(al.context)) == 1
    assert recaps.read(al.context, AL, "week-1").already
    write(al, now, form="another")
    assert len(queued(al.context)) == 2


def test_whoever_facilitates_writes_it_and_anybody_where_nobody_does(al: Al, now: datetime) -> None:
    assert refusal(al, BO) is Refusal.NOT_FACILITATOR
    change_week(al.context, facilitator_id=None)
    write(al, now, BO)
    write(al, now, AL, "another")
    assert len(queued(al.context)) == 2


def test_who_is_not_in_the_circle_gets_the_answer_to_a_made_up_week(al: Al) -> None:
    assert refusal(al, LEAD) is refusal(al, LEAD, "nothing") is refusal(al, BO, "nothing") is Refusal.NOT_HERE
    membership.leave_circle(al.context, BO, "C1")
    assert refusal(al, BO) is Refusal.NOT_HERE


def test_there_is_none_before_thursday_or_in_a_closed_circle(al: Al, now: datetime) -> None:
    change_week(al.context, state="open")
    assert refusal(al, AL) is Refusal.NOT_HERE
    change_week(al.context, state="few")
    assert recaps.read(al.context, AL, "week-1").thread_ts == TS
    membership.close_circle(al.context, "T1", "C1", now)
    assert refusal(al, AL) is Refusal.CIRCLE_CLOSED


def test_an_empty_one_is_refused(al: Al) -> None:
    with pytest.raises(FieldError):
        recaps.check(al.context, AL, "week-1", " ")


def test_its_writer_is_told_where_it_was_not_posted(al: Al, now: datetime) -> None:
    write(al, now)
    with al.context.database.transaction() as tx:
        refused = update(outbox_table).where(outbox_table.c.kind == MessageKind.CIRCLE_RECAP)
        tx.execute(refused.values(state=MessageState.REFUSED))
    assert text_posts.settle(al.context, now) == 1
    (row,) = queued(al.context, MessageKind.RECAP_NOT_POSTED)
    known = addressed(al.context, row)
    assert known
    assert known.to_user == AL.slack_user
    with al.context.database.reading() as tx:
        message = render(al.context, tx, known, now)
    assert message
    assert "Your recap could not be posted. Nobody has read it." in message.text
    assert not recaps.read(al.context, AL, "week-1").already


def test_of_a_writer_who_is_forgotten_no_recap_is_posted(al: Al, now: datetime) -> None:
    write(al, now)
    (row,) = queued(al.context)
    forget_me.forget(al.context, AL)
    assert recaps_kept(al.context) == 0
    with al.context.database.reading() as tx:
        assert render(al.context, tx, row, now) is None


def test_without_a_known_thread_it_stands_in_the_channel(al: Al, now: datetime) -> None:
    with al.context.database.transaction() as tx:
        tx.execute(update(outbox_table).values(sent_ts=None))
    write(al, now + timedelta(days=40))
    (row,) = queued(al.context)
    assert row.thread_ts is None
