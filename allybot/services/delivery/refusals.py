"""Classifies Slack's refusals and applies their consequences."""

from datetime import datetime
from enum import StrEnum

from allybot import telemetry
from allybot.domain.circles import ChannelOpening
from allybot.domain.people import Actor, is_organisation
from allybot.domain.trainee import TraineeEvent, can_be_deactivated
from allybot.services.circles.closing import tell_leads
from allybot.services.delivery import circle_channels
from allybot.services.delivery.recipients import USER_GONE
from allybot.store.circles.circles import circle_of_channel
from allybot.store.circles.posts import close_circle
from allybot.store.delivery.outbox import OutboxRow
from allybot.store.delivery.rate_limits import stop_workspace
from allybot.store.engine.database import Transaction
from allybot.store.trainees import apply_event, trainee_of

log = telemetry.logger()

# Slack's codes, from the lists of chat.postMessage, chat.update, conversations.open and users.info.
_PERSON = {
    USER_GONE,
    "user_disabled",
    "user_not_found",
    "users_not_found",
    "user_not_visible",
    "cannot_dm_bot",
}
_CHANNEL = {"channel_not_found", "is_archived", "not_in_channel", *ChannelOpening}
_INSTALLATION = {
    "account_inactive",
    "token_revoked",
    "token_expired",
    "invalid_auth",
    "not_authed",
    "missing_scope",
    "org_login_required",
}
NOT_ADDED = "team_access_not_granted"
"""With an organisation-wide token it concerns one workspace of the organisation, which lacks the app."""
_MESSAGE = {"message_not_found", "cant_update_message", "edit_window_closed"}
_THREAD = {"thread_not_found", "cannot_reply_to_message", "restricted_action_thread_locked"}


class Refusal(StrEnum):
    """What a refusal is about.

    PERSON: the user is deactivated. CHANNEL: archived, or the bot was removed. DIRECT_MESSAGE: the id
    changed, so it is opened again. INSTALLATION: the token no longer works. MESSAGE: the message to update,
    or the thread to post in, no longer exists. OURS: anything else, such as an invalid message or a
    workspace setting.
    """

    PERSON = "person"
    CHANNEL = "channel"
    DIRECT_MESSAGE = "direct_message"
    INSTALLATION = "installation"
    MESSAGE = "message"
    OURS = "ours"


def kind_of(reason: str, row: OutboxRow) -> Refusal:
    """Classify Slack's error code for this row."""
    if reason in _PERSON:
        return Refusal.PERSON
    if reason in _INSTALLATION or (reason == NOT_ADDED and not is_organisation(row.workspace_id)):
        return Refusal.INSTALLATION
    if (reason in _MESSAGE and row.replaces_ts) or (reason in _THREAD and row.thread_ts):
        return Refusal.MESSAGE
    if reason in _CHANNEL:
        if row.replaces_ts is None and row.to_user is not None:
            return Refusal.DIRECT_MESSAGE
        direct = row.to_user is not None or (row.to_channel or "").startswith("D")
        return Refusal.MESSAGE if direct else Refusal.CHANNEL
    return Refusal.OURS


def person_is_gone(tx: Transaction, actor: Actor) -> bool:
    """Set a deactivated trainee to GONE; their queued messages are cancelled when they come up.

    A trainee who stopped keeps that state, so that returning to Slack does not reactivate them. False when
    nothing changed.
    """
    trainee = trainee_of(tx, actor, lock=True)
    if trainee is None or not can_be_deactivated(trainee):
        return False
    return apply_event(tx, trainee, TraineeEvent.DEACTIVATE)


def channel_is_closed(tx: Transaction, row: OutboxRow, reason: str, now: datetime) -> None:
    """Close a circle whose channel is gone or was opened, and notify its program's leads. Idempotent."""
    circle = circle_of_channel(tx, row.workspace_id, row.to_channel or "")
    if circle is not None and reason in set(ChannelOpening):
        circle_channels.rest(tx, circle.id, ChannelOpening(reason), now)
        return
    if circle is None or not close_circle(tx, circle.id):
        return
    tell_leads(tx, circle, now)


def installation_is_over(tx: Transaction, workspace_id: str, reason: str) -> None:
    """Stop a workspace whose token no longer works and log it once; its messages stay due."""
    if stop_workspace(tx, workspace_id, reason):
        telemetry.WORKSPACES_STOPPED.inc()
        log.error(
            "a workspace was stopped: Slack no longer takes its token",
            workspace_id=workspace_id,
            reason=reason,
        )
