"""Deeds told in a circle, on SQLite and PostgreSQL: sealed until posted, and gone with their teller."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Row, delete, select, update

from allybot.crypto import Keyring
from allybot.domain.deeds import MAX_DEED_LENGTH, MOST_A_WEEK, Refusal
from allybot.domain.people import Actor
from allybot.domain.trainee import TraineeState
from allybot.errors import NotFoundError
from allybot.services.circles import deed_rounds, deeds, membership
from allybot.services.circles.deeds import CannotTellError
from allybot.services.context import Context
from allybot.services.data import forget_me, my_data
from allybot.services.renderers import render
from allybot.store import trainees
from allybot.store.circles import circles as stored_circles
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import MessageState, OutboxRow, rows_in
from allybot.store.tables import circle, circle_member, deed, outbox, private_record
from tests.support.full_trainee import AL, BO, DEED, Al, full_trainee, rows

WEEK = timedelta(weeks=1)
BOS = "I waited until she had finished"


@pytest.fixture
def al(context: Context, now: datetime) -> Al:
    """Al has told a deed, in the first week of a circle of two."""
    return full_trainee(context, now)


def monday(context: Context) -> datetime:
    """When the circle posts next."""
    with context.database.reading() as tx:
        return tx.execute(select(circle.c.next_post_at)).scalar_one()


def next_week(context: Context, state: MessageState = MessageState.SENT) -> str:
    """The next Monday's round; its text. What becomes of it is `state`."""
    now = monday(context)
    membership.queue_due(context, now)
    found = queued(context, MessageKind.DEEDS_ROUND)[-1]
    with context.database.reading() as tx:
        message = render(context, tx, found, now)
    assert message
    settle(context, found, state)
    deed_rounds.forget_settled(context, now)
    return message.text


def queued(context: Context, kind: MessageKind) -> list[OutboxRow]:
    with context.database.reading() as tx:
        return [row for row in rows_in(tx, MessageState.DUE) if row.kind is kind]


def settle(context: Context, row: OutboxRow, state: MessageState) -> None:
    with context.database.transaction() as tx:
        tx.execute(update(outbox).where(outbox.c.id == row.id).values(state=state, sent_channel="C1"))
        if state is MessageState.SENT:
            tx.execute(update(outbox).where(outbox.c.id == row.id).values(sent_ts="1.5"))


def waiting(context: Context) -> Sequence[Row[Any]]:
    with context.database.reading() as tx:
        return tx.execute(select(deed)).all()


def told_by(
    context: Context, who: Actor, text: str = BOS, *, named: bool = False, form: str = "form"
) -> None:
    deeds.tell(context, who, form, text, monday(context) - timedelta(days=3), named=named)


def refusal(context: Context, who: Actor) -> Refusal:
    with pytest.raises(CannotTellError) as problem:
        deeds.read(context, who)
    return problem.value.refusal


def test_two_deeds_are_posted_together_without_their_tellers_and_then_deleted(al: Al) -> None:
    told_by(al.context, BO)
    text = next_week(al.context)
    assert f"> {DEED}" in text
    assert f"> {BOS}" in text
    assert AL.slack_user not in text
    assert BO.slack_user not in text
    assert waiting(al.context) == []


def test_one_deed_waits_a_week_and_then_goes_alone(al: Al) -> None:
    assert DEED not in next_week(al.context)
    assert len(waiting(al.context)) == 1
    assert f"> {DEED}" in next_week(al.context)
    assert waiting(al.context) == []


def test_the_last_round_takes_what_there_is_and_after_it_only_names_are_taken(al: Al, now: datetime) -> None:
    with al.context.database.transaction() as tx:
        tx.execute(update(circle).values(last_week=2))
    assert deeds.read(al.context, BO).goes_alone
    assert f"> {DEED}" in next_week(al.context)
    assert deeds.read(al.context, BO).next_round_on is None
    with pytest.raises(CannotTellError) as problem:
        deeds.tell(al.context, BO, "form", BOS, now, named=False)
    assert problem.value.refusal is Refusal.NO_ROUND


