"""Role models' stories: a lead asks somebody, who tells one of their own, declines, or says nothing.

What is told waits until circles have got it, see `role_story_posts`. Only its author may change it or take
it back; a lead may leave it out. That somebody declined is told to nobody, unless they press that they would
like it told.
"""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from allybot.crypto import lock_text, unlock_text
from allybot.domain.people import Actor, Program
from allybot.domain.role_stories import (
    ANSWERED_WITHIN,
    KEPT_AT_MOST,
    MOST_WAITING,
    StoryState,
    StoryWords,
    ToldStory,
)
from allybot.errors import DecryptionError, NotFoundError, WrongStateError
from allybot.services.context import Context, new_id
from allybot.services.leads import led_or_first, led_program
from allybot.services.working_hours import next_working_time
from allybot.store.circles import role_stories as store
from allybot.store.circles.role_stories import RoleStory
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import OutboxMessage, encrypted_about
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs
from allybot.store.vault import vault as keys
from allybot.store.vault.suppression import suppressed_among

_STALE_AFTER = timedelta(days=7)


@dataclass(frozen=True)
class Asked:
    """Somebody who was asked, and what they have told so far."""

    story: RoleStory
    program: Program
    words: StoryWords | None


def told_in(context: Context, actor: Actor, program_id: str) -> tuple[Program, list[ToldStory]]:
    """The stories of a program that wait for circles; who was asked and has told nothing is not shown.

    Raises:
        NotALeadError: the actor does not lead it.
    """
    with context.database.reading() as tx:
        program = led_or_first(tx, actor, program_id)
        found = []
        for each in store.of_program(tx, context.keyring, program.id):
            with suppress(DecryptionError):  # being taken back at this moment
                if each.state is not StoryState.ASKED:
                    name = each.asked if each.named else None
                    hidden = each.state is StoryState.HIDDEN
                    found.append(ToldStory(each.id, words_of(context, each), name, hidden))
        return program, found


def ask(context: Context, actor: Actor, program_id: str, slack_user: str, now: datetime) -> Program:
    """Ask somebody for a story by a direct message; the same happens for the lead whatever comes of it.

    Nobody is asked twice at a time, nor who asked allybot to be forgotten or declined.

    Args:
        now: aware UTC.

    Raises:
        NotALeadError: the actor does not lead the program.
        WrongStateError: as many stories wait already as circles can take.
    """
    person = Actor(actor.workspace_id, slack_user)
    left_alone = _is_left_alone(context, person)
    with context.database.transaction() as tx:
        program = led_or_first(tx, actor, program_id)
        there = store.of_program(tx, context.keyring, program.id)
        # Counting who was asked, too, would show a lead that somebody declined.
        if sum(each.state is not StoryState.ASKED for each in there) >= MOST_WAITING:
            raise WrongStateError
        if left_alone or any(each.asked == slack_user for each in there):
            return program
        story = RoleStory(
            id=new_id(),
            workspace_id=program.workspace_id,
            program_id=program.id,
            asked=slack_user,
            asked_by=actor.slack_user,
            delete_after=now + ANSWERED_WITHIN,
        )
        store.put(tx, context.keyring, story)
        message = OutboxMessage(
            key=f"story-asked:{story.id}",
            workspace_id=program.workspace_id,
            kind=MessageKind.STORY_ASKED,
            about_id=story.id,
            due_at=next_working_time(context, program, program.zone, now),
            to_user=slack_user,
            stale_at=story.delete_after,
        )
        outbox.put(tx, new_id(), message)
        return program


def choose(context: Context, actor: Actor, story_id: str, *, hidden: bool) -> str:
    """A lead leaves a story out, or lets it come again; the id of its program.

    Raises:
        NotALeadError: the actor does not lead its program.
        NotFoundError: it is gone, or was not told.
    """
    with context.database.transaction() as tx:
        story = store.by_id(tx, context.keyring, story_id, lock=True)
        if story is None or story.state is StoryState.ASKED:
            raise NotFoundError
        led_program(tx, actor, story.program_id)
        state = StoryState.HIDDEN if hidden else StoryState.TOLD
        store.put(tx, context.keyring, replace(story, state=state))
        return story.program_id


