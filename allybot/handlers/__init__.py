"""From Slack to us: everything a person can do, one module per story."""

from slack_bolt import App

from allybot.handlers import (
    ask,
    check_ins,
    circles,
    commands,
    delivery,
    dose,
    forget_me,
    home,
    leftovers,
    lifecycle,
    my_data,
    plans,
    privacy,
    quiet,
    reminders,
    transfers,
    trouble,
    typed,
    welcome,
    what_leads_see,
    why,
)
from allybot.handlers.desk import Desk


def register(bolt: App, desk: Desk) -> None:
    """The table of contents. `leftovers` comes last: it answers what nobody else does.

    What a whole cohort presses at once comes first, because Bolt asks one listener after the other.
    """
    trouble.register(bolt, desk)
    for story in (
        check_ins,
        circles,
        welcome,
        plans,
        dose,
        quiet,
        reminders,
        why,
        ask,
        transfers,
        privacy,
        what_leads_see,
        my_data,
        forget_me,
        home,
        commands,
        typed,
        delivery,
        lifecycle,
        leftovers,
    ):
        story.register(bolt, desk)
