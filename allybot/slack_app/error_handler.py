"""When a handler fails: everybody gets an answer, and the log gets no more than the place."""

from slack_bolt import App, BoltResponse

from allybot import telemetry
from allybot.i18n import Say
from allybot.prompts.help import as_modal, try_again
from allybot.slack_app.events import Envelope
from allybot.slack_app.payload_types import Payload
from allybot.slack_app.payloads import Press, SlashCommand, Submission
from allybot.slack_app.replies import HandlerContext

log = telemetry.logger()


def register(bolt: App, bot: HandlerContext) -> None:
    """Replace Bolt's own handler, which writes the error's message into the log."""

    @bolt.error
    def failed(
        error: Exception, parsed: Payload | None, response: BoltResponse | None
    ) -> BoltResponse | None:
        telemetry.HANDLER_ERRORS.inc()
        log.error("a handler failed", kind=type(error).__name__, where=telemetry.where(error))
        if isinstance(parsed, Envelope):
            return None  # not acknowledged if that can still be helped: Slack sends events again
        say = Say()  # the person's language stands in the database, which may be what failed
        sorry = try_again(say)
        if isinstance(parsed, Press):
            bot.reply(parsed, sorry)
        if response is None:
            # Acknowledged before. Bolt would take that back: it keeps what is returned here instead, be it
            # None, and if a listener fails within 10 ms of its acknowledgement, Slack never gets it.
            raise error
        if isinstance(parsed, Submission):
            # Under the first input, so that what was typed stays; as a page where there is none.
            answer = (
                {"response_action": "errors", "errors": {parsed.view.inputs[0]: sorry.text}}
                if parsed.view.inputs
                else {"response_action": "update", "view": as_modal(say, sorry).body}
            )
            return BoltResponse(status=200, body=answer)
        if isinstance(parsed, SlashCommand):
            command_answer = {"response_type": "ephemeral", "text": sorry.text, "blocks": list(sorry.blocks)}
            return BoltResponse(status=200, body=command_answer)
        return BoltResponse(status=200)
