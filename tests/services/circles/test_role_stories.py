"""Role models' stories on SQLite and PostgreSQL: their circles, their key, a backup, a new secret key."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from allybot.crypto import Keyring
from allybot.domain.people import Actor
from allybot.domain.role_stories import ANSWERED_WITHIN, KEPT_AT_MOST, MOST_WAITING, StoryState, StoryWords
from allybot.errors import NotALeadError, NotFoundError, WrongStateError
from allybot.services.circles import membership, role_stories, role_story_posts
from allybot.services.context import Context
from allybot.services.data import erasure, key_rotation, retention
from allybot.store import tables
from allybot.store.circles import role_stories as store
from allybot.store.circles.role_stories import SEALED_BYTES, RoleStory
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.programs import programs
from tests.conftest import SECRET
from tests.services.circles.test_circles import (
    BEFORE,
    MONDAY,
    WEEK,
    actor,
    context,
    queued,
    seat,
    set_up,
)

__all__ = ["context"]
LEAD, LEYLA = Actor("T1", "ULEAD"), Actor("T1", "ULEYLA")
WORDS = StoryWords("\U0001f98a" * 500, "\U0001f98a" * 300, "\U0001f98a" * 300, "\U0001f98a" * 150)
DAY = timedelta(days=1)


def told(context: Context, *people: Actor) -> list[str]:
    """Two circles of three, and the stories of these people, as long as they may be."""
    program = set_up(context, 3)
    for number in (3, 4, 5):
        seat(context, program, number, channel="C2")
    with context.database.transaction() as tx:
        programs.add_lead(tx, program.id, LEAD.slack_user)
    for each in people:
        role_stories.ask(context, LEAD, program.id, each.slack_user, BEFORE)
    ids = [of_person(context, each).id for each in people]
    for story_id, each in zip(ids, people, strict=True):
        role_stories.tell(context, each, story_id, WORDS, BEFORE, named=False)
    return ids


def of_person(context: Context, who: Actor) -> RoleStory:
    with context.database.reading() as tx:
        (story,) = store.of_person(tx, context.keyring, who)
    return story


def there(context: Context) -> list[str]:
    with context.database.reading() as tx:
        return list(tx.execute(select(tables.role_story.c.id)).scalars())


def test_each_circle_gets_one_a_week_and_the_last_lets_it_go(context: Context) -> None:
    first, second = told(context, LEYLA, actor(0))
    membership.queue_due(context, MONDAY)
    posts = queued(context, MessageKind.ROLE_STORY)
    assert len({row.about_id for row in posts}) == 1
    assert [row.to_channel for row in posts] in (["C1", "C2"], ["C2", "C1"])
    assert {row.due_at - MONDAY for row in posts} == {DAY}
    membership.queue_due(context, MONDAY + WEEK)
    assert {row.about_id for row in queued(context, MessageKind.ROLE_STORY)} == {first, second}
    role_story_posts.forget_due(context, MONDAY + WEEK + 2 * DAY)
    assert len(there(context)) == 1
    role_story_posts.forget_due(context, MONDAY + 3 * WEEK)
    assert there(context) == []


def test_a_row_shows_neither_who_nor_how_long_and_its_key_is_no_orphan(context: Context) -> None:
    (story_id,) = told(context, LEYLA)
    role_stories.ask(context, LEAD, of_person(context, LEYLA).program_id, "UBO", BEFORE)
    with context.database.reading() as tx:
        lengths = {len(sealed) for sealed in tx.execute(select(tables.role_story.c.sealed)).scalars()}
    assert lengths == {SEALED_BYTES + 40}
    for days in (0, 2, 4):
        retention.tidy(context, BEFORE + timedelta(days=days))
    assert role_stories.asked(context, LEYLA, story_id).words == WORDS
    with pytest.raises(NotFoundError):
        role_stories.asked(context, actor(0), story_id)
    with pytest.raises(NotALeadError):
        role_stories.choose(context, actor(0), story_id, hidden=True)


def test_what_was_taken_back_does_not_come_back_with_a_backup(context: Context) -> None:
    (story_id,) = told(context, LEYLA)
    with context.database.reading() as tx:
        row = dict(tx.execute(select(tables.role_story)).mappings().one())
    role_stories.withdraw(context, actor(0), story_id)
    assert there(context) == [story_id], "only its author takes it back"
    role_stories.withdraw(context, LEYLA, story_id)
    with context.database.transaction() as tx:
        tx.execute(tables.role_story.insert().values(**row))
    assert erasure.drop_erased(context) == 1
    assert there(context) == []


def test_the_secret_key_is_changed_under_a_story(context: Context) -> None:
    (story_id,) = told(context, LEYLA)
    fresh = "another test secret and quite long"
    found = {
        each.what: each.anew
        for each in key_rotation.rotate(replace(context, keyring=Keyring(f"{fresh},{SECRET}")))
    }
    assert found["role models' stories"] == 1
    assert role_stories.asked(replace(context, keyring=Keyring(fresh)), LEYLA, story_id).words == WORDS


def test_who_says_nothing_and_what_no_circle_takes_is_deleted(context: Context) -> None:
    told(context, LEYLA)
    role_stories.ask(context, LEAD, of_person(context, LEYLA).program_id, "UBO", BEFORE)
    role_story_posts.forget_due(context, BEFORE + ANSWERED_WITHIN)
    assert len(there(context)) == 1
    role_story_posts.forget_due(context, BEFORE + KEPT_AT_MOST)
    assert there(context) == []


def test_stories_that_nobody_can_read_or_that_a_lead_left_out_are_in_no_circles_way(context: Context) -> None:
    unreadable, hidden, good = told(context, LEYLA, actor(0), actor(1))
    role_stories.choose(context, LEAD, hidden, hidden=True)
    with context.database.transaction() as tx:
        bad = update(tables.role_story).where(tables.role_story.c.id == unreadable)
        tx.execute(bad.values(sealed=b"x" * 80))
    membership.queue_due(context, MONDAY)
    assert {row.about_id for row in queued(context, MessageKind.ROLE_STORY)} == {good}


def test_a_lead_asks_no_further_while_so_many_stories_wait_and_learns_nothing_of_who_declined(
    context: Context,
) -> None:
    people = [Actor("T1", f"UX{number}") for number in range(MOST_WAITING)]
    ids = told(context, *people[:-1])
    program_id = of_person(context, people[0]).program_id
    for number in range(MOST_WAITING):
        role_stories.ask(context, LEAD, program_id, f"UY{number}", BEFORE)
    last = people[-1]
    role_stories.ask(context, LEAD, program_id, last.slack_user, BEFORE)
    role_stories.tell(context, last, of_person(context, last).id, WORDS, BEFORE, named=True)
    with pytest.raises(WrongStateError):
        role_stories.ask(context, LEAD, program_id, "UZ", BEFORE)
    seen = role_stories.told_in(context, LEAD, program_id)[1]
    assert len(seen) == MOST_WAITING
    assert [each.name for each in seen if each.name] == [last.slack_user]
    assert of_person(context, last).state is StoryState.TOLD
    assert set(ids) < {each.id for each in seen}
