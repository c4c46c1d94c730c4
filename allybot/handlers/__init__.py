"""From Slack to us: everything a person can do, one module per story."""

from slack_bolt import App

from allybot.handlers import (
    check_ins,
    circles,
    commands,
    delivery,
    dose,
    home,
    leftovers,
    lifecycle,
    plans,
    privacy,
    transfers,
    typed,
    welcome,
)
from allybot.handlers.desk import Desk


def register(bolt: App, desk: Desk) -> None:
    """The table of contents. `leftovers` comes last: it answers what nobody else does."""
    for story in (
        welcome,
        plans,
        check_ins,
        dose,
        circles,
        transfers,
        privacy,
        home,
        commands,
        typed,
        delivery,
        lifecycle,
        leftovers,
    ):
        story.register(bolt, desk)