def asked(context: Context, actor: Actor, story_id: str) -> Asked:
    """What somebody was asked for, and has told so far.

    Raises:
        NotFoundError: they were not asked, or it is over.
    """
    with context.database.reading() as tx:
        story, program = _own(context, tx, actor, story_id)
        words = words_of(context, story) if story.text_locked else None
        return Asked(story, program, words)


def tell(
    context: Context, actor: Actor, story_id: str, words: StoryWords, now: datetime, *, named: bool
) -> Asked:
    """Tell a story, or change one that is told. Idempotent.

    Args:
        now: aware UTC.

    Raises:
        NotFoundError: as in `asked`.
        DecryptionError: its key was erased meanwhile.
    """
    with context.database.reading() as tx:
        _own(context, tx, actor, story_id)
    with context.vault.transaction() as vault_tx:
        keys.add_person_key(vault_tx, context.keyring, story_id)
    locked = lock_text(context.personal_key(story_id), json.dumps(asdict(words), ensure_ascii=False))
    with context.database.transaction() as tx:
        story, program = _own(context, tx, actor, story_id, lock=True)
        hidden = story.state is StoryState.HIDDEN
        first = story.state is StoryState.ASKED
        story = replace(
            story,
            state=StoryState.HIDDEN if hidden else StoryState.TOLD,
            named=named,
            text_locked=locked,
            delete_after=now + KEPT_AT_MOST if first else story.delete_after,
        )
        store.put(tx, context.keyring, story)
        return Asked(story, program, words)


def withdraw(context: Context, actor: Actor, story_id: str) -> None:
    """Take back a story, or decline to tell one: all of it is deleted, and nobody is told. Idempotent."""
    with suppress(NotFoundError):
        with context.database.reading() as tx:
            _own(context, tx, actor, story_id)
        forget(context, [story_id])


def decline_and_tell(context: Context, actor: Actor, story_id: str, now: datetime) -> None:
    """Decline, and let the lead who asked know: not this time. Idempotent.

    Args:
        now: aware UTC.
    """
    with suppress(NotFoundError):
        with context.database.transaction() as tx:
            story, program = _own(context, tx, actor, story_id)
            message = OutboxMessage(
                key=f"story-declined:{story.id}",
                workspace_id=story.workspace_id,
                kind=MessageKind.STORY_DECLINED,
                about_id=encrypted_about(context.keyring, actor.slack_user),
                due_at=next_working_time(context, program, program.zone, now),
                to_user=story.asked_by,
                stale_at=now + _STALE_AFTER,
            )
            outbox.put(tx, new_id(), message)
        forget(context, [story_id])


def forget(context: Context, story_ids: list[str]) -> None:
    """Delete stories for good: first the key, then the row. Idempotent."""
    with context.vault.transaction() as vault_tx:
        for story_id in story_ids:
            keys.erase_person_key(vault_tx, story_id)
    with context.database.transaction() as tx:
        for story_id in story_ids:
            store.forget(tx, story_id)


def words_of(context: Context, story: RoleStory) -> StoryWords:
    """What was told.

    Raises:
        DecryptionError: its key was erased, or nothing was told.
    """
    return StoryWords(**json.loads(unlock_text(context.personal_key(story.id), story.text_locked)))


def _own(
    context: Context, tx: Transaction, actor: Actor, story_id: str, *, lock: bool = False
) -> tuple[RoleStory, Program]:
    story = store.by_id(tx, context.keyring, story_id, lock=lock)
    program = programs.program_by_id(tx, story.program_id) if story else None
    if story is None or program is None or Actor(story.workspace_id, story.asked) != actor:
        raise NotFoundError
    return story, program


def _is_left_alone(context: Context, person: Actor) -> bool:
    """Whether somebody asked to be forgotten or declined; True also where that cannot be read."""
    try:
        with context.vault.reading() as vault_tx:
            return bool(suppressed_among(vault_tx, context.keyring, [person]))
    except DecryptionError:
        return True
