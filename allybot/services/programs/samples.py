"""What a trainee will get, sent as a test to an operator or a lead. Nothing of it is stored or counted."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from allybot.domain.check_ins import CheckIn
from allybot.domain.circles import CircleWeek, WeekState
from allybot.domain.people import Program
from allybot.domain.plans import Intention, Plan, PlanState
from allybot.errors import SlackUnavailableError
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.check_ins.messages import check_in
from allybot.prompts.circles.messages import CircleFacts, scenario
from allybot.prompts.data.privacy import Terms
from allybot.prompts.programs import samples as prompts
from allybot.prompts.trainees.commands import overview
from allybot.prompts.trainees.welcome import welcome
from allybot.services.context import Context, new_id
from allybot.services.programs.terms import terms
from allybot.slack.gateway import SlackGateway

_LONGEST_WAIT, _DEFAULT_WAIT, _ATTEMPTS = 5.0, 1.0, 3
"""Seconds, and tries of one message, while Slack asks to slow down: it takes about one message a second in a
channel. Our own numbers; a Slack that is busier than that is left alone."""
_UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Recipient:
    """Who gets the test; `locale` as Slack has it."""

    workspace_id: str
    slack_user: str
    locale: str


def send(
    context: Context,
    slack: SlackGateway,
    to: Recipient,
    now: datetime,
    program: Program | None = None,
    wait: Callable[[float], None] = time.sleep,
) -> None:
    """Send a welcome, a check-in, the help and a scenario, by direct message.

    It goes round the outbox, which is for what trainees get: a test is not looked up or sent again.

    Args:
        now: the program's time, aware UTC.
        program: whose name, dates and contact are shown; None for examples.
        wait: sleeps for so many seconds when Slack asks for it.

    Raises:
        SlackError: Slack did not take all of it.
    """
    channel = slack.open_dm(to.workspace_id, to.slack_user)
    say = Say(to.locale)
    for message in messages(context, say, now, program):
        _post(slack, to.workspace_id, channel, prompts.as_test(say, message), wait)


def messages(context: Context, say: Say, now: datetime, program: Program | None) -> Iterator[Message]:
    """The four messages, unmarked; people and plans in them are examples."""
    shown, rules = _terms(context, say, now, program), context.content.rules
    library = context.content.plan_library_of(program.name if program else "")
    kind, parts = next(iter(library.kinds.items()))
    step, today = rules.ladder.steps_days[0], now.date()
    intention = Intention(say(parts.example.cue), say(parts.example.response))
    plan = Plan(id=new_id(), kind=kind, intention=intention, state=PlanState.ACTIVE, created_at=now)
    asked = CheckIn(id=new_id(), trainee_id="", step=step, window_id=None, due_at=now)
    story = context.content.scenarios[0]
    week = CircleWeek(
        id=new_id(),
        circle_id="",
        monday=today - timedelta(days=today.weekday()),
        number=1,
        scenario_id=story.id,
        facilitator_id=None,
        public_key=b"",
        opens_at=now + timedelta(days=3),
        state=WeekState.OPEN,
        counts=None,
    )
    circle = CircleFacts(
        facilitator=None,
        next_facilitator=None,
        zone=program.zone if program else _UTC,
        support_contact=shown.support_contact,
        min_votes=context.content.min_votes_of(shown.program),
        votes=True,
    )
    yield welcome(say, shown)
    yield check_in(say, asked, plan, today - timedelta(days=step), shown.minimum_respondents)
    yield overview(say, shown.support_contact, is_lead=False)
    yield scenario(say, story, week, circle)


def _terms(context: Context, say: Say, now: datetime, program: Program | None) -> Terms:
    if program is not None:
        with context.database.reading() as tx:
            return terms(context, tx, program)
    rules = context.content.rules
    closing = tuple(
        now.date() + timedelta(days=part.ends_on_day + rules.windows.grace_days)
        for part in rules.windows.parts
    )
    return Terms(
        program=prompts.example_name(say),
        support_contact=prompts.example_contact(say),
        minimum_respondents=rules.publishing.default_respondents,
        check_ins=len(rules.ladder.steps_days) + 1,
        days=rules.ladder.replan_day,
        last_day=max(rules.ladder.keep_going_days, default=rules.ladder.replan_day),
        counted_on=closing,
        deleted_on=closing[-1] + timedelta(days=rules.retention.trainee_rows_days + 1),
        custodian=False,
    )


def _post(
    slack: SlackGateway, workspace_id: str, channel: str, message: Message, wait: Callable[[float], None]
) -> None:
    message_id = new_id()
    for attempt in range(_ATTEMPTS):
        try:
            slack.post(workspace_id, channel, message, message_id)
        except SlackUnavailableError as busy:
            seconds = busy.retry_after or _DEFAULT_WAIT
            if attempt == _ATTEMPTS - 1 or seconds > _LONGEST_WAIT:
                raise
            wait(seconds)
        else:
            return
