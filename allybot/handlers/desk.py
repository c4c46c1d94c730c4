"""What every handler has on its desk, and how it reads who is acting."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_bolt import Respond

from allybot.clock import Clock
from allybot.domain.people import Actor
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.help import as_modal
from allybot.services.house import House
from allybot.services.people import locale_of
from allybot.slack_gateway import SlackGateway


@dataclass(frozen=True)
class Desk:
    """What handlers work with.

    Attributes:
        clock: says what is due; read once per payload.
        nudge: tells a worker in this process that the outbox has something new; cheap, never fails.
    """

    house: House
    slack: SlackGateway
    clock: Clock
    nudge: Callable[[], None]

    def now(self) -> datetime:
        """The program's time, aware UTC."""
        return self.clock()


@dataclass(frozen=True)
class Asked:
    """One `/allybot` command: who asked, the words after the subcommand, and how to open a modal."""

    actor: Actor
    words: str
    trigger_id: str
    say: Say


CommandHandler = Callable[[Desk, Asked], Message | None]
"""Answers a subcommand with an ephemeral message, or None when it opened a modal instead."""


def actor(body: Mapping[str, Any]) -> Actor:
    """Who acts, from any of Slack's payloads: interactions nest ids, commands and events do not."""
    team = body.get("team")
    user = body.get("user")
    return Actor(
        workspace_id=str(team["id"] if isinstance(team, Mapping) else body.get("team_id") or ""),
        slack_user=str(user["id"] if isinstance(user, Mapping) else body.get("user_id") or user or ""),
    )


def say_for(desk: Desk, body: Mapping[str, Any]) -> Say:
    """Whoever acts, in his own language where allybot knows it."""
    return Say(locale_of(desk.house, actor(body)))


def reply(respond: Respond, message: Message | None, *, replace: bool = False) -> None:
    """Answer a button where it was pressed, seen by that person only; None means there is nothing to say.

    With `replace` the message that held the button becomes the answer, if it was seen by him only.
    """
    if message is not None:
        respond(
            text=message.text,
            blocks=list(message.blocks),
            response_type="ephemeral",
            replace_original=replace,
        )


def answer(
    desk: Desk, body: Mapping[str, Any], respond: Respond, message: Message | None, *, replace: bool = False
) -> None:
    """Answer a button wherever it may stand: as `reply` in a message, else in a modal.

    Slack gives no response_url for presses on the Home tab and in modals.
    """
    if message is None or body.get("response_url"):
        reply(respond, message, replace=replace)
        return
    who, page, view = actor(body), as_modal(say_for(desk, body), message), body.get("view") or {}
    if view.get("type") == "modal":
        desk.slack.update_view(who.workspace_id, str(view["id"]), page, None)
    else:
        desk.slack.open_view(who.workspace_id, str(body["trigger_id"]), page)
