"""Typed messages and reactions in the direct message: never ignored, never acted upon by a guess."""

from allybot.domain.people import Actor
from allybot.services.trainees import typed
from allybot.slack_app.events import MessageEvent, ReactionEvent
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
    place = typed.Place(event.channel, event.ts, event.thread_ts)
    if typed.answer(bot.context, who, event.text or "", place, bot.now()):
        bot.wake_worker()


@routes.event("reaction_added")
def reaction(bot: HandlerContext, event: ReactionEvent, workspace_id: str) -> None:
    """Answer a reaction to an open check-in with its buttons; drop any other, those in circles unread."""
    channel, ts = event.item.channel, event.item.ts
    if channel is None or ts is None or not channel.startswith("D"):
        return
    who = Actor(workspace_id, event.user)
    if typed.answer_reaction(bot.context, who, (channel, ts), event.event_ts, bot.now()):
        bot.wake_worker()
