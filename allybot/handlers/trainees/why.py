"""`/allybot why`: the trainee's own reason, and two minutes of reflection."""

from slack_bolt import Ack

from allybot.domain.why import Stage
from allybot.errors import NotFoundError, WrongStateError
from allybot.handlers.not_enrolled import not_taking_part
from allybot.message import Message, View
from allybot.prompts import ids
from allybot.prompts.help import stale_button
from allybot.prompts.trainees import why as prompts
from allybot.services.trainees import why
from allybot.slack_app.forms import form_errors
from allybot.slack_app.payloads import Press, Request, Submission
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()


@routes.modal(ids.WHY_SHOW, "why")
def show(bot: HandlerContext, request: Request) -> View | Message:
    """The why's modal; a message instead for who has not consented."""
    say = bot.say(request)
    try:
        facts = why.read(bot.context, request.actor)
    except (NotFoundError, WrongStateError) as problem:
        return not_taking_part(bot, request, problem)
    return prompts.why_form(say, facts.why, facts.support_contact)


@routes.view(ids.WHY_FORM)
def keep(bot: HandlerContext, submission: Submission, ack: Ack) -> None:
    """Store what was typed."""
    say, longest = bot.say(submission), bot.context.content.rules.plans.max_why_characters
    with form_errors(ack, submission.view, say, lambda _, length: prompts.too_long(say, length, longest)):
        kept = why.write(bot.context, submission.actor, submission.view.text(prompts.WHY))
        ack(response_action="update", view=prompts.why_kept(say, kept).body)


@routes.action(ids.WHY_REFLECT)
def reflect(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Change to the reflection."""
    ack()
    say = bot.say(press)
    try:
        facts = why.read(bot.context, press.actor)
    except (NotFoundError, WrongStateError):
        bot.answer(press, stale_button(say))
    else:
        bot.change_modal(press, prompts.reflection_form(say, facts.support_contact))


@routes.view(ids.WHY_REFLECTION_FORM)
def reflected(bot: HandlerContext, submission: Submission, ack: Ack) -> None:
    """Answer the reflection, of which nothing is stored."""
    picked = submission.view.selected(prompts.STAGE)
    if picked in set(Stage):
        page = prompts.reflection_answer(bot.say(submission), Stage(picked))
        ack(response_action="update", view=page.body)
    else:
        ack(response_action="clear")
