"""Rehearsals. Nothing is stored: the modal itself says how far one has come, and holds no word of anybody."""

from slack_bolt import Ack

from allybot.errors import FieldError, NotFoundError
from allybot.message import View
from allybot.prompts.help import stale_button
from allybot.prompts.plans import rehearsal_ids
from allybot.prompts.plans import rehearsals as prompts
from allybot.services.trainees.roles import role_of
from allybot.slack_app.forms import form_errors
from allybot.slack_app.payloads import Press, Request, Submission
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()


@routes.modal(rehearsal_ids.SHOW, "rehearse")
def show(bot: HandlerContext, request: Request, *, kind: str = "") -> View:
    """Ask which moment to practise; anybody may, enrolled or not."""
    contact = role_of(bot.context, request.actor).support_contact
    return prompts.rehearsals_list(bot.say(request), bot.context.content, contact, kind=kind)


@routes.action(rehearsal_ids.KIND)
def pick_kind(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Show the menu of a kind's moments."""
    ack()
    bot.change_modal(press, show(bot, press, kind=press.selected))


@routes.action(rehearsal_ids.OPEN)
def begin(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Begin the button's rehearsal; a modal with the button stays beneath."""
    ack()
    try:
        view = _rehearsal(bot, press, press.value(rehearsal_ids.RehearsalValue))
    except NotFoundError:
        bot.answer(press, stale_button(bot.say(press)))
    else:
        bot.open_modal(press, view, on_top=press.in_modal)


@routes.action(
    rehearsal_ids.ENTRY, rehearsal_ids.SAY, rehearsal_ids.BACK, rehearsal_ids.AGAIN, *rehearsal_ids.COMPARE
)
def go_on(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Show the turn that the button, or the picked moment, leads to."""
    ack()
    try:
        view = _rehearsal(bot, press, press.value(rehearsal_ids.RehearsalValue))
    except NotFoundError:
        bot.answer(press, stale_button(bot.say(press)))
    else:
        bot.change_modal(press, view)


@routes.view(rehearsal_ids.FORM)
def say_own(bot: HandlerContext, submission: Submission, ack: Ack) -> None:
    """Go on after a line in their own words, of which only is looked at whether there are any."""
    view, say = submission.view, bot.say(submission)
    with form_errors(ack, view, say, lambda *_: prompts.nothing_written(say)):
        value = view.value(rehearsal_ids.RehearsalValue)
        if not view.text(prompts.OWN).strip():
            raise FieldError(prompts.OWN, "empty")
        said = value.model_copy(update={"said": value.said + rehearsal_ids.OWN_WORDS})
        ack(response_action="update", view=_rehearsal(bot, submission, said).body)


def _rehearsal(bot: HandlerContext, request: Request, value: rehearsal_ids.RehearsalValue) -> View:
    contact = role_of(bot.context, request.actor).support_contact
    return prompts.rehearsal(bot.say(request), bot.context.content, value, contact)
