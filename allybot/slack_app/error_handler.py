"""When a listener fails: nobody is left without an answer, and the log learns no more than where."""

from typing import Any

from slack_bolt import App, BoltResponse

from allybot import telemetry
from allybot.i18n import Say
from allybot.message import View
from allybot.prompts.help import as_modal, try_again
from allybot.slack_app.replies import Desk, reply

log = telemetry.logger()


def register(bolt: App, desk: Desk) -> None:
    """Take the place of Bolt's own handler, which writes the error's message into the log."""

    @bolt.error
    def failed(error: Exception, body: dict[str, Any], response: BoltResponse | None) -> BoltResponse | None:
        telemetry.HANDLER_ERRORS.inc()
        log.error("a handler failed", kind=type(error).__name__, where=telemetry.where(error))
        if body.get("type") == "event_callback":
            return None  # not acknowledged if that can still be helped: Slack sends events again
        say = Say()  # his language stands in the database, which may be what failed
        if body.get("type") == "block_actions":
            reply(desk, body, try_again(say))
        if response is None:
            # Acknowledged before. Bolt would take that back: it keeps what is returned here instead, be it
            # None, and if a listener fails within 10 ms of its acknowledgement, Slack never gets it.
            raise error
        if body.get("type") == "view_submission":
            return BoltResponse(status=200, body=_in_modal(body, as_modal(say, try_again(say)), say))
        if "command" in body:
            sorry = try_again(say)
            answer = {"response_type": "ephemeral", "text": sorry.text, "blocks": list(sorry.blocks)}
            return BoltResponse(status=200, body=answer)
        return BoltResponse(status=200)


def _in_modal(body: dict[str, Any], page: View, say: Say) -> dict[str, Any]:
    """An error under the first input, so that what he typed stays; a page where there is none."""
    inputs = [block["block_id"] for block in body["view"]["blocks"] if block["type"] == "input"]
    if inputs:
        return {"response_action": "errors", "errors": {inputs[0]: try_again(say).text}}
    return {"response_action": "update", "view": page.body}
