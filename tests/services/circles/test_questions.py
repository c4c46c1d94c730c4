"""Asking the circle, on SQLite and PostgreSQL: locked until it is posted, limited, and without its author."""

import dataclasses
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Row, select, update

from allybot.crypto import Keyring
from allybot.domain.circle_questions import APPEARS_WITHIN, Refusal, TextKind
from allybot.domain.circles import ChannelOpening
from allybot.domain.my_data import HeldCircleText
from allybot.domain.people import Actor
from allybot.domain.private_record import LONGEST_WAIT, PrivateRecord, WroteCircle
from allybot.domain.trainee import TraineeState
from allybot.errors import FieldError, NotFoundError
from allybot.services.circles import membership, questions, text_posts
from allybot.services.circles.texts import KEPT_AT_MOST, CannotAskError
from allybot.services.context import Context
from allybot.services.data import forget_me, my_data
from allybot.services.delivery import circle_channels
from allybot.services.delivery.recipients import addressed
from allybot.services.isolation import RETRY_AFTER
from allybot.services.plans import plans
from allybot.services.renderers import render
from allybot.store import trainees
from allybot.store.circles import circles as stored_circles
from allybot.store.circles import texts
from allybot.store.circles.texts import TextState, Written
from allybot.store.delivery import parked_rows
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import MessageState, OutboxRow, rows_in
from allybot.store.engine.database import Transaction
from allybot.store.plans import private_records
from allybot.store.tables import circle_text, outbox, private_record
from tests.support.full_trainee import AL, BO, CUE, LEAD, QUESTION, Al, full_trainee, rows

WORDS = "What would you say to a zebra?"
LATER = timedelta(days=8)
OPEN = timedelta(days=14)


@pytest.fixture
def al(context: Context, now: datetime) -> Al:
    return full_trainee(context, now)


def queued(context: Context) -> list[OutboxRow]:
    with context.database.reading() as tx:
        return [row for row in rows_in(tx, MessageState.DUE) if row.kind is MessageKind.CIRCLE_QUESTION]


def settle(context: Context, state: MessageState, **values: object) -> None:
    with context.database.transaction() as tx:
        asked = update(outbox).where(outbox.c.kind == MessageKind.CIRCLE_QUESTION)
        tx.execute(asked.values(state=state, **values))


def forgotten(context: Context, now: datetime) -> int:
    """Questions forgotten once the posting window is over."""
    return text_posts.settle(context, now + APPEARS_WITHIN)


def told(context: Context) -> list[OutboxRow]:
    kinds = {MessageKind.QUESTION_NOT_POSTED, MessageKind.QUESTION_UNKNOWN}
    with context.database.reading() as tx:
        return [row for row in rows_in(tx, MessageState.DUE) if row.kind in kinds]


def said(context: Context, row: OutboxRow, now: datetime) -> str:
    known = addressed(context, row)
    assert known
    assert known.to_user == AL.slack_user
    with context.database.reading() as tx:
        message = render(context, tx, known, now)
    assert message
    return message.text


def waiting(context: Context) -> int:
    return len(rows_of_questions(context))


def rows_of_questions(context: Context) -> Sequence[Row[Any]]:
    with context.database.reading() as tx:
        return tx.execute(select(circle_text)).all()


def queued_id(context: Context) -> str:
    (row,) = rows_of_questions(context)
    return str(row.id)


def record_of(al: Al) -> PrivateRecord:
    with al.context.database.reading() as tx:
        return private_records.read(tx, al.context.personal_key(al.trainee.id), al.trainee.id)


def trainee_id(tx: Transaction, who: Actor) -> str:
    found = trainees.trainee_of(tx, who)
    assert found is not None
    return found.id


def asked_on(context: Context) -> date | None:
    """The day of the latest question of Al's that counts, as they are shown it."""
    held = my_data.held(context, AL)
    assert held.trainee is not None
    return held.trainee.asked_circle_on


def held_texts(context: Context) -> tuple[HeldCircleText, ...]:
    held = my_data.held(context, AL)
    assert held.trainee is not None
    return held.trainee.circle_texts


def opened(context: Context) -> Written:
    """The only text that is kept, without its circle."""
    (row,) = rows_of_questions(context)
    with context.database.reading() as tx:
        written = texts.by_id(tx, context.keyring, row.id)
    assert written
    return dataclasses.replace(written, circle_id="")


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


