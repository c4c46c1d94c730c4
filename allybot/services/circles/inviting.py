"""Invites people into a circle's channel, where the workspace granted the optional scope."""

from allybot.domain.people import Actor
from allybot.errors import SlackError, SlackRefusedError
from allybot.services.circles import seats
from allybot.services.context import Context
from allybot.slack.gateway import SlackGateway

_IN_ALREADY = "already_in_channel"


def invite(context: Context, slack: SlackGateway, who: Actor, channel: str) -> bool:
    """Invite somebody; False where it is to be done by hand.

    The seat is theirs when Slack says that they are in. Whoever is in the channel already is seated at once,
    since no event comes of it.
    """
    try:
        slack.invite(who.workspace_id, channel, who.slack_user)
    except SlackRefusedError as refused:
        if refused.reason != _IN_ALREADY:
            return False
        seats.joined_channel(context, who, channel)
    except SlackError:
        return False
    return True
