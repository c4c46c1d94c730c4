"""Adding to a posted question and marking it as answered, on SQLite and PostgreSQL: no row names anybody."""

import dataclasses
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Row, select, update

from allybot.crypto import Keyring
from allybot.domain.circle_questions import APPEARS_WITHIN, Refusal, TextKind
from allybot.domain.people import Actor
from allybot.errors import DecryptionError, FieldError
from allybot.services.circles import answers, membership, questions, text_posts
from allybot.services.circles.answers import Place
from allybot.services.circles.texts import CannotAskError
from allybot.services.context import Context
from allybot.services.data import forget_me, my_data
from allybot.services.delivery.recipients import addressed
from allybot.services.renderers import render
from allybot.services.working_hours import working_hours
from allybot.store.circles import circles as stored_circles
from allybot.store.circles import texts
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import MessageState, OutboxRow, rows_in
from allybot.store.plans import private_records
from allybot.store.tables import circle_text, outbox, private_record
from tests.support.full_trainee import AL, BO, LEAD, QUESTION, Al, full_trainee, rows

WORDS = "I would ask the zebra first."
TS = "1767700000.000100"
OPEN = timedelta(days=14)


@dataclasses.dataclass(frozen=True)
class Posted:
    """A question of Al's that is posted; the time is an hour after."""

    al: Al
    id: str
    now: datetime

    @property
    def context(self) -> Context:
        return self.al.context

    @property
    def place(self) -> Place:
        return Place(self.id)


@pytest.fixture
def posted(context: Context, now: datetime) -> Posted:
    al = full_trainee(context, now)
    (row,) = kept(context)
    sent(context, MessageKind.CIRCLE_QUESTION)
    assert text_posts.settle(context, now + APPEARS_WITHIN) == 1
    return Posted(al, row.id, now + APPEARS_WITHIN + timedelta(hours=1))


def sent(context: Context, kind: MessageKind, state: MessageState = MessageState.SENT) -> None:
    """Slack has taken what waits of this kind, or has not."""
    with context.database.transaction() as tx:
        change = update(outbox).where(outbox.c.kind == kind, outbox.c.state == MessageState.DUE)
        tx.execute(change.values(state=state, sent_channel="C1", sent_ts=TS))


def kept(context: Context) -> Sequence[Row[Any]]:
    with context.database.reading() as tx:
        return tx.execute(select(circle_text).order_by(circle_text.c.state)).all()


def queued(context: Context, *kinds: MessageKind) -> list[OutboxRow]:
    with context.database.reading() as tx:
        return [row for row in rows_in(tx, MessageState.DUE) if row.kind in kinds]


def add(posted: Posted, who: Actor = BO, form: str = "form", *, named: bool = False) -> None:
    answers.add(posted.context, who, form, posted.place, WORDS, posted.now, named=named)


def said(context: Context, row: OutboxRow, now: datetime) -> str:
    with context.database.reading() as tx:
        message = render(context, tx, row, now)
    assert message
    return message.text


def told(posted: Posted) -> tuple[OutboxRow, str]:
    """The word to the one who asked: its row, and what it says to whom."""
    (row,) = queued(posted.context, MessageKind.QUESTION_ANSWERED)
    known = addressed(posted.context, row)
    assert known
    return row, f"{known.to_user}: {said(posted.context, known, posted.now)}"


def records(context: Context) -> list[bytes]:
    with context.database.reading() as tx:
        query = select(private_record.c.locked).order_by(private_record.c.trainee_id)
        return [bytes(locked) for locked in tx.execute(query).scalars()]


def all_differ(one: list[bytes], other: list[bytes]) -> bool:
    return len(one) == 2 and all(a != b for a, b in zip(one, other, strict=True))


def refusal(posted: Posted, who: Actor, question_id: str, now: datetime | None = None) -> tuple[Refusal, ...]:
    """Why neither adding nor marking is possible."""
    found = []
    for act in (
        lambda: answers.read(posted.context, who, Place(question_id, TS), now or posted.now),
        lambda: answers.mark(posted.context, who, question_id, now or posted.now),
    ):
        with pytest.raises(CannotAskError) as problem:
            act()
        found.append(problem.value.refusal)
    return tuple(found)


