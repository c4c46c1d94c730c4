"""What is held about whoever asks: as a command, as a button, and as a file by direct message."""

from slack_bolt import Ack

from allybot import telemetry
from allybot.domain.my_data import Held
from allybot.errors import SlackError
from allybot.message import Message
from allybot.prompts import ids
from allybot.prompts.data import my_data as prompts
from allybot.services.data import my_data
from allybot.slack_app.payloads import Press, Request, SlashCommand
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()
log = telemetry.logger()


@routes.action(ids.MY_DATA_SHOW)
def show(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """A modal, which works from a message and from the Home tab alike."""
    ack()
    held = my_data.held(bot.context, press.actor)
    bot.show(press, prompts.page(bot.say(press), held))
    _send_file(bot, press, held)


@routes.command("my-data")
def answer(bot: HandlerContext, command: SlashCommand) -> Message:
    """The same in a message."""
    held = my_data.held(bot.context, command.actor)
    _send_file(bot, command, held)
    return prompts.shown(bot.say(command), held)


def _send_file(bot: HandlerContext, request: Request, held: Held) -> None:
    """Send the file soon: four calls to Slack take longer than it waits for an answer."""
    if held.is_nothing:
        return
    who, say = request.actor, bot.say(request)
    known = held.trainee.row.dm_channel if held.trainee else None

    def job() -> None:
        try:
            channel = known or bot.slack.open_dm(who.workspace_id, who.slack_user)
            text, comment = prompts.as_file(say, held), prompts.with_the_file(say)
            bot.slack.upload_file(who.workspace_id, channel, prompts.FILE_NAME, text, comment)
        except SlackError as problem:
            log.warning("slack did not take a file", method=problem.method, reason=problem.reason)
            bot.tell(request, known, prompts.file_refused(say, for_good=problem.permanent))

    bot.background(f"my data {request.trigger_id}" if request.trigger_id else "", job)
