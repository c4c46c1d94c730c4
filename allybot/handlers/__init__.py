"""What people do in Slack, one folder per story."""

from slack_bolt import App

from allybot.handlers import commands, home
from allybot.handlers.check_ins import answering, frequency, going_on, quiet_days, reminders
from allybot.handlers.circles import (
    answers,
    circles,
    deeds,
    founding,
    life,
    own_scenarios,
    questions,
    recaps,
    role_stories,
    scenarios,
)
from allybot.handlers.data import forget_me, my_data, privacy
from allybot.handlers.delivery import did_it_appear
from allybot.handlers.outcomes import summary, what_leads_see
from allybot.handlers.plans import form, lines, notes, plans, rehearsals
from allybot.handlers.programs import (
    adding,
    changing,
    corrections,
    creating,
    pooling,
    programs,
    proposing,
    samples,
    suggestions,
)
from allybot.handlers.trainees import (
    coming_back,
    consent,
    plan_copies,
    pool_consent,
    slack_events,
    typed,
    why,
)
from allybot.slack_app import error_handler
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

MODULES = (
    adding,
    answering,
    answers,
    changing,
    circles,
    coming_back,
    commands,
    consent,
    corrections,
    creating,
    deeds,
    did_it_appear,
    forget_me,
    form,
    founding,
    frequency,
    going_on,
    home,
    life,
    lines,
    my_data,
    notes,
    own_scenarios,
    plan_copies,
    plans,
    pool_consent,
    pooling,
    privacy,
    programs,
    proposing,
    questions,
    quiet_days,
    recaps,
    rehearsals,
    reminders,
    role_stories,
    samples,
    scenarios,
    slack_events,
    suggestions,
    summary,
    typed,
    what_leads_see,
    why,
)
ROUTES = Routes(*(module.routes for module in MODULES))
"""Everything that is handled."""


def register(bolt: App, bot: HandlerContext) -> None:
    """Connect every handler to Bolt."""
    error_handler.register(bolt, bot)
    ROUTES.connect(bolt, bot)
