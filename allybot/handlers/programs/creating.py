"""Setting up a program in Slack, in two steps: a form, and a look at every date before it is made."""

from slack_bolt import Ack

from allybot.domain.people import Actor
from allybot.errors import FormError, NotFoundError, SlackError
from allybot.message import Message
from allybot.prompts.help import try_again
from allybot.prompts.programs import creating as prompts
from allybot.prompts.programs import creating_problems, program_ids
from allybot.services.programs import creators, directory, setting_up
from allybot.services.programs.setting_up import Draft, LookAhead
from allybot.slack.answers import SlackPerson
from allybot.slack_app.forms import keep_open
from allybot.slack_app.payloads import Press, Request, Submission
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes
from allybot.slack_app.sent_view import SentView

routes = Routes()


@routes.action(program_ids.NEW)
def new(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """The button on the Home tab."""
    ack()
    bot.answer(press, open_form(bot, press))


def open_form(bot: HandlerContext, request: Request) -> Message | None:
    """Open the form; a message instead for who may not set up programs."""
    say, now = bot.say(request), bot.now()
    try:
        if not creators.may_create(bot.context, bot.slack, request.actor):
            return prompts.may_not_create(say)
        zone = bot.slack.person(request.actor.workspace_id, request.actor.slack_user).zone
    except SlackError:
        return try_again(say)
    first = setting_up.suggested(bot.context, zone, now)
    today = first.trained_on or now.date()
    view = prompts.form(say, today, first.country, first.zone, first.emergency_number, first.minimum)
    bot.open_modal(request, view)
    return None


@routes.view(program_ids.NEW_FORM)
def look_ahead(bot: HandlerContext, submission: Submission, ack: Ack) -> None:
    """The first step: say what cannot be kept under its field, or show every date on top of the form."""
    say, view, who = bot.say(submission), submission.view, submission.actor
    problems: dict[str, str] = {}
    contact = _contact(bot, view, who, problems)
    draft = Draft(
        name=view.text(prompts.NAME),
        cohort=view.text(prompts.COHORT),
        trained_on=view.day(prompts.TRAINED),
        contact=contact,
        country=view.text(prompts.COUNTRY),
        zone=view.text(prompts.ZONE),
        emergency_number=view.text(prompts.EMERGENCY),
        minimum=view.text(prompts.MINIMUM),
        people=view.text(prompts.PEOPLE),
        pool=view.text(prompts.POOL),
        counts_moments=view.selected(prompts.COUNTING) == prompts.MOMENTS,
    )
    language = say.locale.partition("-")[0]
    try:
        ahead = setting_up.look_ahead(bot.context, who, draft, bot.now(), language)
    except FormError as error:
        problems = error.problems | problems
    if problems:
        ack(response_action="errors", errors=creating_problems.problems(say, problems))
        return
    me = _person(bot, who, who.slack_user)
    contact_leads = me is not None and directory.seems_to_be(contact, me)
    page = prompts.preview(
        say,
        _packed(ahead),
        ahead.calendar,
        ahead.people,
        ahead.minimum,
        ahead.forecasts,
        rate_needed=ahead.rate_needed,
        is_doubtful=ahead.is_doubtful,
        contact_leads=contact_leads,
        pool_least=ahead.pool_least,
        pool_months=ahead.pool_months,
    )
    ack(response_action="push", view=page.body)


@routes.view(program_ids.NEW_CONFIRM)
def make(bot: HandlerContext, submission: Submission, ack: Ack) -> None:
    """The second step: make it, for who still may."""
    say, view, who = bot.say(submission), submission.view, submission.actor
    try:
        value = view.value(program_ids.DraftValue)
    except NotFoundError:
        keep_open(ack, view, say)
        return
    try:
        allowed = creators.may_create(bot.context, bot.slack, who)
        answer = None if allowed else prompts.may_not_create(say).text
    except SlackError:
        answer = try_again(say).text
    if answer is None:
        draft = Draft(**value.model_dump(exclude={"v"}))
        meant = bool(view.checked(prompts.MEANT))
        try:
            program = setting_up.set_up(bot.context, who, draft, bot.now(), dates_confirmed=meant)
        except FormError as error:
            answer = "\n".join(creating_problems.problems(say, error.problems).values())
    if answer is not None:
        ack(response_action="update", view=prompts.not_made(say, answer).body)
        return
    bot.wake_worker()
    ack(response_action="update", view=prompts.made(say, program.name).body)


def _contact(bot: HandlerContext, view: SentView, who: Actor, problems: dict[str, str]) -> str:
    """Whom people can turn to: the name of the person chosen, with what was typed behind it."""
    typed = " ".join(view.text(prompts.CONTACT).split())
    chosen = view.user(prompts.PERSON)
    if not chosen:
        return typed
    person = _person(bot, who, chosen)
    if person is None:
        problems[prompts.PERSON] = "not_asked"
    elif person.is_bot or person.deleted or chosen == who.slack_user:
        problems[prompts.PERSON] = "unfit"
    else:
        return ", ".join(filter(None, (person.name[:80], typed)))
    return typed or chosen


def _person(bot: HandlerContext, who: Actor, slack_user: str) -> SlackPerson | None:
    try:
        return bot.slack.person(who.workspace_id, slack_user)
    except SlackError:
        return None


def _packed(ahead: LookAhead) -> program_ids.DraftValue:
    draft = ahead.draft
    return program_ids.DraftValue(
        name=draft.name,
        cohort=draft.cohort,
        trained_on=draft.trained_on or ahead.today,
        contact=draft.contact,
        country=draft.country,
        zone=draft.zone,
        emergency_number=draft.emergency_number,
        minimum=draft.minimum,
        people=draft.people,
        pool=draft.pool,
        counts_moments=draft.counts_moments,
    )
