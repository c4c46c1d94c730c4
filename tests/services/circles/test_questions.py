"""Asking the circle, on SQLite and PostgreSQL: locked until it is posted, limited, and without its author."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from allybot.domain.circle_questions import Refusal
from allybot.domain.people import Actor
from allybot.domain.trainee import TraineeState
from allybot.errors import FieldError, NotFoundError
from allybot.services.circles import membership, questions
from allybot.services.circles.questions import CannotAskError
from allybot.services.context import Context
from allybot.services.data import forget_me, my_data, retention
from allybot.services.plans import plans
from allybot.services.renderers import render
from allybot.store import trainees
from allybot.store.circles import circles as stored_circles
from allybot.store.delivery.outbox import MessageKind, MessageState, OutboxRow, rows_in
from allybot.store.tables import circle_question, outbox
from tests.support.full_trainee import AL, BO, CUE, LEAD, QUESTION, Al, full_trainee, rows

WORDS = "What would you say to a zebra?"
LATER = timedelta(days=8)


@pytest.fixture
def al(context: Context, now: datetime) -> Al:
    return full_trainee(context, now)


def queued(context: Context) -> list[OutboxRow]:
    with context.database.reading() as tx:
        return [row for row in rows_in(tx, MessageState.DUE) if row.kind is MessageKind.CIRCLE_QUESTION]


def settle(context: Context, state: MessageState) -> None:
    with context.database.transaction() as tx:
        tx.execute(update(outbox).where(outbox.c.kind == MessageKind.CIRCLE_QUESTION).values(state=state))


def waiting(context: Context) -> int:
    with context.database.reading() as tx:
        return len(tx.execute(select(circle_question)).all())


def refusal(context: Context, who: Actor, now: datetime) -> Refusal:
    with pytest.raises(CannotAskError) as problem:
        questions.ask(context, who, "another form", "", WORDS, now, named=False)
    return problem.value.refusal


def test_a_question_is_posted_without_its_author(al: Al, now: datetime) -> None:
    (row,) = queued(al.context)
    assert (row.to_channel, row.to_user, row.trainee_id) == ("C1", None, None)
    with al.context.database.reading() as tx:
        message = render(al.context, tx, row, now)
    assert message
    assert f"> {QUESTION}" in message.text
    assert AL.slack_user not in str(message)
    assert "do not guess whose it is" in message.text


def test_the_outbox_holds_neither_text_nor_author_and_the_text_is_encrypted(al: Al) -> None:
    (row,) = queued(al.context)
    assert al.trainee.id not in str(row)
    assert AL.slack_user not in str(row)
    assert not any(QUESTION in str(each) for each in rows(al.context))


@pytest.mark.parametrize(
    "state", [MessageState.SENT, MessageState.REFUSED, MessageState.EXPIRED, MessageState.CANCELLED]
)
def test_the_text_is_deleted_once_posted_or_expired(al: Al, now: datetime, state: MessageState) -> None:
    assert questions.forget_settled(al.context, now) == 0
    settle(al.context, state)
    assert questions.forget_settled(al.context, now) == 1
    assert waiting(al.context) == 0
    held = my_data.held(al.context, AL)
    assert held.trainee is not None
    assert held.trainee.questions == ()


@pytest.mark.parametrize("state", [MessageState.UNCERTAIN, MessageState.ASKED, MessageState.PARKED])
def test_the_text_stays_while_the_outcome_is_unknown_and_is_deleted_in_the_end(
    al: Al, now: datetime, state: MessageState
) -> None:
    settle(al.context, state)
    assert questions.forget_settled(al.context, now + LATER) == 0
    assert waiting(al.context) == 1
    assert questions.forget_settled(al.context, now + questions.KEPT_AT_MOST + timedelta(days=1)) == 1
    assert waiting(al.context) == 0


def test_the_same_form_twice_is_one_question(al: Al, now: datetime) -> None:
    again = questions.ask(al.context, AL, "ask-form", "", WORDS, now, named=False)
    assert again.post_at == queued(al.context)[0].due_at
    assert len(queued(al.context)) == waiting(al.context) == 1
    with al.context.database.reading() as tx:
        message = render(al.context, tx, queued(al.context)[0], now)
    assert message
    assert QUESTION in message.text  # the first one counts


def test_one_a_day_for_a_person_and_a_few_a_week_for_a_circle(al: Al, now: datetime) -> None:
    assert refusal(al.context, AL, now + timedelta(hours=2)) is Refusal.ASKED_ALREADY
    for day in (1, 2):
        questions.ask(al.context, AL, f"form-{day}", "", WORDS, now + timedelta(days=day), named=False)
    assert refusal(al.context, BO, now + timedelta(days=2)) is Refusal.CIRCLE_ASKED_ENOUGH
    questions.ask(al.context, BO, "form", "", WORDS, now + LATER, named=False)
    assert len(queued(al.context)) == 4


def test_a_question_that_was_never_posted_takes_nobodys_place(al: Al, now: datetime) -> None:
    for day in (1, 2):
        questions.ask(al.context, AL, f"form-{day}", "", WORDS, now + timedelta(days=day), named=False)
    settle(al.context, MessageState.EXPIRED)
    questions.ask(al.context, BO, "form", "", WORDS, now + timedelta(days=2), named=False)


def test_at_night_it_waits_for_the_circles_working_hours(al: Al, now: datetime) -> None:
    night = datetime(2026, 1, 9, 22, 0, tzinfo=UTC)  # a Friday
    asked = questions.ask(al.context, BO, "form", "", WORDS, night, named=False)
    assert asked.post_at == datetime(2026, 1, 12, 10, 0, tzinfo=UTC)
    assert now < asked.post_at


def test_a_plan_is_shared_with_or_without_a_name_as_chosen(al: Al, now: datetime) -> None:
    plan = plans.book(al.context, AL).plans[0].id
    asking, text = questions.check(al.context, AL, "x", plan, "My plan: be kind", now + timedelta(days=1))
    assert asking.plan
    assert asking.plan.intention.cue == CUE
    for day, named in ((1, True), (2, False)):
        questions.ask(al.context, AL, f"form-{day}", plan, text, now + timedelta(days=day), named=named)
    with al.context.database.reading() as tx:
        said = [render(al.context, tx, row, now) for row in queued(al.context)[1:]]
    assert [f"<@{AL.slack_user}> asks the circle" in str(message) for message in said] == [True, False]
    with pytest.raises(NotFoundError):
        questions.read(al.context, BO, plan, now + LATER)


def test_a_question_never_carries_a_name(al: Al, now: datetime) -> None:
    questions.ask(al.context, BO, "form", "", WORDS, now, named=True)
    with al.context.database.reading() as tx:
        message = render(al.context, tx, queued(al.context)[-1], now)
    assert BO.slack_user not in str(message)


def test_a_trainee_without_an_open_circle_cannot_ask(al: Al, now: datetime) -> None:
    membership.close_circle(al.context, "T1", "C1")
    assert refusal(al.context, BO, now) is Refusal.CIRCLE_CLOSED
    with al.context.database.transaction() as tx:
        assert render(al.context, tx, queued(al.context)[0], now) is None
        trainee = trainees.trainee_of(tx, BO)
        assert trainee is not None
        (seat,) = stored_circles.circles_of_trainee(tx, trainee.id)
        stored_circles.remove_member(tx, seat.id, trainee.id)
    assert refusal(al.context, BO, now) is Refusal.NO_CIRCLE
    with al.context.database.transaction() as tx:
        trainees.change_trainee(tx, trainee.id, state=TraineeState.INVITED)
    assert refusal(al.context, BO, now) is Refusal.NOT_STARTED
    with pytest.raises(NotFoundError):
        questions.read(al.context, LEAD, "", now)


def test_an_empty_or_too_long_question_is_refused(al: Al, now: datetime) -> None:
    for text, reason in (("  ", "empty"), ("x" * 1001, "too_long")):
        with pytest.raises(FieldError) as problem:
            questions.ask(al.context, BO, "form", "", text, now, named=False)
        assert problem.value.reason == reason
    assert len(queued(al.context)) == 1


def test_a_question_is_not_posted_once_its_author_has_left_or_is_erased(al: Al, now: datetime) -> None:
    questions.ask(al.context, BO, "form", "", WORDS, now, named=False)
    membership.leave_circle(al.context, BO, "C1")
    forget_me.forget(al.context, AL)
    with al.context.database.reading() as tx:
        assert [render(al.context, tx, row, now) for row in queued(al.context)] == [None, None]
    assert waiting(al.context) == 1  # the author's, until the row is settled


def test_the_day_of_the_last_question_is_cleared(al: Al, now: datetime) -> None:
    held = my_data.held(al.context, AL)
    assert held.trainee is not None
    assert held.trainee.row.asked_circle_on == now.date()
    retention.tidy(al.context, now + timedelta(days=3))
    with al.context.database.reading() as tx:
        trainee = trainees.trainee_of(tx, AL)
    assert trainee is not None
    assert trainee.asked_circle_on is None
