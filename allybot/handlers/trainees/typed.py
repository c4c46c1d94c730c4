"""Typed messages in the direct message: never ignored, never acted upon by a guess."""

from allybot.domain.people import Actor
from allybot.services.trainees import typed
from allybot.slack_app.events import MessageEvent
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()
_WRITTEN = {None, "file_share", "me_message", "thread_broadcast"}
"""Subtypes of messages with a person's own new words; the others tell of changes, or are by somebody else."""


@routes.event("message")
def message(bot: HandlerContext, event: MessageEvent, workspace_id: str) -> None:
    """Answer what a person types to the bot."""
    if event.channel_type != "im" or event.subtype not in _WRITTEN or event.bot_id:
        return
    who = Actor(workspace_id, event.user or "")
    if typed.answer(bot.context, who, event.text or "", event.channel, event.ts, bot.now()):
        bot.wake_worker()
