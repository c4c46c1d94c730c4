"""Correcting a program in Slack: the button of its page, the forms behind it, and the log."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial

from slack_bolt import Ack

from allybot.domain.calendar import Away
from allybot.domain.people import Actor
from allybot.errors import NotALeadError, NotFoundError, SlackError
from allybot.i18n import Say
from allybot.message import View
from allybot.prompts.help import as_modal, not_a_lead, stale_button
from allybot.prompts.programs import change_forms as forms
from allybot.prompts.programs import change_log as log_prompts
from allybot.prompts.programs import changing as prompts
from allybot.prompts.programs import pooling as pool_forms
from allybot.prompts.programs import program_ids
from allybot.prompts.programs.program_ids import ChangeFormValue, Doing, Form, ProgramFormValue, ProgramValue
from allybot.prompts.programs.refusals import said
from allybot.services.programs import change_log, changing, correcting, ending
from allybot.services.programs.change_run import Effects
from allybot.services.programs.correcting import Corrections
from allybot.services.programs.refusals import ChangeRefusedError
from allybot.slack_app.forms import keep_open
from allybot.slack_app.payloads import Press, Submission
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes
from allybot.slack_app.sent_view import SentView

routes = Routes()


@contextmanager
def _for_leads(bot: HandlerContext, press: Press) -> Iterator[None]:
    """Answers a press on an old button, and one by somebody who does not lead the program."""
    try:
        yield
    except (NotFoundError, ChangeRefusedError):
        bot.answer(press, stale_button(bot.say(press)))
    except NotALeadError:
        bot.answer(press, not_a_lead(bot.say(press)))


@routes.action(program_ids.CHANGE)
def show_menu(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """The button on a program's page."""
    ack()
    with _for_leads(bot, press):
        facts = changing.facts(bot.context, press.actor, press.value(ProgramValue).program)
        bot.show(press, forms.menu(bot.say(press), facts.program))


