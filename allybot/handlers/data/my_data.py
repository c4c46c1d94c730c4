"""What is held about whoever asks: as a command, as a button, and as a file by direct message."""

from slack_bolt import Ack

from allybot.domain.my_data import Held
from allybot.message import Message, TextFile
from allybot.prompts import ids
from allybot.prompts.data import my_data as prompts
from allybot.services.data import my_data
from allybot.slack_app.payloads import Press, Request, SlashCommand
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()


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
    """The file, by direct message."""
    if held.is_nothing:
        return
    say = bot.say(request)
    known = held.trainee.row.dm_channel if held.trainee else None
    bot.send_file(
        request,
        known,
        lambda: TextFile(prompts.FILE_NAME, prompts.as_file(say, held), prompts.with_the_file(say)),
        lambda for_good: prompts.file_refused(say, for_good=for_good),
    )
