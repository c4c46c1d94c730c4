"""`/allybot ask`: a question to the circle without its author, or a plan to run past it."""

from slack_bolt import Ack

from allybot.domain.circle_questions import TextKind
from allybot.errors import DecryptionError, NotFoundError
from allybot.handlers.circles.previews import fingerprint, text_errors
from allybot.handlers.not_enrolled import not_enrolled
from allybot.i18n import Say
from allybot.message import Message, View
from allybot.prompts import ids
from allybot.prompts.circles import questions as prompts
from allybot.prompts.circles import text_forms
from allybot.prompts.help import stale_button
from allybot.services.circles import questions
from allybot.services.circles.questions import Asking
from allybot.services.circles.texts import CannotAskError
from allybot.services.context import new_id
from allybot.slack_app.payloads import Press, Request, SlashCommand, Submission
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()


@routes.command("ask")
def ask(bot: HandlerContext, command: SlashCommand) -> Message | None:
    """Open the modal."""
    return _open(bot, command, "")


@routes.action(ids.ASK_SHOW)
def show(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """The button without a plan."""
    ack()
    _pressed(bot, press, "")


@routes.action(ids.ASK_ABOUT_PLAN)
def about_plan(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """The button of a plan."""
    ack()
    try:
        plan_id = press.value(ids.PlanValue).plan
    except NotFoundError:
        bot.answer(press, stale_button(bot.say(press)))
        return
    _pressed(bot, press, plan_id)


@routes.view(ids.ASK_FORM)
def send(bot: HandlerContext, submission: Submission, ack: Ack) -> None:
    """Show the text as the circle will read it; sent again unchanged, it is queued."""
    say, view, who = bot.say(submission), submission.view, submission.actor
    with text_errors(bot, submission, ack):
        value, now = view.value(ids.AskFormValue), bot.now()
        named = bool(value.plan) and view.selected(text_forms.NAME) == text_forms.WITH
        typed = view.text(text_forms.QUESTION)
        asking, text = questions.check(bot.context, who, value.form, value.plan, typed, now)
        seen = fingerprint(value.form, text, named=named)
        if value.seen != seen:
            value = value.model_copy(update={"seen": seen})
            shown = _form(say, asking, value, text, named=named, shown=True)
            ack(response_action="update", view=shown.body)
            return
        asked = questions.ask(bot.context, who, value.form, value.plan, text, now, named=named)
        done = text_forms.on_its_way(
            say, TextKind.QUESTION, asking.circle.name, asked.window, asking.trainee.zone, now
        )
        ack(response_action="update", view=done.body)


def _pressed(bot: HandlerContext, press: Press, plan_id: str) -> None:
    """Open the modal, on top of the one with the button: what was typed there stays."""
    bot.answer_on_top(press, _open(bot, press, plan_id, on_top=press.in_modal))


def _open(bot: HandlerContext, request: Request, plan_id: str, *, on_top: bool = False) -> Message | None:
    """Open the modal soon; a message instead for who cannot ask."""
    say = bot.say(request)
    try:
        asking = questions.read(bot.context, request.actor, plan_id, bot.now())
    except NotFoundError:
        return stale_button(say) if plan_id else not_enrolled(bot, request)
    except DecryptionError:
        return stale_button(say)
    except CannotAskError as problem:
        return text_forms.refused(say, problem.refusal)
    text = prompts.about_plan(say, asking.plan) if asking.plan else ""
    value = ids.AskFormValue(form=new_id(), plan=plan_id)
    bot.open_modal(request, _form(say, asking, value, text), on_top=on_top)
    return None


def _form(
    say: Say, asking: Asking, value: ids.AskFormValue, text: str, *, named: bool = False, shown: bool = False
) -> View:
    return prompts.ask_form(
        say,
        value,
        asking.circle.name,
        text,
        asking.longest,
        asking.program.support_contact,
        named=named,
        shown=shown,
    )
