"""What is held about whoever asks: as a command, as a button, and as a file by direct message."""

from typing import Any

from slack_bolt import Ack, App

from allybot import telemetry
from allybot.domain.my_data import Held
from allybot.domain.people import Actor
from allybot.errors import SlackError
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts import ids
from allybot.prompts.data import my_data as prompts
from allybot.services.data import my_data
from allybot.slack_app.modals import show_view
from allybot.slack_app.replies import Asked, CommandHandler, Desk, actor, say_for

log = telemetry.logger()


def register(bolt: App, desk: Desk) -> None:
    """The button opens a modal, which works from a message and from the Home tab alike."""

    @bolt.action(ids.MY_DATA_SHOW)
    def show(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        who, say = actor(body), say_for(desk, body)
        held = my_data.held(desk.context, who)
        show_view(desk, body, prompts.page(say, held))
        _send_file(desk, who, say, held, str(body.get("trigger_id") or ""))


def _my_data(desk: Desk, asked: Asked) -> Message:
    held = my_data.held(desk.context, asked.actor)
    _send_file(desk, asked.actor, asked.say, held, asked.permit.trigger_id)
    return prompts.shown(asked.say, held)


def _send_file(desk: Desk, who: Actor, say: Say, held: Held, trigger_id: str) -> None:
    """Send the file soon: four calls to Slack take longer than it waits for an answer."""
    if held.is_nothing:
        return
    known = held.trainee.row.dm_channel if held.trainee else None

    def job() -> None:
        try:
            channel = known or desk.slack.open_dm(who.workspace_id, who.slack_user)
            text, comment = prompts.as_file(say, held), prompts.with_the_file(say)
            desk.slack.upload_file(who.workspace_id, channel, prompts.FILE_NAME, text, comment)
        except SlackError as problem:
            log.warning("slack did not take a file", method=problem.method, reason=problem.reason)

    desk.afterwards(f"my data {trigger_id}" if trigger_id else "", job)


COMMANDS: dict[str, CommandHandler] = {"my-data": _my_data}