@pytest.mark.parametrize("state", [MessageState.REFUSED, MessageState.EXPIRED, MessageState.CANCELLED])
def test_text_and_author_are_deleted_once_it_expired(al: Al, now: datetime, state: MessageState) -> None:
    assert forgotten(al.context, now) == 0
    settle(al.context, state)
    assert forgotten(al.context, now) == 1
    assert waiting(al.context) == 0
    assert held_texts(al.context) == ()


def test_once_it_is_posted_the_text_is_deleted_and_the_author_two_weeks_later(al: Al, now: datetime) -> None:
    settle(al.context, MessageState.SENT)
    assert forgotten(al.context, now) == 1
    assert forgotten(al.context, now) == 0
    assert opened(al.context) == Written("", TextKind.QUESTION, al.trainee.id, state=TextState.OPEN)
    (held,) = held_texts(al.context)
    assert (held.waits, held.text, held.author_until) == (False, None, (now + OPEN).date())
    assert text_posts.settle(al.context, now + APPEARS_WITHIN + OPEN - timedelta(minutes=1)) == 0
    assert text_posts.settle(al.context, now + APPEARS_WITHIN + OPEN) == 1
    assert waiting(al.context) == 0
    assert held_texts(al.context) == ()
    assert told(al.context) == []


@pytest.mark.parametrize("state", [MessageState.UNCERTAIN, MessageState.ASKED, MessageState.PARKED])
def test_the_text_stays_while_the_outcome_is_unknown_and_is_deleted_in_the_end(
    al: Al, now: datetime, state: MessageState
) -> None:
    settle(al.context, state)
    assert text_posts.settle(al.context, now + LATER) == 0
    assert waiting(al.context) == 1
    assert text_posts.settle(al.context, now + KEPT_AT_MOST + timedelta(days=1)) == 1
    assert waiting(al.context) == 0


def test_the_same_form_twice_is_one_question(al: Al, now: datetime) -> None:
    again = questions.ask(al.context, AL, "ask-form", "", WORDS, now, named=False)
    assert again.window.opens_at <= queued(al.context)[0].due_at < again.window.closes_at
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


def test_at_night_it_waits_for_the_circles_working_hours(al: Al) -> None:
    night = datetime(2026, 1, 9, 22, 0, tzinfo=UTC)  # a Friday
    asked = questions.ask(al.context, BO, "form", "", WORDS, night, named=False)
    assert asked.window.opens_at == datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
    assert asked.window.closes_at == datetime(2026, 1, 12, 12, 0, tzinfo=UTC)
    assert asked.window.opens_at <= queued(al.context)[-1].due_at < asked.window.closes_at


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
    membership.close_circle(al.context, "T1", "C1", now)
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


def test_the_last_of_a_circle_cannot_ask_since_everybody_would_know_who_it_was(al: Al, now: datetime) -> None:
    membership.leave_circle(al.context, AL, "C1")
    assert refusal(al.context, BO, now) is Refusal.CIRCLE_CLOSED


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
    assert waiting(al.context) == 1  # of the author who left, until the row is settled
    with al.context.database.reading() as tx:
        assert [render(al.context, tx, row, now) for row in queued(al.context)] == [None, None]


def test_no_row_names_who_asks_and_what_waits_has_one_length(al: Al, now: datetime) -> None:
    plan = plans.book(al.context, AL).plans[0].id
    questions.ask(al.context, AL, "form-2", plan, "x" * 1000, now + timedelta(days=1), named=True)
    questions.ask(al.context, BO, "form", "", "Why?", now, named=False)
    with al.context.database.reading() as tx:
        found = tx.execute(select(circle_text)).all()
    assert len({len(row.sealed) for row in found}) == 1
    names = (al.trainee.id, AL.slack_user, BO.slack_user)
    assert not any(name in str(row) for row in [*found, *queued(al.context)] for name in names)


