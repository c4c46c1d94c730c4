"""The three answers to the welcome, on its buttons and on the Home tab's."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt import Ack, App

from allybot.domain.people import Actor
from allybot.errors import NotFoundError
from allybot.handlers.home import show_home
from allybot.prompts import ids
from allybot.prompts.help import not_enrolled, stale_button
from allybot.services.context import Context
from allybot.services.trainees import consent
from allybot.slack_app.replies import Desk, actor, reply, say_for

Choice = Callable[[Context, Actor, datetime, consent.MessagePlace | None], bool]


def register(bolt: App, desk: Desk) -> None:
    """Start, ask me later, no thanks."""

    @bolt.action(ids.CONSENT_START)
    def start(ack: Ack, body: dict[str, Any]) -> None:
        _choose(desk, consent.start, ack, body)

    @bolt.action(ids.CONSENT_LATER)
    def later(ack: Ack, body: dict[str, Any]) -> None:
        _choose(desk, consent.later, ack, body)

    @bolt.action(ids.CONSENT_DECLINE)
    def decline(ack: Ack, body: dict[str, Any]) -> None:
        _choose(desk, consent.decline, ack, body)


def _choose(desk: Desk, choice: Choice, ack: Ack, body: dict[str, Any]) -> None:
    """Whose choice it is says the payload's signed user, never the button."""
    who = actor(body)
    try:
        answer = (
            None
            if choice(desk.context, who, desk.now(), _pressed(body))
            else stale_button(say_for(desk, body))
        )
    except NotFoundError:
        answer = not_enrolled(say_for(desk, body))
    ack()
    desk.nudge()
    if body.get("response_url"):
        reply(desk, body, answer)
    else:
        show_home(desk, who)


def _pressed(body: dict[str, Any]) -> consent.MessagePlace | None:
    """Where the message with the button stands; None on the Home tab."""
    container = body.get("container") or {}
    channel, ts = container.get("channel_id"), container.get("message_ts")
    return (str(channel), str(ts)) if channel and ts and not container.get("is_ephemeral") else None