def test_the_round_is_due_before_the_scenario(al: Al) -> None:
    membership.queue_due(al.context, monday(al.context))
    (before,) = queued(al.context, MessageKind.DEEDS_ROUND)
    scenario = queued(al.context, MessageKind.SCENARIO)[-1]
    assert before.due_at < scenario.due_at
    assert (before.to_channel, before.stale_at) == (scenario.to_channel, scenario.stale_at)


def test_with_the_name_it_is_posted_in_the_thread_of_the_round_and_then_deleted(al: Al) -> None:
    next_week(al.context)
    told_by(al.context, BO, named=True)
    (row,) = queued(al.context, MessageKind.NAMED_DEED)
    assert (row.to_channel, row.thread_ts, row.to_user, row.trainee_id) == ("C1", "1.5", None, None)
    with al.context.database.reading() as tx:
        message = render(al.context, tx, row, row.due_at)
    assert message
    assert f"<@{BO.slack_user}> tells:\n> {BOS}" in message.text
    settle(al.context, row, MessageState.SENT)
    deed_rounds.forget_settled(al.context, row.due_at)
    assert len(waiting(al.context)) == 1  # Al's, which nobody had told with a second one


@pytest.mark.parametrize("state", [MessageState.REFUSED, MessageState.EXPIRED, MessageState.CANCELLED])
def test_deeds_of_a_round_that_was_not_posted_go_with_the_next(al: Al, state: MessageState) -> None:
    told_by(al.context, BO)
    next_week(al.context, state)
    assert {row.post_key for row in waiting(al.context)} == {None}
    assert DEED in next_week(al.context)
    assert waiting(al.context) == []


@pytest.mark.parametrize("state", [MessageState.UNCERTAIN, MessageState.ASKED, MessageState.PARKED])
def test_deeds_of_a_round_of_which_nobody_knows_stay_until_their_last_day(
    al: Al, state: MessageState
) -> None:
    told_by(al.context, BO)
    next_week(al.context, state)
    (first, second) = waiting(al.context)
    assert first.post_key == second.post_key is not None
    assert deed_rounds.forget_settled(al.context, first.delete_after - timedelta(seconds=1)) == 0
    assert deed_rounds.forget_settled(al.context, first.delete_after) == 2


def test_rows_and_their_times_tell_neither_who_nor_when_nor_how_much(al: Al) -> None:
    told_by(al.context, BO, "x" * MAX_DEED_LENGTH)
    one, other = waiting(al.context)
    assert len(one.sealed) == len(other.sealed)
    assert one.delete_after == other.delete_after
    assert not any(name in str((*one, *other)) for name in (al.trainee.id, AL.slack_user, DEED))


def test_telling_a_deed_writes_nothing_but_its_own_row(al: Al) -> None:
    before = rows(al.context)
    told_by(al.context, BO)
    assert [row[0] for row in rows(al.context) if row not in before] == ["deed"]


def test_the_longest_deed_of_the_widest_characters_fits(al: Al) -> None:
    told_by(al.context, BO, "\U0001f600" * (MAX_DEED_LENGTH - 1) + "x")
    assert "\U0001f600x" in next_week(al.context)


def test_sent_twice_it_is_one_deed(al: Al) -> None:
    for named in (False, True):
        told_by(al.context, BO, named=named, form=f"form-{named}")
        told_by(al.context, BO, named=named, form=f"form-{named}")
    assert len(waiting(al.context)) == 3
    assert len(queued(al.context, MessageKind.NAMED_DEED)) == 1


def test_each_tells_a_few_a_week_with_the_name_and_without(al: Al) -> None:
    for number in range(MOST_A_WEEK):
        told_by(al.context, BO, f"{BOS} {number}", named=number == 1, form=f"form-{number}")
    assert refusal(al.context, BO) is Refusal.ENOUGH
    with pytest.raises(CannotTellError):
        told_by(al.context, BO, form="one more")
    told_by(al.context, AL, form="others are free to")
    for row in queued(al.context, MessageKind.NAMED_DEED):
        settle(al.context, row, MessageState.SENT)
    deed_rounds.forget_settled(al.context, monday(al.context) - timedelta(days=1))
    assert refusal(al.context, BO) is Refusal.ENOUGH
    next_week(al.context)
    told_by(al.context, BO, form="a new week")


def leave(al: Al) -> None:
    membership.leave_circle(al.context, AL, "C1")


