"""Posts the stories that somebody told, and deletes them afterwards.

Every circle of the program gets one a week, oldest first, the day after its scenario: a post of its own,
whose thread belongs to its question. It is no scenario, as there is nothing to vote on in what somebody did.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from allybot.domain.circles import Circle, CircleState
from allybot.domain.role_stories import KEPT_ONCE_QUEUED, StoryState
from allybot.errors import DecryptionError
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.circles import role_stories as prompts
from allybot.services.circles.role_stories import forget, words_of
from allybot.services.context import Context, Rendering, new_id
from allybot.services.isolation import ScheduledJob
from allybot.services.working_hours import next_working_time
from allybot.store.circles import circles
from allybot.store.circles import role_stories as store
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import OutboxMessage, decrypted_about
from allybot.store.delivery.parked_rows import RowKind
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs

_AFTER_SCENARIO = timedelta(days=1)
"""Between Monday's posts and Thursday's result, in working hours. Our own choice."""
_STALE_AFTER = timedelta(days=7)


def queue_story(context: Context, tx: Transaction, circle: Circle, now: datetime) -> int:
    """Queue the oldest story that a circle has not had; returns how many were queued.

    The circle's row must be locked.

    Args:
        circle: as it was before its next post was planned: `next_post_at` is when this one was.
        now: aware UTC; its scenario is posted now.
    """
    program = programs.program_by_id(tx, circle.program_id)
    waiting = store.of_program(tx, context.keyring, circle.program_id)
    told = [each for each in waiting if each.state is StoryState.TOLD]
    story = next((each for each in told if circle.id not in store.circles_of(tx, each.id)), None)
    if program is None or story is None:
        return 0
    due_at = next_working_time(context, program, program.zone, now + _AFTER_SCENARIO)
    message = OutboxMessage(
        key=f"story:{story.id}:{circle.id}",
        workspace_id=circle.workspace_id,
        kind=MessageKind.ROLE_STORY,
        about_id=story.id,
        due_at=due_at,
        to_channel=circle.channel,
        stale_at=due_at + _STALE_AFTER,
        planned_at=circle.next_post_at,
    )
    store.note_circle(tx, story.id, circle.id)
    served = store.circles_of(tx, story.id)
    going_on = [each for each in circles.circles_of_program(tx, program.id) if each.goes_on]
    if all(each.id in served for each in going_on):
        last = min(story.delete_after, due_at + KEPT_ONCE_QUEUED)
        store.put(tx, context.keyring, replace(story, delete_after=last))
    return outbox.put(tx, new_id(), message)


def render_story_asked(rendering: Rendering) -> Message | None:
    """To whom a lead asks; None once they have told one, declined, or it is over."""
    story = store.by_id(rendering.tx, rendering.context.keyring, rendering.row.about_id)
    program = programs.program_by_id(rendering.tx, story.program_id) if story else None
    if story is None or program is None or story.state is not StoryState.ASKED:
        return None
    return prompts.asked(Say(), story.id, story.asked_by, program.name, program.support_contact)


def render_story_declined(rendering: Rendering) -> Message | None:
    """To the lead who asked: not this time."""
    return prompts.not_this_time(Say(), decrypted_about(rendering.context.keyring, rendering.row))


def render_role_story(rendering: Rendering) -> Message | None:
    """The post in a circle; None once the story was taken back or left out, or the circle is closed."""
    tx, context = rendering.tx, rendering.context
    story = store.by_id(tx, context.keyring, rendering.row.about_id)
    circle = circles.circle_in_channel(tx, rendering.row.workspace_id, rendering.row.to_channel or "")
    if story is None or story.state is not StoryState.TOLD:
        return None
    program = programs.program_by_id(tx, story.program_id)
    if program is None or circle is None or circle.state is CircleState.CLOSED:
        return None
    try:
        words = words_of(context, story)
    except DecryptionError:
        return None  # being taken back at this moment
    return prompts.role_story(Say(), words, story.asked if story.named else None, program.support_contact)


RENDERERS: dict[MessageKind, Callable[[Rendering], Message | None]] = {
    MessageKind.ROLE_STORY: render_role_story,
    MessageKind.STORY_ASKED: render_story_asked,
    MessageKind.STORY_DECLINED: render_story_declined,
}


def _forget_due(context: Context, story_id: str, now: datetime) -> int:
    with context.database.reading() as tx:
        if not store.is_due(tx, story_id, now):
            return 0
    forget(context, [story_id])
    return 1


forget_due = ScheduledJob("role_stories", RowKind.ROLE_STORY, store.due, _forget_due)
"""Delete stories that all circles have had, that waited long enough, or that nobody told in time."""
