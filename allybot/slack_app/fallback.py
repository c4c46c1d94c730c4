"""What nobody else answers: buttons, modals and commands of another version, events we did not ask for."""

import re
from typing import Any

from slack_bolt import Ack, App

from allybot.prompts.help import renamed_command, stale_button
from allybot.slack_app import fields
from allybot.slack_app.replies import Desk, answer, say_for

ANYTHING = re.compile(".*", re.DOTALL)


def register(bolt: App, desk: Desk) -> None:
    """A kind answer and a 200 for everything; Slack would otherwise send an event again and again."""

    @bolt.action(ANYTHING)
    def action(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        answer(desk, body, stale_button(say_for(desk, body)))

    @bolt.view(ANYTHING)
    def view(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        fields.keep_open(ack, view, say_for(desk, body))

    @bolt.view_closed(ANYTHING)
    def closed(ack: Ack) -> None:
        ack()

    @bolt.command(ANYTHING)
    def command(ack: Ack, body: dict[str, Any]) -> None:
        told = renamed_command(say_for(desk, body))
        ack(text=told.text, blocks=list(told.blocks), response_type="ephemeral")

    @bolt.event(ANYTHING)
    def event() -> None:
        """Nothing to do; Bolt has acknowledged it."""