@routes.action(program_ids.LOG)
def show_log(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """What was changed."""
    ack()
    with _for_leads(bot, press):
        found = change_log.changes_of(bot.context, press.actor, press.value(ProgramValue).program)
        bot.answer(press, log_prompts.log(bot.say(press), found[0].name, found[1]))


@routes.action(*program_ids.CHANGES_OPEN)
def open_form(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """A button of the menu."""
    ack()
    with _for_leads(bot, press):
        value = press.value(ProgramFormValue)
        bot.show(press, _form(bot, bot.say(press), press.actor, value))


def _form(bot: HandlerContext, say: Say, who: Actor, value: ProgramFormValue) -> View:
    if value.form is Form.END:
        found = ending.look(bot.context, who, value.program, bot.now())
        return forms.end_form(
            say,
            found.program,
            found.open_windows,
            found.deleted_on,
            may_delete=not found.is_published,
            is_over=found.is_over,
        )
    facts = changing.facts(bot.context, who, value.program)
    program = facts.program
    if value.form is Form.FACTS:
        usual = bot.context.content.rules.support.emergency_number
        return forms.facts_form(say, program, program.emergency_number or usual)
    if value.form is Form.TRAINING:
        return forms.training_form(say, program, facts.cohorts)
    if value.form is Form.COHORTS:
        return forms.cohorts_form(say, program, facts.cohorts)
    if value.form is Form.LEADS:
        return forms.leads_form(say, program, facts.leads)
    if value.form is Form.POOL:
        return pool_forms.form(say, program)
    return forms.closures_form(say, program)


@routes.view(program_ids.CHANGE_FORM)
def take_form(bot: HandlerContext, submission: Submission, ack: Ack) -> None:
    """A form is sent: show what would happen on top of it, or say under a field why it cannot be."""
    say, view, who = bot.say(submission), submission.view, submission.actor
    try:
        form = view.value(ProgramFormValue)
        if form.form is Form.LEADS:
            _set_leads(bot, say, submission, form.program, ack)
            return
        if form.form is Form.END:
            _end(bot, say, submission, form.program, ack)
            return
        value = _asked(view, form)
        if value is None:
            ack(response_action="errors", errors={forms.NEW_COHORT: prompts.nothing_asked(say)})
            return
        effects = _perform(bot, say, who, value, confirmed=False)
        ack(response_action="push", view=_confirmation(say, value, effects).body)
    except NotFoundError:
        keep_open(ack, view, say)
    except NotALeadError:
        ack(response_action="update", view=as_modal(say, not_a_lead(say)).body)
    except ChangeRefusedError as refused:
        words = said(say, refused.reason, refused.name, refused.day)
        field = forms.field_of(refused.reason)
        under = next((each for each in (field, *view.inputs) if each in view.inputs), field)
        ack(response_action="errors", errors={under: words})


@routes.action(program_ids.CLOSURE_REMOVE)
def remove_closure(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """The button beside days off: what would happen without them."""
    ack()
    say = bot.say(press)
    with _for_leads(bot, press):
        days = press.value(program_ids.ClosureValue)
        value = ChangeFormValue(program=days.program, doing=Doing.REMOVE_CLOSURE, first=days.first)
        effects = _perform(bot, say, press.actor, value, confirmed=False)
        bot.show(press, _confirmation(say, value, effects))


@routes.view(program_ids.CHANGE_CONFIRM)
def confirm(bot: HandlerContext, submission: Submission, ack: Ack) -> None:
    """The change is confirmed."""

    def perform(say: Say) -> str:
        value = submission.view.value(ChangeFormValue)
        return _perform(bot, say, submission.actor, value, confirmed=True).program.name

    carry_out(bot, submission, ack, perform)


def carry_out(bot: HandlerContext, submission: Submission, ack: Ack, perform: Callable[[Say], str]) -> None:
    """Carry a confirmed change out, and show that it was done or why it cannot be.

    Args:
        perform: does it and returns the program's name.
    """
    say = bot.say(submission)
    try:
        page = prompts.done(say, perform(say))
        bot.wake_worker()
    except NotFoundError:
        keep_open(ack, submission.view, say)
        return
    except NotALeadError:
        page = as_modal(say, not_a_lead(say))
    except ChangeRefusedError as refused:
        page = prompts.refused(say, said(say, refused.reason, refused.name, refused.day))
    ack(response_action="update", view=page.body)


def _confirmation(say: Say, value: ChangeFormValue, effects: Effects) -> View:
    return prompts.confirm(
        say, value, effects.program, effects.before, effects.after, is_doubtful=effects.is_doubtful
    )


def _asked(view: SentView, form: ProgramFormValue) -> ChangeFormValue | None:
    """What a form asks for; None where it asks for nothing, or for half."""
    asks = partial(ChangeFormValue, program=form.program)
    first, last = view.day(forms.DAY), view.day(forms.LAST)
    if form.form is Form.FACTS:
        return asks(
            doing=Doing.CORRECT,
            name=view.text(forms.NAME),
            contact=view.text(forms.CONTACT),
            emergency_number=view.text(forms.EMERGENCY),
            country=view.text(forms.COUNTRY),
            zone=view.text(forms.ZONE),
        )
    if form.form is Form.TRAINING:
        return asks(doing=Doing.MOVE_TRAINING, text=view.selected(forms.COHORT), first=first)
    if form.form is Form.CLOSURES:
        return asks(doing=Doing.ADD_CLOSURE, first=first, last=last)
    name, gone = view.text(forms.NEW_COHORT).strip(), view.selected(forms.COHORT)
    if name and first and not gone:
        return asks(doing=Doing.ADD_COHORT, text=name, first=first)
    return asks(doing=Doing.REMOVE_COHORT, text=gone) if gone and not name and not first else None


def _perform(
    bot: HandlerContext, say: Say, who: Actor, value: ChangeFormValue, *, confirmed: bool
) -> Effects:
    """Make a change, or only see what it would do.

    Raises:
        NotFoundError: a day is missing.
        NotALeadError, ChangeRefusedError: see `services.programs.changing`.
    """
    context, now, program = bot.context, bot.now(), value.program
    if value.doing is Doing.CORRECT:
        given = Corrections(value.name, value.contact, value.emergency_number, value.country, value.zone)
        language = say.locale.partition("-")[0]
        return correcting.correct(context, who, program, given, now, confirmed=confirmed, language=language)
    if value.doing is Doing.REMOVE_COHORT:
        return changing.remove_cohort(context, who, program, value.text, now, confirmed=confirmed)
    if value.first is None:
        raise NotFoundError
    if value.doing is Doing.MOVE_TRAINING:
        cohort, day = value.text, value.first
        return changing.move_training(context, who, program, cohort, day, now, confirmed=confirmed)
    if value.doing is Doing.ADD_COHORT:
        return changing.add_cohort(context, who, program, value.text, value.first, now, confirmed=confirmed)
    if value.doing is Doing.REMOVE_CLOSURE:
        return changing.remove_closure(context, who, program, value.first, now, confirmed=confirmed)
    if value.last is None:
        raise NotFoundError
    days = Away(value.first, value.last)
    return changing.add_closure(context, who, program, days, now, confirmed=confirmed)


def _set_leads(bot: HandlerContext, say: Say, sent: Submission, program_id: str, ack: Ack) -> None:
    who, leads = sent.actor, sent.view.users(forms.LEADS)
    before = changing.facts(bot.context, who, program_id).leads
    if any(_cannot_lead(bot, who, each) for each in leads if each not in before):
        ack(response_action="errors", errors={forms.LEADS: prompts.cannot_lead(say)})
        return
    program = changing.set_leads(bot.context, who, program_id, leads, bot.now())
    bot.wake_worker()
    ack(response_action="update", view=prompts.done(say, program.name).body)


def _cannot_lead(bot: HandlerContext, who: Actor, slack_user: str) -> bool:
    try:
        person = bot.slack.person(who.workspace_id, slack_user)
    except SlackError:
        return True
    return person.is_bot or person.deleted


def _end(bot: HandlerContext, say: Say, sent: Submission, program_id: str, ack: Ack) -> None:
    """End or delete it after the acknowledgement: with thousands of people that takes a while."""
    view, who, now = sent.view, sent.actor, bot.now()
    doing, typed = view.selected(forms.HOW), view.text(forms.TYPED)
    deletes = doing == Doing.DELETE
    ending.check(bot.context, who, program_id, typed, now, deletes=deletes)
    ack(response_action="update", view=prompts.being_done(say).body)

    def work() -> None:
        try:
            if deletes:
                answer = prompts.deleted(say, ending.delete(bot.context, who, program_id, typed).name)
            else:
                answer = prompts.ended(say, ending.end(bot.context, who, program_id, typed, now).name)
        except (NotALeadError, ChangeRefusedError):
            return  # another lead was first
        bot.wake_worker()
        with suppress(SlackError):
            bot.tell(sent, bot.slack.open_dm(who.workspace_id, who.slack_user), answer)

    bot.background(f"end {view.id}", work)
