"""An uncertain question to a circle: nobody who is asked about it learns its author."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import insert, select

from allybot.domain.circle_questions import APPEARS_WITHIN
from allybot.domain.people import Actor
from allybot.services.circles import questions as ask
from allybot.services.circles import text_posts
from allybot.services.context import new_id
from allybot.services.delivery import did_it_appear
from allybot.services.delivery.sender import deliver
from allybot.services.renderers import render
from allybot.store import trainees
from allybot.store.circles import circles, texts
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import MessageState, OutboxRow, rows_in
from allybot.store.plans import private_records
from allybot.store.tables import channel_budget, circle_member, outbox
from allybot.store.vault import vault
from tests.workers.delivery_harness import CIRCLE_CHANNEL, HERE, Office

AUTHOR, FACILITATOR = Actor(HERE, "UA2"), Actor(HERE, "UA1")
WORDS = "What would you say to a zebra?"


@pytest.fixture
def asked(office: Office, circle_of) -> Office:
    """UA2, a member of the circle that UA1 facilitates, has asked something."""
    circle_of()
    for trainee in ("trainee-UA1", "trainee-UA2"):
        with office.context.vault.transaction() as vault_tx:
            vault.add_person_key(vault_tx, office.context.keyring, trainee)
    with office.context.database.transaction() as tx:
        for place, trainee in enumerate(("trainee-UA1", "trainee-UA2")):
            tx.execute(
                insert(circle_member).values(circle_id="circle-1", trainee_id=trainee, place=place, turns=0)
            )
        assert circles.is_member(tx, "circle-1", "trainee-UA2")
        for trainee in ("trainee-UA1", "trainee-UA2"):
            trainees.change_trainee(tx, trainee, consented_at=office.now)
            private_records.create(tx, office.context.personal_key(trainee), trainee)
    ask.ask(office.context, AUTHOR, "form", "", WORDS, office.now, named=False)
    office.now += APPEARS_WITHIN
    return office


def speak(office: Office) -> None:
    for number in range(4):
        deliver(
            office.context,
            office.slack,
            render,
            f"w{number}-{new_id()}",
            office.now,
            office.real,
            office.rules,
        )


def question(office: Office) -> OutboxRow:
    with office.context.database.reading() as tx:
        found = [
            row
            for state in MessageState
            for row in rows_in(tx, state)
            if row.kind is MessageKind.CIRCLE_QUESTION
        ]
    (row,) = found
    return row


def words_wait(office: Office) -> bool:
    text_posts.settle(office.context, office.now)
    with office.context.database.reading() as tx:
        written = texts.by_id(tx, office.context.keyring, question(office).about_id)
        return written is not None and written.state is texts.TextState.WAITING


def posted(office: Office) -> int:
    return sum(WORDS in text for text in office.seen())


def test_it_is_posted_once_and_its_words_are_gone(asked: Office) -> None:
    assert words_wait(asked)
    speak(asked)
    assert question(asked).state is MessageState.SENT
    assert posted(asked) == 1
    assert not words_wait(asked)


def test_the_facilitator_is_asked_and_reads_neither_author_nor_words(asked: Office) -> None:
    asked.fault("drop_before")
    speak(asked)
    assert question(asked).state is MessageState.ASKED
    (asking,) = [text for text in asked.seen() if "Did it appear" in text]
    assert "UA2" not in asking
    assert "zebra" not in asking
    assert posted(asked) == 0
    assert words_wait(asked)
    did_it_appear.answer(asked.context, FACILITATOR, question(asked).id, appeared=False, now=asked.now)
    speak(asked)
    assert question(asked).state is MessageState.SENT
    assert posted(asked) == 1
    assert not words_wait(asked)


def test_yes_means_posted_and_the_words_are_gone(asked: Office) -> None:
    asked.fault("drop_after_accept")
    speak(asked)
    assert words_wait(asked)
    did_it_appear.answer(asked.context, FACILITATOR, question(asked).id, appeared=True, now=asked.now)
    speak(asked)
    assert posted(asked) == 1
    assert not words_wait(asked)


def archive(office: Office) -> None:
    office.emulator.slack.workspaces[HERE].conversations[CIRCLE_CHANNEL].is_archived = True


def told(office: Office) -> list[str]:
    return [text for text in office.seen().elements() if "could not be posted" in text]


def test_a_channel_that_is_gone_takes_nothing_and_keeps_nothing(asked: Office) -> None:
    archive(asked)
    speak(asked)
    assert question(asked).state is MessageState.REFUSED
    assert not words_wait(asked)


def test_its_author_is_told_once_whoever_forgets_it_first_and_whoever_sends(asked: Office) -> None:
    archive(asked)
    at_once(lambda: speak(asked))
    at_once(lambda: text_posts.settle(asked.context, asked.now))
    at_once(lambda: speak(asked))
    assert posted(asked) == 0
    (message,) = told(asked)
    assert WORDS not in message
    assert "is closed to allybot" in message
    direct = [each for each in asked.messages() if each["text"] == message]
    members = [
        conversation.members
        for conversation in asked.emulator.slack.workspaces[HERE].conversations.values()
        if any(each.fields in direct for each in conversation.by_ts.values())
    ]
    assert ["UA2" in each and "UA1" not in each for each in members] == [True]


def test_two_workers_post_it_once(asked: Office) -> None:
    at_once(lambda: speak(asked))
    at_once(lambda: text_posts.settle(asked.context, asked.now))
    assert posted(asked) == 1
    assert not words_wait(asked)
    assert told(asked) == []


def test_of_a_message_about_a_failure_no_row_keeps_the_author(asked: Office) -> None:
    archive(asked)
    speak(asked)
    text_posts.settle(asked.context, asked.now)
    speak(asked)
    assert len(told(asked)) == 1
    with asked.context.database.reading() as tx:
        found = tx.execute(select(outbox).where(outbox.c.kind == MessageKind.QUESTION_NOT_POSTED)).one()
        budgets = tx.execute(select(channel_budget.c.channel)).scalars().all()
    assert (found.to_user, found.sent_channel, found.sent_ts, found.about_id) == (None, None, None, "settled")
    assert "UA2" not in budgets


def at_once(work: Callable[[], object]) -> None:
    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(work) for _ in range(2)]:
            done.result()