def test_an_answer_waits_for_a_random_moment_and_stands_in_the_thread_without_its_author(
    posted: Posted,
) -> None:
    add(posted)
    (row,) = queued(posted.context, MessageKind.CIRCLE_ANSWER)
    calendar = working_hours(posted.context, posted.al.program, posted.al.program.zone)
    assert calendar.plus_working_time(posted.now, timedelta(0)) <= row.due_at
    assert row.due_at < calendar.plus_working_time(posted.now, APPEARS_WITHIN)
    assert (row.to_channel, row.thread_ts, row.to_user, row.trainee_id) == ("C1", TS, None, None)
    post = said(posted.context, row, row.due_at)
    assert "*Somebody of us would add:*" in post
    assert f"> {WORDS}" in post
    assert BO.slack_user not in post


def test_with_the_name_it_is_there_at_once(posted: Posted) -> None:
    add(posted, named=True)
    (row,) = queued(posted.context, MessageKind.CIRCLE_ANSWER)
    assert row.due_at == posted.now
    assert f"<@{BO.slack_user}> would add:" in said(posted.context, row, posted.now)


def test_no_row_names_who_adds_and_all_that_is_kept_has_one_length(posted: Posted) -> None:
    before = records(posted.context)
    add(posted)
    assert all_differ(before, records(posted.context))
    waiting = queued(posted.context, MessageKind.CIRCLE_ANSWER)
    assert {(row.kind, row.state) for row in kept(posted.context)} == {
        ("answer", "waiting"),
        ("question", "open"),
    }
    assert len({len(row.sealed) for row in kept(posted.context)}) == 1
    with posted.context.database.reading() as tx:
        seats = stored_circles.members(tx, kept(posted.context)[0].circle_id)
    names = [name for seat in seats for name in (seat.trainee_id, seat.slack_user)]
    assert len(names) == 4
    assert not any(name in str(row) for row in [*kept(posted.context), *waiting] for name in names)
    assert not any(WORDS in str(each) for each in rows(posted.context))


def test_once_posted_answer_and_author_are_deleted(posted: Posted) -> None:
    add(posted)
    before = records(posted.context)
    sent(posted.context, MessageKind.CIRCLE_ANSWER)
    assert text_posts.settle(posted.context, posted.now + APPEARS_WITHIN) == 1
    assert [row.kind for row in kept(posted.context)] == ["question"]
    assert all_differ(before, records(posted.context))
    assert queued(posted.context, MessageKind.ANSWER_NOT_POSTED, MessageKind.ANSWER_UNKNOWN) == []


def test_what_waits_is_shown_to_its_author_alone(posted: Posted) -> None:
    add(posted)
    held = [my_data.held(posted.context, who).trainee for who in (BO, AL)]
    assert [
        [(each.kind, each.waits, each.text) for each in (of.circle_texts if of else ())] for of in held
    ] == [[("answer", True, WORDS)], [("question", False, None)]]


def test_the_same_form_twice_is_one_answer_and_three_a_day_are_enough(posted: Posted) -> None:
    for form in ("a", "a", "b", "c", "c"):
        add(posted, form=form)
    assert len(queued(posted.context, MessageKind.CIRCLE_ANSWER)) == 3
    with pytest.raises(CannotAskError) as problem:
        add(posted, form="d")
    assert problem.value.refusal is Refusal.ANSWERED_ENOUGH
    add(posted, AL, "d")
    tomorrow = dataclasses.replace(posted, now=posted.now + timedelta(days=1))
    add(tomorrow, form="d")


def test_adding_something_keeps_nobody_from_asking(posted: Posted) -> None:
    add(posted)
    questions.ask(posted.context, BO, "ask", "", WORDS, posted.now, named=False)


def test_an_empty_answer_is_refused(posted: Posted) -> None:
    with pytest.raises(FieldError) as problem:
        answers.check(posted.context, BO, "form", posted.place, " \n ", posted.now)
    assert problem.value.reason == "empty"


@pytest.mark.parametrize(
    ("state", "kind", "words"),
    [
        (MessageState.REFUSED, MessageKind.ANSWER_NOT_POSTED, "could not be posted. Nobody has read it."),
        (MessageState.ASKED, MessageKind.ANSWER_UNKNOWN, "could not find out whether what you would add"),
    ],
)
def test_its_author_is_told_where_it_was_not_posted(
    posted: Posted, state: MessageState, kind: MessageKind, words: str
) -> None:
    add(posted)
    sent(posted.context, MessageKind.CIRCLE_ANSWER, state)
    with posted.context.database.transaction() as tx:
        tx.execute(update(outbox).where(outbox.c.state == MessageState.ASKED).values(attempted_at=posted.now))
    late = posted.now + timedelta(days=13 if state is MessageState.REFUSED else 20)
    assert text_posts.settle(posted.context, late) >= 1
    (row,) = queued(posted.context, kind)
    assert (row.to_user, row.to_channel, row.trainee_id) == (None, None, None)
    known = addressed(posted.context, row)
    assert known
    assert known.to_user == BO.slack_user
    message = said(posted.context, known, late)
    assert words in message
    assert WORDS not in message


