"""Checks the circle channels of a list: they must be private and have allybot as a member."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from allybot.errors import SlackRefusedError, UserError
from allybot.services.programs.directory import Enrolee, with_retries
from allybot.slack.answers import SlackChannel
from allybot.slack.gateway import SlackGateway

_SCOPE = "groups:read"
"""The scope `conversations.info` needs for a private channel; public ones need another."""


def look_up_channels(
    slack: SlackGateway, workspace_id: str, channels: Iterable[str], wait: Callable[[float], None]
) -> tuple[dict[str, SlackChannel], list[str]]:
    """The usable channels by id, and for each other one the reason and the remedy.

    Args:
        channels: Slack channel ids; repeated ones are looked up once.
        wait: sleeps for so many seconds when rate limited.

    Raises:
        UserError: the app lacks the scope to look at private channels.
        SlackError: Slack cannot be asked.
    """
    fit: dict[str, SlackChannel] = {}
    unfit: list[str] = []
    for channel in dict.fromkeys(channels):
        found = with_retries(partial(_known, slack, workspace_id, channel), wait)
        if isinstance(found, str):
            unfit.append(f"The circle {channel} {found}")
        else:
            fit[channel] = found
    return fit, unfit


def in_channels(found: Sequence[Enrolee], channels: Mapping[str, SlackChannel]) -> list[Enrolee]:
    """The people, with what their circles' channels are called and with whom those are shared.

    Args:
        channels: by id, as `look_up_channels` gives them.
    """
    return [
        replace(
            each,
            circle_name=each.circle_name or channels[each.circle].name,
            circle_shared_with=channels[each.circle].shared_with,
        )
        if each.circle in channels
        else each
        for each in found
    ]


def _known(slack: SlackGateway, workspace_id: str, channel: str) -> SlackChannel | str:
    """The channel, or why it cannot be used."""
    try:
        found = slack.channel(workspace_id, channel)
    except SlackRefusedError as refused:
        if refused.reason == "channel_not_found":
            return _ABSENT
        if refused.reason == "team_access_not_granted":
            return _NOT_ADDED
        if refused.reason != "missing_scope":
            raise
        if _SCOPE in refused.needed.split(","):
            raise UserError(
                f"allybot may not look at private channels: the app lacks the scope {_SCOPE}. Compare it "
                "with config/slack-manifest.json and install it again."
            ) from refused
        return _PUBLIC
    if not found.is_private or found.is_group_message:
        return _PUBLIC
    if found.is_archived:
        return "is archived. Unarchive the channel in Slack, or put another one on the list."
    return found if found.is_member else _ABSENT


_NOT_ADDED = (
    "is in a workspace that allybot was not added to. Ask an administrator of the organisation to add it "
    "there."
)
_PUBLIC = (
    "is not a private channel, and what is said in a circle is for its members only. Make a private channel, "
    "invite its people and allybot to it, and put its id on the list."
)
# Slack gives the same answer for a private channel without the bot and one that does not exist.
_ABSENT = (
    "is no private channel that allybot is in. If the channel exists, type `/invite @allybot` in it; if not, "
    "copy its id anew from the end of the channel's details in Slack."
)
