"""From Slack to us: everything a person can do, one module per story."""

from slack_bolt import App

from allybot.handlers import commands, home
from allybot.handlers.check_ins import answering, frequency, quiet_days, reminders
from allybot.handlers.circles import circles, questions
from allybot.handlers.data import forget_me, my_data, privacy
from allybot.handlers.delivery import did_it_appear
from allybot.handlers.outcomes import summary, what_leads_see
from allybot.handlers.plans import plans
from allybot.handlers.trainees import consent, slack_events, typed, why
from allybot.slack_app import error_handler, fallback
from allybot.slack_app.replies import Desk


def register(bolt: App, desk: Desk) -> None:
    """The table of contents. `leftovers` comes last: it answers what nobody else does.

    What a whole cohort presses at once comes first, because Bolt asks one listener after the other.
    """
    error_handler.register(bolt, desk)
    for story in (
        answering,
        circles,
        consent,
        plans,
        frequency,
        quiet_days,
        reminders,
        why,
        questions,
        summary,
        privacy,
        what_leads_see,
        my_data,
        forget_me,
        home,
        commands,
        typed,
        did_it_appear,
        slack_events,
        fallback,
    ):
        story.register(bolt, desk)