@pytest.mark.parametrize("marks", [BO, AL], ids=["another", "who asked"])
def test_whoever_marks_it_the_one_who_asked_is_told_once_by_a_row_that_names_nobody(
    posted: Posted, marks: Actor
) -> None:
    before, sealed = records(posted.context), kept(posted.context)[0].sealed
    first = answers.mark(posted.context, marks, posted.id, posted.now)
    assert first.first
    assert all_differ(before, records(posted.context))
    row, message = told(posted)
    assert (row.to_user, row.to_channel, row.trainee_id) == (None, None, None)
    assert posted.al.trainee.id not in str(row)
    assert message.startswith(f"{AL.slack_user}: ")
    assert "Somebody in Oak marked your question as answered." in message
    assert QUESTION not in message
    (left,) = kept(posted.context)
    assert left.state == "answered"
    assert len(left.sealed) == len(sealed)
    with posted.context.database.reading() as tx:
        written = texts.by_id(tx, posted.context.keyring, posted.id)
    assert written
    assert (written.trainee_id, written.text_locked) == ("", b"")
    for who in (AL, BO):
        assert not answers.mark(posted.context, who, posted.id, posted.now).first
    told(posted)


def test_the_word_comes_at_the_programs_working_hours(posted: Posted) -> None:
    night = dataclasses.replace(posted, now=posted.now.replace(hour=23))
    answers.mark(posted.context, BO, posted.id, night.now)
    row, _ = told(night)
    calendar = working_hours(posted.context, posted.al.program, posted.al.program.zone)
    assert row.due_at > night.now
    assert calendar.is_open(row.due_at)


def test_two_who_mark_at_once_are_one_mark(posted: Posted) -> None:
    with ThreadPoolExecutor(2) as threads:
        done = [threads.submit(answers.mark, posted.context, who, posted.id, posted.now) for who in (AL, BO)]
    assert sorted(each.result().first for each in done) == [False, True]
    told(posted)


def test_once_marked_it_can_still_be_added_to(posted: Posted) -> None:
    answers.mark(posted.context, BO, posted.id, posted.now)
    add(posted)
    assert len(queued(posted.context, MessageKind.CIRCLE_ANSWER)) == 1


def test_after_two_weeks_it_can_neither_be_marked_nor_added_to_and_nothing_is_left(posted: Posted) -> None:
    late = posted.now + OPEN
    assert text_posts.settle(posted.context, late) == 1
    assert kept(posted.context) == []
    assert refusal(posted, BO, posted.id, late) == (Refusal.NOT_HERE, Refusal.NOT_HERE)
    answered = my_data.held(posted.context, AL).trainee
    assert answered
    assert answered.circle_texts == ()


def test_who_is_not_in_the_circle_gets_the_answer_to_a_made_up_question(posted: Posted) -> None:
    not_here = (Refusal.NOT_HERE, Refusal.NOT_HERE)
    assert refusal(posted, LEAD, posted.id) == refusal(posted, LEAD, "0" * 32) == not_here
    membership.leave_circle(posted.context, BO, "C1")
    assert refusal(posted, BO, posted.id) == refusal(posted, BO, "0" * 32) == not_here


def test_a_question_that_is_not_posted_yet_is_none(context: Context, now: datetime) -> None:
    al = full_trainee(context, now)
    (row,) = kept(context)
    waiting = Posted(al, row.id, now)
    assert refusal(waiting, BO, row.id) == (Refusal.NOT_HERE, Refusal.NOT_HERE)


def test_pressed_before_a_worker_has_come_to_it_the_text_goes_with_the_mark(
    context: Context, now: datetime
) -> None:
    waiting = Posted(full_trainee(context, now), kept(context)[0].id, now + APPEARS_WITHIN)
    with context.database.transaction() as tx:
        tried = update(outbox).where(outbox.c.id == waiting.id)
        tx.execute(tried.values(attempted_at=now, state=MessageState.UNCERTAIN))
    answers.add(context, BO, "form", Place(waiting.id, TS), WORDS, waiting.now, named=False)
    with pytest.raises(CannotAskError) as problem:
        answers.mark(context, BO, waiting.id, waiting.now)
    assert problem.value.refusal is Refusal.NOT_YET
    with context.database.transaction() as tx:
        tx.execute(tried.values(state=MessageState.SENT))
    assert answers.mark(context, BO, waiting.id, waiting.now).first
    with context.database.reading() as tx:
        written = texts.by_id(tx, context.keyring, waiting.id)
    assert written
    assert (written.state, written.trainee_id, written.text_locked) == (texts.TextState.ANSWERED, "", b"")
    told(waiting)