def test_the_records_of_the_whole_circle_are_written_anew_when_one_asks_and_when_it_is_over(
    al: Al, now: datetime
) -> None:
    def records() -> list[bytes]:
        with al.context.database.reading() as tx:
            query = select(private_record.c.locked).order_by(private_record.c.trainee_id)
            return [bytes(locked) for locked in tx.execute(query).scalars()]

    def all_anew(before: list[bytes]) -> bool:
        return all(one != other for one, other in zip(before, records(), strict=True))

    before = records()
    assert len(before) == 2
    questions.ask(al.context, BO, "form", "", WORDS, now, named=False)
    assert all_anew(before)
    before = records()
    settle(al.context, MessageState.SENT)
    assert forgotten(al.context, now) == 2
    assert before == records()
    assert text_posts.settle(al.context, now + APPEARS_WITHIN + OPEN) == 2
    assert all_anew(before)


def test_a_record_that_cannot_be_read_keeps_nobody_else_from_asking(al: Al, now: datetime) -> None:
    with al.context.database.transaction() as tx:
        damaged = update(private_record).where(private_record.c.trainee_id == al.trainee.id)
        tx.execute(damaged.values(locked=b"damaged"))
    questions.ask(al.context, BO, "form", "", WORDS, now, named=False)
    assert waiting(al.context) == 2


def test_once_it_is_over_nothing_says_whose_it_was_and_the_day_is_forgotten_later(
    al: Al, now: datetime
) -> None:
    settle(al.context, MessageState.SENT)
    forgotten(al.context, now)
    (before,) = record_of(al).wrote_circle
    assert before.text_id
    assert asked_on(al.context) == now.date()
    over = now + APPEARS_WITHIN + OPEN
    text_posts.settle(al.context, over)
    assert record_of(al).wrote_circle == (WroteCircle(now.date()),)
    questions.ask(al.context, BO, "form", "", WORDS, over, named=False)
    assert record_of(al).wrote_circle == ()


def test_two_who_send_at_once_and_a_form_sent_twice_at_once_make_two_questions(al: Al, now: datetime) -> None:
    later = now + timedelta(days=1)
    with ThreadPoolExecutor(4) as threads:
        done = [
            threads.submit(
                questions.ask, al.context, who, f"form-{who.slack_user}", "", WORDS, later, named=False
            )
            for who in (AL, BO, AL, BO)
        ]
    assert [each.exception() for each in done] == [None] * 4
    assert waiting(al.context) == 3  # with the one of the day before


@pytest.mark.parametrize("state", [MessageState.REFUSED, MessageState.EXPIRED, MessageState.CANCELLED])
def test_its_author_is_told_once_by_a_row_that_names_nobody(
    al: Al, now: datetime, state: MessageState
) -> None:
    settle(al.context, state)
    assert forgotten(al.context, now) == 1
    assert forgotten(al.context, now) == 0
    (row,) = told(al.context)
    assert row.kind is MessageKind.QUESTION_NOT_POSTED
    assert (row.to_user, row.to_channel, row.trainee_id) == (None, None, None)
    assert al.trainee.id not in str(row)
    message = said(al.context, row, now)
    assert "could not be posted. Nobody there has read it." in message
    assert "ask it again" in message
    assert QUESTION not in message
    questions.ask(al.context, AL, "again", "", WORDS, now, named=False)  # it took no place of their own


def test_what_its_author_can_do_depends_on_the_circle(al: Al, now: datetime) -> None:
    membership.close_circle(al.context, "T1", "C1", now)
    settle(al.context, MessageState.CANCELLED)
    forgotten(al.context, now)
    (row,) = told(al.context)
    assert "The channel of Oak is closed to allybot" in said(al.context, row, now)
    with al.context.database.transaction() as tx:
        (seat,) = stored_circles.circles_of_trainee(tx, al.trainee.id)
        stored_circles.remove_member(tx, seat.id, al.trainee.id)
    assert "You are in no ally circle just now" in said(al.context, row, now)


@pytest.mark.parametrize("how", list(ChannelOpening))
def test_its_author_is_told_that_the_circle_rests_since_its_channel_was_opened(
    al: Al, now: datetime, how: ChannelOpening
) -> None:
    with al.context.database.transaction() as tx:
        (circle,) = stored_circles.circles_of_trainee(tx, al.trainee.id)
        assert circle_channels.rest(tx, circle.id, how, now)
    settle(al.context, MessageState.REFUSED)
    forgotten(al.context, now)
    (row,) = told(al.context)
    message = said(al.context, row, now)
    assert "Your circle rests, because its channel was opened to others." in message
    assert "archived" not in message


