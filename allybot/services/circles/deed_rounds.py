"""A circle's deeds round: which deeds without a name go with it, what is posted, and what is deleted then.

Also the post of a deed with a name. Deeds of people who have left the circle, or allybot, are not posted.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from allybot.crypto import unlock_text
from allybot.domain.circles import Circle, CircleState, CircleWeek, Member
from allybot.domain.deeds import WaitingDeed, going_with_round
from allybot.domain.trainee import is_in_slack
from allybot.errors import DecryptionError
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.circles import deeds as prompts
from allybot.services.circles.messages import found_week
from allybot.services.context import Context, Rendering, new_id
from allybot.services.isolation import ScheduledJob
from allybot.store.circles import circles, deeds
from allybot.store.circles.deeds import Told
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import OutboxMessage
from allybot.store.delivery.parked_rows import RowKind
from allybot.store.engine.database import Transaction

_BEFORE_SCENARIO = timedelta(seconds=1)
"""A circle's messages are sent in the order of their due times, and the scenario is to stand last."""


def round_key(week: CircleWeek) -> str:
    """The outbox key of a week's deeds round."""
    return f"deeds:{week.circle_id}:{week.monday.isoformat()}"


def queue_round(context: Context, tx: Transaction, circle: Circle, week: CircleWeek, now: datetime) -> int:
    """Queue the round of a week, with the deeds that go with it; the first week has none.

    Returns:
        How many messages were queued.
    """
    if week.number == 1:
        return 0
    message = OutboxMessage(
        key=round_key(week),
        workspace_id=circle.workspace_id,
        kind=MessageKind.DEEDS_ROUND,
        about_id=week.id,
        due_at=now - _BEFORE_SCENARIO,
        to_channel=circle.channel,
        stale_at=week.opens_at,
        planned_at=circle.next_post_at,
    )
    if not outbox.put(tx, new_id(), message):
        return 0
    here = _members(tx, circle.id)
    waiting = [told for told in deeds.in_circle(tx, context.keyring, circle.id) if told.post_key is None]
    deeds.forget(tx, [told.id for told in waiting if told.teller not in here])
    staying = [WaitingDeed(told.id, told.teller, told.kept_back) for told in waiting if told.teller in here]
    going = going_with_round(staying, is_last=week.number >= circle.last_week)
    deeds.send_with(tx, going, message.key)
    deeds.keep_back(tx, [each.id for each in staying if each.id not in going])
    return 1


def render_deeds_round(rendering: Rendering) -> Message | None:
    """The round with its deeds; None when its circle was closed."""
    tx, context = rendering.tx, rendering.context
    found = found_week(tx, rendering.row.about_id)
    if found is None:
        return None
    program, circle, week = found
    going = deeds.posted_with(tx, context.keyring, rendering.row.key)
    texts = _texts(context, _members(tx, circle.id), going)
    return prompts.deeds_round(Say(), week.monday, texts, program.support_contact)


def render_named_deed(rendering: Rendering) -> Message | None:
    """A deed under its teller's name; None once they are gone or no longer a member."""
    tx, context = rendering.tx, rendering.context
    told = deeds.one(tx, context.keyring, rendering.row.about_id)
    circle = circles.circle_by_id(tx, told.circle_id) if told else None
    if told is None or circle is None or circle.state is CircleState.CLOSED:
        return None
    here = _members(tx, circle.id)
    texts = _texts(context, here, [told])
    return prompts.named_deed(Say(), here[told.teller].slack_user, texts[0]) if texts else None


def _members(tx: Transaction, circle_id: str) -> dict[str, Member]:
    """The members of a circle who are still in Slack, by trainee."""
    members = circles.members(tx, circle_id)
    return {member.trainee_id: member for member in members if is_in_slack(member.state)}


def _texts(context: Context, here: dict[str, Member], found: Sequence[Told]) -> list[str]:
    """The texts of those of these deeds whose teller is still here."""
    texts = []
    for told in found:
        try:
            if told.teller in here:
                texts.append(unlock_text(context.personal_key(told.teller), told.text_locked))
        except DecryptionError:
            continue  # they are being erased at this moment
    return texts


def _forget(context: Context, deed_id: str, now: datetime) -> int:
    with context.database.transaction() as tx:
        if deeds.missed_its_round(tx, deed_id, now):
            deeds.keep_back(tx, [deed_id])
            return 1
        return deeds.forget(tx, [deed_id])


forget_settled = ScheduledJob("deeds", RowKind.DEED, deeds.settled, _forget)
"""Delete deeds that are posted, and named ones that cannot be; returns how many.

Deeds whose round was not posted wait for the next one, until their last day.
"""
