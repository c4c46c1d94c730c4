"""What happens to people, circles and the installation in Slack, and what follows here. Twice is once."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from allybot.domain.people import Actor
from allybot.domain.trainee import Trainee, TraineeEvent, event_on_return, is_in_slack
from allybot.services.check_ins import schedule
from allybot.services.circles import membership
from allybot.services.context import Context
from allybot.services.delivery.refusals import installation_is_over, person_is_gone
from allybot.store import trainees
from allybot.store.check_ins import reminders
from allybot.store.engine.database import Transaction
from allybot.store.programs.workspaces import save_workspace, workspace_row


def person_changed(
    context: Context, actor: Actor, now: datetime, *, deleted: bool, zone: str = "", locale: str = ""
) -> bool:
    """Slack says that a person was deactivated, came back, moved to another zone or changed his language.

    Args:
        actor: whom it is about.
        now: the program's time, aware UTC.
        deleted: whether he is deactivated now.
        zone: his IANA zone; empty or unknown to this machine leaves it as it is.
        locale: his Slack locale; empty leaves it as it is.

    Returns:
        Whether anything changed.
    """
    with context.database.transaction() as tx:
        trainee = trainees.trainee_of(tx, actor, lock=True)
        if trainee is None:
            return False
        if deleted:
            return person_is_gone(tx, actor)
        changed = _moves(tx, trainee, zone, locale)
        if not is_in_slack(trainee.state):
            _returns(context, tx, trainee, now)
        elif changed.zone != trainee.zone and _is_waiting(changed, now):
            schedule.schedule_next(context, tx, changed, now)
        return changed != trainee or not is_in_slack(trainee.state)


def left_channel(context: Context, actor: Actor, channel: str) -> bool:
    """Somebody left a channel; if it is a circle's, or the bot left it, the circle follows.

    Returns:
        Whether anything changed.
    """
    with context.database.reading() as tx:
        workspace = workspace_row(tx, actor.workspace_id)
    if workspace is not None and workspace.bot_user == actor.slack_user:
        return membership.close_circle(context, actor.workspace_id, channel)
    return membership.leave_circle(context, actor, channel)


def channel_closed(context: Context, workspace_id: str, channel: str) -> bool:
    """A channel was archived or deleted, or the bot removed from it; False when it is no circle's."""
    return membership.close_circle(context, workspace_id, channel)


def uninstalled(context: Context, workspace_id: str, reason: str) -> bool:
    """The app was removed or its bot token revoked: nothing is posted any more, and the token is forgotten.

    What is kept about people goes on its day, as promised. Connecting the workspace again starts it again.

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


def _moves(tx: Transaction, trainee: Trainee, zone: str, locale: str) -> Trainee:
    new_zone = _zone(zone) or trainee.zone
    new_locale = locale or trainee.locale
    if (new_zone, new_locale) != (trainee.zone, trainee.locale):
        trainees.change_trainee(tx, trainee.id, zone=new_zone.key, locale=new_locale)
    if new_zone != trainee.zone:
        reminders.find_anew(tx, trainee.id)
    return trainees.trainee_by_id(tx, trainee.id) or trainee


def _returns(context: Context, tx: Transaction, trainee: Trainee, now: datetime) -> None:
    """Back to where he stood, which the rest of his row tells; a missed reminder is not made up for."""
    event = event_on_return(trainee, now)
    if event is not TraineeEvent.REACTIVATE:
        trainees.apply_event(tx, trainee, event)
    elif trainees.apply_event(tx, trainee, event, paused_until=None):
        back = trainees.trainee_by_id(tx, trainee.id)
        if (
            back is not None and back.next_check_in_at is not None
        ):  # None: he was silent, and is left in peace
            schedule.reschedule_after_pause(context, tx, back, now)


def _is_waiting(trainee: Trainee, now: datetime) -> bool:
    """Whether a check-in is ahead of him; one that is due this minute is left alone."""
    due_at = trainee.check_in_planned_at
    return due_at is not None and due_at > now


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
