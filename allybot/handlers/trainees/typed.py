"""Typed messages in the direct message: never ignored, never acted upon by a guess."""

from typing import Any

from slack_bolt import App

from allybot.domain.people import Actor
from allybot.domain.typed import meaning
from allybot.services.trainees import typed
from allybot.slack_app.replies import Desk, before_acknowledging

_WRITTEN = {None, "file_share", "me_message", "thread_broadcast"}
"""Kinds of message that hold a person's own new words; the others tell of changes, or are somebody else's."""


def register(bolt: App, desk: Desk) -> None:
    """Answer what a person types to the bot; what Slack says about edits and bots is passed over."""

    @before_acknowledging(bolt, "message")
    def message(event: dict[str, Any], body: dict[str, Any]) -> None:
        if event.get("channel_type") != "im" or event.get("subtype") not in _WRITTEN or event.get("bot_id"):
            return
        who = Actor(str(body.get("team_id") or ""), str(event.get("user") or ""))
        listed = desk.context.content.typed_words.listed
        understood = meaning(str(event.get("text") or ""), listed)
        if typed.answer(desk.context, who, understood, str(event["channel"]), str(event["ts"]), desk.now()):
            desk.nudge()