def test_its_author_is_told_where_it_stayed_unknown(al: Al, now: datetime) -> None:
    settle(al.context, MessageState.ASKED, attempted_at=now)
    late = now + KEPT_AT_MOST + timedelta(days=1)
    assert text_posts.settle(al.context, late) == 1
    (row,) = told(al.context)
    assert row.kind is MessageKind.QUESTION_UNKNOWN
    assert "could not find out whether your question appeared" in said(al.context, row, late)


def test_an_author_who_is_forgotten_is_told_nothing(al: Al, now: datetime) -> None:
    settle(al.context, MessageState.REFUSED)
    forgotten(al.context, now)
    (row,) = told(al.context)
    forget_me.forget(al.context, AL)
    assert addressed(al.context, row) is None


def test_without_its_key_a_question_is_deleted_all_the_same(al: Al, now: datetime) -> None:
    lost = dataclasses.replace(al.context, keyring=Keyring("quite another secret key"))
    settle(al.context, MessageState.SENT)
    assert forgotten(lost, now) == 1
    assert waiting(al.context) == 0
    assert told(al.context) == []


def test_one_that_was_not_posted_waits_for_its_key_and_then_its_author_is_told(al: Al, now: datetime) -> None:
    lost = dataclasses.replace(al.context, keyring=Keyring("quite another secret key"))
    settle(al.context, MessageState.REFUSED)
    assert forgotten(lost, now) == 0
    assert waiting(al.context) == 1
    with al.context.database.reading() as tx:
        assert list(parked_rows.parked_by(tx, ["ask"])["ask"]) == [queued_id(al.context)]
    assert forgotten(al.context, now + RETRY_AFTER) == 1
    assert [row.kind for row in told(al.context)] == [MessageKind.QUESTION_NOT_POSTED]


def test_one_that_was_not_posted_and_nobody_can_read_is_deleted_on_its_last_day(
    al: Al, now: datetime
) -> None:
    lost = dataclasses.replace(al.context, keyring=Keyring("quite another secret key"))
    settle(al.context, MessageState.REFUSED)
    assert forgotten(lost, now) == 0
    assert text_posts.settle(lost, now + KEPT_AT_MOST + timedelta(days=1)) == 1
    assert waiting(al.context) == 0
    assert told(al.context) == []


@pytest.mark.parametrize("way", ["left", "moved"])
def test_one_that_was_not_posted_does_not_count_for_who_has_left_its_circle(
    al: Al, now: datetime, way: str
) -> None:
    membership.leave_circle(al.context, AL, "C1")
    settle(al.context, MessageState.REFUSED)
    assert refusal(al.context, AL, now) is Refusal.NO_CIRCLE
    assert asked_on(al.context) == now.date()  # it still waits
    forgotten(al.context, now)
    assert asked_on(al.context) is None
    assert len(record_of(al).wrote_circle) == 1  # written alone, it would show whose it was
    with al.context.database.transaction() as tx:
        (circle,) = stored_circles.circles_of_trainee(tx, trainee_id(tx, BO))
        if way == "moved":
            values = {name: getattr(circle, name) for name in ("program_id", "workspace_id", "last_week")}
            stored_circles.add_circle(
                tx,
                {
                    "id": "other",
                    "name": "Elm",
                    "channel": "C9",
                    "state": "active",
                    "weeks_posted": 0,
                    **values,
                },
            )
            stored_circles.add_member(tx, "other", trainee_id(tx, BO), 1)
        stored_circles.add_member(tx, "other" if way == "moved" else circle.id, al.trainee.id, 0)
    questions.ask(al.context, AL, "again", "", WORDS, now, named=False)
    assert refusal(al.context, AL, now) is Refusal.ASKED_ALREADY
    assert asked_on(al.context) == now.date()


def test_what_is_left_in_a_record_of_a_question_that_is_gone_goes_in_the_end(al: Al, now: datetime) -> None:
    record, day = record_of(al), now.date()
    assert record.without_past_texts(day + LONGEST_WAIT) == record
    assert record.without_past_texts(day + LONGEST_WAIT + timedelta(days=1)).wrote_circle == ()


def test_the_moment_follows_no_seed_outside_a_demo(context: Context) -> None:
    in_production = dataclasses.replace(context, seed="")
    assert len({in_production.secret_rng("x").random() for _ in range(3)}) == 3
    demo = dataclasses.replace(context, seed="7")
    assert demo.secret_rng("x").random() == demo.secret_rng("x").random()