def test_in_a_closed_circle_nothing_is_added_or_marked(posted: Posted) -> None:
    add(posted)
    membership.close_circle(posted.context, "T1", "C1", posted.now)
    assert refusal(posted, BO, posted.id) == (Refusal.CIRCLE_CLOSED, Refusal.CIRCLE_CLOSED)
    (row,) = queued(posted.context, MessageKind.CIRCLE_ANSWER)
    with posted.context.database.reading() as tx:
        assert render(posted.context, tx, row, posted.now) is None


def test_where_slack_never_told_the_posts_ts_that_of_the_press_is_the_thread(posted: Posted) -> None:
    with posted.context.database.transaction() as tx:
        tx.execute(update(outbox).where(outbox.c.id == posted.id).values(sent_channel=None, sent_ts=None))
    with pytest.raises(CannotAskError):
        add(posted)
    pressed = Place(posted.id, "1767700001.000100")
    answers.add(posted.context, BO, "form", pressed, WORDS, posted.now, named=False)
    assert [row.thread_ts for row in queued(posted.context, MessageKind.CIRCLE_ANSWER)] == [
        pressed.pressed_ts
    ]


def test_who_asked_and_is_forgotten_is_taken_out_of_the_question_and_every_other_is_written_anew(
    posted: Posted,
) -> None:
    later = posted.now + timedelta(days=1)
    questions.ask(posted.context, BO, "ask", "", WORDS, later, named=False)
    sent(posted.context, MessageKind.CIRCLE_QUESTION)
    assert text_posts.settle(posted.context, later + APPEARS_WITHIN) == 1
    before = {row.id: row.sealed for row in kept(posted.context)}
    forget_me.forget(posted.context, AL)
    after = {row.id: row.sealed for row in kept(posted.context)}
    assert before.keys() == after.keys()
    assert len(before) == 2
    assert all(before[each] != after[each] for each in before)
    assert len({len(sealed) for sealed in after.values()}) == 1
    with posted.context.database.reading() as tx:
        whose = {
            each: written.trainee_id
            for each in after
            if (written := texts.by_id(tx, posted.context.keyring, each))
        }
    assert whose[posted.id] == ""
    assert all(whose[each] for each in whose if each != posted.id)


def test_marked_after_who_asked_was_forgotten_nobody_is_told(context: Context, now: datetime) -> None:
    al = full_trainee(context, now)
    (row,) = kept(context)
    sent(context, MessageKind.CIRCLE_QUESTION)
    text_posts.settle(context, now + APPEARS_WITHIN)
    with context.database.transaction() as tx:
        texts.forget_authors(tx, context.keyring, [al.trainee.id], None)
    assert answers.mark(context, BO, row.id, now + APPEARS_WITHIN).first
    assert queued(context, MessageKind.QUESTION_ANSWERED) == []


def test_who_wrote_an_answer_and_is_forgotten_is_not_quoted(posted: Posted) -> None:
    add(posted)
    (row,) = queued(posted.context, MessageKind.CIRCLE_ANSWER)
    forget_me.forget(posted.context, BO)
    assert [each.kind for each in kept(posted.context)] == ["question"]
    with posted.context.database.reading() as tx:
        assert render(posted.context, tx, row, posted.now) is None


def test_without_the_operators_key_a_question_is_not_marked(posted: Posted) -> None:
    lost = dataclasses.replace(posted.context, keyring=Keyring("quite another secret key"))
    with pytest.raises(DecryptionError):
        answers.mark(lost, BO, posted.id, posted.now)
    assert kept(posted.context)[0].state == "open"
    assert queued(posted.context, MessageKind.QUESTION_ANSWERED) == []


def test_the_record_holds_only_the_day_of_an_answer_that_is_posted(posted: Posted) -> None:
    add(posted)
    sent(posted.context, MessageKind.CIRCLE_ANSWER)
    text_posts.settle(posted.context, posted.now + APPEARS_WITHIN)
    with posted.context.database.reading() as tx:
        seat = next(
            each
            for each in stored_circles.members(tx, kept(posted.context)[0].circle_id)
            if each.slack_user == BO.slack_user
        )
        key = posted.context.personal_key(seat.trainee_id)
        (wrote,) = private_records.read(tx, key, seat.trainee_id).wrote_circle
    assert (wrote.kind, wrote.text_id, wrote.written_on) == (TextKind.ANSWER, None, posted.now.date())
