"""`/allybot notes`: what a trainee wrote to themselves."""

from slack_bolt import Ack

from allybot.errors import NotFoundError, WrongStateError
from allybot.handlers.home import show_home
from allybot.handlers.not_enrolled import not_taking_part
from allybot.message import Message, View
from allybot.prompts import ids
from allybot.prompts.help import stale_button
from allybot.prompts.plans import notes as prompts
from allybot.services.plans import notes
from allybot.slack_app.forms import form_errors
from allybot.slack_app.payloads import Press, Request, Submission
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()


@routes.modal(ids.NOTES_SHOW, "notes")
def show(bot: HandlerContext, request: Request) -> View | Message:
    """The notes' modal; a message instead for who has not consented."""
    say = bot.say(request)
    try:
        facts = notes.read(bot.context, request.actor)
    except (NotFoundError, WrongStateError) as problem:
        return not_taking_part(bot, request, problem)
    return prompts.notes_form(say, facts.notes, facts.support_contact)


@routes.view(ids.NOTES_FORM)
def keep(bot: HandlerContext, submission: Submission, ack: Ack) -> None:
    """Store what was typed, and show all notes."""
    say, view = bot.say(submission), submission.view
    with form_errors(ack, view, say):
        facts = notes.write(bot.context, submission.actor, view.text(prompts.NOTE), bot.now())
        shown = prompts.notes_form(say, facts.notes, facts.support_contact)
        ack(response_action="update", view=shown.body)
        show_home(bot, submission.actor)


@routes.action(ids.NOTE_DELETE)
def delete(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Delete a note, and show the others."""
    ack()
    say = bot.say(press)
    try:
        facts = notes.delete(bot.context, press.actor, press.value(ids.NoteValue).note)
    except (NotFoundError, WrongStateError):
        bot.answer(press, stale_button(say))
        return
    bot.change_modal(press, prompts.notes_form(say, facts.notes, facts.support_contact))
    show_home(bot, press.actor)
