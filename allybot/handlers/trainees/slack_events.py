"""Slack's events about people, channels and the installation. Each may come twice."""

from functools import partial

from allybot.domain.away import away_until
from allybot.domain.people import Actor
from allybot.services.trainees import slack_events
from allybot.slack_app.events import (
    CHANNEL_CLOSED,
    ChannelEvent,
    ChannelIdChanged,
    ChannelShared,
    ChannelUnshared,
    Event,
    MemberEvent,
    TeamAccess,
    TokensRevoked,
    UserChange,
)
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()


@routes.event("user_change")
def user_change(bot: HandlerContext, event: UserChange, workspace_id: str) -> None:
    """A person was deactivated, or has another zone, language or status."""
    user, status = event.user, event.user.profile
    slack_events.person_changed(
        bot.context,
        Actor(workspace_id, user.id),
        bot.now(),
        deleted=user.deleted,
        zone=user.tz or "",
        locale=user.locale or "",
        away=away_until(status.status_text, status.status_emoji, status.status_expiration),
    )


@routes.event("member_joined_channel")
def member_joined(bot: HandlerContext, event: MemberEvent, workspace_id: str) -> None:
    """Somebody joined what may be a circle's channel."""
    if slack_events.joined_channel(bot.context, Actor(workspace_id, event.user), event.channel):
        bot.wake_worker()


@routes.event("member_left_channel")
def member_left(bot: HandlerContext, event: MemberEvent, workspace_id: str) -> None:
    """Somebody left what may be a circle's channel."""
    if slack_events.left_channel(bot.context, Actor(workspace_id, event.user), event.channel, bot.now()):
        bot.wake_worker()


@routes.event(*CHANNEL_CLOSED)
def channel_closed(bot: HandlerContext, event: ChannelEvent, workspace_id: str) -> None:
    """A channel is gone for allybot."""
    if slack_events.channel_closed(bot.context, workspace_id, event.channel, bot.now()):
        bot.wake_worker()


@routes.event("channel_shared")
def channel_shared(bot: HandlerContext, event: ChannelShared, workspace_id: str) -> None:
    """A channel was shared with another organisation."""
    channel, others, now = event.channel, event.connected_team_id, bot.now()

    def look() -> None:
        if slack_events.channel_shared(bot.context, bot.slack, workspace_id, channel, others, now):
            bot.wake_worker()

    bot.background("", look)


@routes.event("channel_unshared")
def channel_unshared(bot: HandlerContext, event: ChannelUnshared, workspace_id: str) -> None:
    """An organisation no longer shares a channel."""
    channel, still, now = event.channel, event.is_ext_shared, bot.now()

    def look() -> None:
        if slack_events.channel_unshared(bot.context, bot.slack, workspace_id, channel, still, now):
            bot.wake_worker()

    bot.background("", look)


@routes.event("channel_id_changed")
def channel_id_changed(bot: HandlerContext, event: ChannelIdChanged, workspace_id: str) -> None:
    """A channel that is being shared has another id; that it was shared may have been said before."""
    channel, now = event.new_channel_id, bot.now()
    if not slack_events.channel_id_changed(bot.context, workspace_id, event.old_channel_id, channel):
        return

    def look() -> None:
        if slack_events.channel_shared(bot.context, bot.slack, workspace_id, channel, None, now):
            bot.wake_worker()

    bot.background("", look)


@routes.event("team_access_granted", "team_access_revoked")
def team_access(_bot: HandlerContext, event: TeamAccess, workspace_id: str) -> None:
    """An organisation added allybot to some of its workspaces, or removed it."""
    added = event.type == "team_access_granted"
    slack_events.reach_changed(workspace_id, len(event.team_ids), added=added)


@routes.event("app_uninstalled")
def app_uninstalled(bot: HandlerContext, _event: Event, workspace_id: str) -> None:
    """A workspace removed allybot."""
    _ended(bot, workspace_id, "app_uninstalled")


@routes.event("tokens_revoked")
def tokens_revoked(bot: HandlerContext, event: TokensRevoked, workspace_id: str) -> None:
    """A person's own token may be revoked, too; allybot has none of those."""
    if event.tokens.bot:
        _ended(bot, workspace_id, "tokens_revoked")


def _ended(bot: HandlerContext, workspace_id: str, reason: str) -> None:
    bot.background("", partial(slack_events.installation_ended, bot.context, bot.slack, workspace_id, reason))