def be_deactivated(al: Al) -> None:
    with al.context.database.transaction() as tx:
        trainees.change_trainee(tx, al.trainee.id, state=TraineeState.GONE)


def be_forgotten(al: Al) -> None:
    forget_me.forget(al.context, AL)


GOES = pytest.mark.parametrize("goes", [leave, be_deactivated, be_forgotten])


@GOES
def test_deeds_of_whoever_is_gone_are_not_posted_and_do_not_count_as_a_second(al: Al, goes: Any) -> None:
    told_by(al.context, BO)
    goes(al)
    text = next_week(al.context)
    assert DEED not in text
    assert BOS not in text
    assert len(waiting(al.context)) == 1


@GOES
def test_nor_of_whoever_goes_while_the_round_waits_to_be_sent(al: Al, goes: Any) -> None:
    told_by(al.context, BO)
    told_by(al.context, AL, "with my name", named=True)
    now = monday(al.context)
    membership.queue_due(al.context, now)
    goes(al)
    (row,), (named,) = queued(al.context, MessageKind.DEEDS_ROUND), queued(al.context, MessageKind.NAMED_DEED)
    with al.context.database.reading() as tx:
        message, gone = render(al.context, tx, row, now), render(al.context, tx, named, now)
    assert message
    assert DEED not in message.text
    assert BOS in message.text
    assert gone is None


def test_a_closed_circle_posts_no_round_and_takes_no_deed(al: Al) -> None:
    told_by(al.context, BO)
    membership.queue_due(al.context, monday(al.context))
    membership.close_circle(al.context, "T1", "C1", monday(al.context))
    (row,) = queued(al.context, MessageKind.DEEDS_ROUND)
    with al.context.database.reading() as tx:
        assert render(al.context, tx, row, row.due_at) is None
    assert refusal(al.context, BO) is Refusal.CIRCLE_CLOSED


def test_who_cannot_tell_a_deed_is_told_why(al: Al) -> None:
    with pytest.raises(NotFoundError):
        deeds.read(al.context, Actor("T1", "USTRANGER"))
    with al.context.database.transaction() as tx:
        trainees.change_trainee(tx, al.trainee.id, state=TraineeState.INVITED)
    assert refusal(al.context, AL) is Refusal.NOT_STARTED
    membership.leave_circle(al.context, BO, "C1")
    assert refusal(al.context, BO) is Refusal.NO_CIRCLE


def test_of_the_last_member_whom_allybot_knows_no_deed_is_taken(al: Al) -> None:
    with al.context.database.transaction() as tx:
        tx.execute(delete(circle_member).where(circle_member.c.trainee_id == al.trainee.id))
    assert refusal(al.context, BO) is Refusal.CIRCLE_CLOSED


def test_before_the_first_week_there_is_no_round_to_tell_it_in(al: Al) -> None:
    with al.context.database.transaction() as tx:
        (found,) = stored_circles.circles_of_trainee(tx, al.trainee.id)
        stored_circles.change_circle(tx, found.id, weeks_posted=0)
    assert refusal(al.context, BO) is Refusal.CIRCLE_CLOSED


def test_what_no_key_opens_is_not_posted_and_waits(al: Al) -> None:
    told_by(al.context, BO)
    with al.context.database.transaction() as tx:
        other = Keyring("another secret that is long enough").wrap(b"x")
        tx.execute(update(deed).where(deed.c.id == waiting(al.context)[0].id).values(sealed=other))
    text = next_week(al.context)
    assert (DEED in text) + (BOS in text) == 0
    assert len(waiting(al.context)) == 2


def test_my_data_shows_his_own_deeds_only(al: Al) -> None:
    told_by(al.context, BO)
    for who, own in ((AL, DEED), (BO, BOS)):
        held = my_data.held(al.context, who)
        assert held.trainee
        assert held.trainee.deeds == (own,)


def test_telling_a_deed_leaves_all_private_records_as_they_were(al: Al) -> None:
    def records() -> Sequence[Row[Any]]:
        with al.context.database.reading() as tx:
            return tx.execute(select(private_record)).all()

    before = records()
    told_by(al.context, BO)
    next_week(al.context)
    assert records() == before
