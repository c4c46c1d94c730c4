"""A circle follows its channel to a new id, and goes on when the channel is no longer shared."""

from datetime import datetime

from allybot.domain.circle_weeks import first_after
from allybot.domain.circles import ChannelOpening, Circle, CircleState
from allybot.errors import SlackError
from allybot.services.circles.facilitators import rhythm_of
from allybot.services.context import Context
from allybot.services.delivery.circle_channels import tell
from allybot.services.working_hours import working_hours
from allybot.slack.gateway import SlackGateway
from allybot.store.circles.circles import change_circle, circle_in_channel, circle_of_channel
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.engine.database import Transaction
from allybot.store.programs.programs import program_by_id


def moved(context: Context, workspace_id: str, old: str, new: str) -> bool:
    """Let a circle and its messages go to its channel's new id; False when there is none to go. Idempotent.

    Slack gives a private channel another id, for good, when it is first shared with another organisation. A
    circle that was made under the new id meanwhile stays, and so does the one under the old id.
    """
    with context.database.transaction() as tx:
        circle = circle_of_channel(tx, workspace_id, old)
        if circle is None or circle_in_channel(tx, workspace_id, new) is not None:
            return False
        change_circle(tx, circle.id, channel=new)
        outbox.move_channel(tx, workspace_id, old, new)
    return True


def unshared(
    context: Context,
    slack: SlackGateway,
    workspace_id: str,
    channel: str,
    now: datetime,
    *,
    still_shared: bool,
) -> bool:
    """Let a circle go on that rested since its channel was shared; False when it has no reason to.

    Not while others share it than when people were enrolled, nor one whose channel was made public: whoever
    joined it then is still there when it is private again, so a person has to look.

    Args:
        now: the program's clock, aware UTC.
        still_shared: what Slack said of the channel. It counts where Slack does not answer now; the channel
            is looked at again before the next post.
    """
    with context.database.reading() as tx:
        circle = circle_in_channel(tx, workspace_id, channel)
    if circle is None or circle.rests_because is not ChannelOpening.SHARED:
        return False
    try:
        found = slack.channel(workspace_id, channel)
    except SlackError:
        if still_shared:
            return False
    else:
        fit = found.is_private and found.is_member and not found.is_archived
        if not fit or found.shared_with - circle.shared_with:
            return False
    with context.database.transaction() as tx:
        resting = circle_of_channel(tx, workspace_id, channel)
        if resting is None or resting.rests_because is not ChannelOpening.SHARED:
            return False
        _go_on(context, tx, resting, now)
        tell(tx, resting, now, MessageKind.CIRCLE_GOES_ON, MessageKind.CIRCLE_GOES_ON)
    return True


def _go_on(context: Context, tx: Transaction, circle: Circle, now: datetime) -> None:
    """Plan the next scenario as it was planned, or in the next week if that has passed."""
    next_post_at = circle.next_post_at
    program = program_by_id(tx, circle.program_id)
    if program is not None and circle.weeks_posted < circle.last_week and (next_post_at or now) <= now:
        calendar = working_hours(context, program, program.zone)
        next_post_at = first_after(now, rhythm_of(context), calendar).post_at
    change_circle(tx, circle.id, state=CircleState.ACTIVE, rests_because=None, next_post_at=next_post_at)
