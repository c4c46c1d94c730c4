"""What nobody else answers: buttons and modals of another version, events we did not ask for."""

import re
from typing import Any

from slack_bolt import Ack, App, Respond

from allybot.handlers.desk import Desk, reply, say_for
from allybot.prompts.help import stale_button

ANYTHING = re.compile(".*", re.DOTALL)


def register(bolt: App, desk: Desk) -> None:
    """A kind answer and a 200 for everything; Slack would otherwise send an event again and again."""

    @bolt.action(ANYTHING)
    def action(ack: Ack, body: dict[str, Any], respond: Respond) -> None:
        ack()
        if body.get("response_url"):
            reply(respond, stale_button(say_for(desk, body)))

    @bolt.view(ANYTHING)
    def view(ack: Ack) -> None:
        ack(response_action="clear")

    @bolt.view_closed(ANYTHING)
    def closed(ack: Ack) -> None:
        ack()

    @bolt.shortcut(ANYTHING)
    @bolt.options(ANYTHING)
    def unasked(ack: Ack) -> None:
        ack()

    @bolt.event(ANYTHING)
    def event() -> None:
        """Nothing to do; Bolt has acknowledged it."""
