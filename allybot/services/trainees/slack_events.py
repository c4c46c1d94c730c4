"""Handles Slack's events about users, channels and the installation. All functions are idempotent."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from allybot import telemetry
from allybot.domain.people import Actor
from allybot.domain.trainee import Trainee, TraineeEvent, event_on_return, is_in_slack
from allybot.errors import DecryptionError, SlackError, SlackRefusedError
from allybot.services.check_ins import schedule
from allybot.services.circles import membership, seats, votes
from allybot.services.context import Context
from allybot.services.delivery import channel_changes, circle_channels
from allybot.services.delivery.refusals import installation_is_over, person_is_gone
from allybot.services.programs.workspaces import token_of
from allybot.slack.gateway import SlackGateway
from allybot.store import trainees
from allybot.store.engine.database import Transaction
from allybot.store.programs.workspaces import save_workspace, workspace_row

log = telemetry.logger()


def person_changed(
    context: Context,
    actor: Actor,
    now: datetime,
    *,
    deleted: bool,
    zone: str = "",
    locale: str = "",
    away: datetime | None = None,
) -> bool:
    """A user was deactivated or reactivated in Slack, or changed time zone, language or status.

    Args:
        actor: the user it is about.
        now: the program's time, aware UTC.
        deleted: whether the user is deactivated now.
        zone: IANA zone; when empty or unknown to this host, the stored one is kept.
        locale: Slack locale; when empty, the stored one is kept.
        away: end of a dated away status, aware UTC; one that is past counts as None.

    Returns:
        Whether anything changed.
    """
    with context.database.transaction() as tx:
        trainee = trainees.trainee_of(tx, actor, lock=True)
        if trainee is None:
            return False
        if deleted:
            return person_is_gone(tx, actor)
        away = away if away and away > now else None
        if away != trainee.away_until:
            trainees.change_trainee(tx, trainee.id, away_until=away)
        changed = _update_zone_and_locale(tx, trainee, zone, locale)
        if not is_in_slack(trainee.state):
            _reactivate(context, tx, trainee, now)
        elif changed.zone != trainee.zone and _has_future_check_in(changed, now):
            schedule.schedule_next(context, tx, changed, now)
        return changed != trainee or not is_in_slack(trainee.state)


def joined_channel(context: Context, actor: Actor, channel: str) -> bool:
    """A user joined a channel: they join its circle where they may; whether they have a new seat."""
    return seats.joined_channel(context, actor, channel)


def left_channel(context: Context, actor: Actor, channel: str, now: datetime) -> bool:
    """A user left a channel: they leave its circle; when the bot left, the circle is closed.

    Args:
        now: the program's time, aware UTC.

    Returns:
        Whether anything changed.
    """
    with context.database.reading() as tx:
        workspace = workspace_row(tx, actor.workspace_id)
    if workspace is not None and workspace.bot_user == actor.slack_user:
        return membership.close_circle(context, actor.workspace_id, channel, now)
    return membership.leave_circle(context, actor, channel)


def channel_closed(context: Context, workspace_id: str, channel: str, now: datetime) -> bool:
    """A channel was archived or deleted, or the bot was removed from it; False when it has no circle.

    Args:
        now: the program's time, aware UTC.
    """
    return membership.close_circle(context, workspace_id, channel, now)


def channel_shared(
    context: Context,
    slack: SlackGateway,
    workspace_id: str,
    channel: str,
    with_whom: str | None,
    now: datetime,
) -> bool:
    """A channel was or may have been shared with another organisation; whether a circle rests since.

    Args:
        with_whom: the organisation's id; None where Slack has not said it.
        now: the program's time, aware UTC.
    """
    rests = circle_channels.shared(context, slack, workspace_id, channel, with_whom, now)
    if rests:
        votes.discard_closed(context)
    return rests


def channel_unshared(
    context: Context,
    slack: SlackGateway,
    workspace_id: str,
    channel: str,
    still_shared: bool,  # noqa: FBT001 - as Slack's event says it
    now: datetime,
) -> bool:
    """An organisation no longer shares a channel; whether a circle that rested goes on.

    Args:
        still_shared: whether others still share it.
        now: the program's time, aware UTC.
    """
    return channel_changes.unshared(context, slack, workspace_id, channel, now, still_shared=still_shared)


def channel_id_changed(context: Context, workspace_id: str, old: str, new: str) -> bool:
    """A channel has another id for good; False when it has no circle."""
    return channel_changes.moved(context, workspace_id, old, new)


def reach_changed(workspace_id: str, count: int, *, added: bool) -> None:
    """An organisation added allybot to so many of its workspaces, or removed it: for the operator's log.

    Nothing is stored: what Slack then refuses, or no longer refuses, says it for each message.
    """
    if added:
        log.info("an organisation added allybot to workspaces", workspace_id=workspace_id, count=count)
    else:
        log.warning("an organisation removed allybot from workspaces", workspace_id=workspace_id, count=count)


def installation_ended(context: Context, slack: SlackGateway, workspace_id: str, reason: str) -> None:
    """Slack said that the app was removed: `uninstalled`, unless the bot token still works.

    Slack's word may come after the app was installed again. Without an answer from Slack the workspace stays
    as it is; the first message that Slack refuses stops it.
    """
    with context.database.reading() as tx:
        workspace = workspace_row(tx, workspace_id)
    if workspace is not None and workspace.token_wrapped is not None:
        try:
            slack.identify(token_of(context, workspace_id))
        except (SlackRefusedError, DecryptionError) as problem:
            if not (
                isinstance(problem, SlackError) and problem.reason == "token_expired"
            ):  # not refreshed yet
                uninstalled(context, workspace_id, reason)
        except SlackError:
            return
        else:
            log.info("a workspace was removed and installed again", workspace_id=workspace_id, reason=reason)


def uninstalled(context: Context, workspace_id: str, reason: str) -> bool:
    """The app was removed or its bot token revoked: stop posting and delete the token.

    Trainees' data is deleted on its usual date. Connecting the workspace again resumes posting.

    Args:
        workspace_id: Slack's team id.
        reason: Slack's name for what happened, such as `app_uninstalled`.
    """
    with context.database.transaction() as tx:
        workspace = workspace_row(tx, workspace_id)
        if workspace is None or (workspace.state == "stopped" and workspace.token_wrapped is None):
            return False
        installation_is_over(tx, workspace_id, reason)
        save_workspace(tx, workspace_id, token_wrapped=None)
    return True


def _update_zone_and_locale(tx: Transaction, trainee: Trainee, zone: str, locale: str) -> Trainee:
    new_zone = _zone_or_none(zone) or trainee.zone
    new_locale = locale or trainee.locale
    if (new_zone, new_locale) != (trainee.zone, trainee.locale):
        trainees.change_trainee(tx, trainee.id, zone=new_zone.key, locale=new_locale)
    return trainees.trainee_by_id(tx, trainee.id) or trainee


def _reactivate(context: Context, tx: Transaction, trainee: Trainee, now: datetime) -> None:
    """Restore the state from before the deactivation; reminders missed meanwhile are not sent."""
    event = event_on_return(trainee, now)
    if event is not TraineeEvent.REACTIVATE:
        trainees.apply_event(tx, trainee, event)
    elif trainees.apply_event(tx, trainee, event, paused_until=None):
        back = trainees.trainee_by_id(tx, trainee.id)
        if back is not None:
            schedule.reschedule_after_pause(context, tx, back, now)


def _has_future_check_in(trainee: Trainee, now: datetime) -> bool:
    """Whether a check-in is planned in the future; one that is due now keeps its time."""
    due_at = trainee.check_in_planned_at
    return due_at is not None and due_at > now


def _zone_or_none(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
