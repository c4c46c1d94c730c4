"""Test messages: `/allybot program test` for leads, and the buttons of a test, which do nothing."""

from slack_bolt import Ack

from allybot import telemetry
from allybot.domain.people import Program
from allybot.errors import SlackError
from allybot.message import Message
from allybot.prompts.programs import samples as prompts
from allybot.prompts.programs.sample_ids import PRESSES
from allybot.services.programs import samples
from allybot.slack_app.payloads import Press, SlashCommand
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()
log = telemetry.logger()


@routes.action(*PRESSES)
def pressed(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Any button of a test message."""
    ack()
    bot.answer(press, prompts.pressed(bot.say(press)))


def send_test(bot: HandlerContext, command: SlashCommand, program: Program) -> Message:
    """Send a lead what the trainees of their program get; it comes after the acknowledgement."""
    say, actor, now = bot.say(command), command.actor, bot.now()
    to = samples.Recipient(actor.workspace_id, actor.slack_user, say.locale)

    def job() -> None:
        try:
            samples.send(bot.context, bot.slack, to, now, program)
        except SlackError as problem:
            telemetry.ANSWERS_LOST.inc()
            log.warning("slack did not take a test message", method=problem.method, reason=problem.reason)

    bot.background(f"test {command.trigger_id}", job)
    return prompts.on_its_way(say)
