"""The buttons under a posted question: adding something in its thread, and marking it as answered."""

from slack_bolt import Ack

from allybot.domain.circle_questions import TextKind
from allybot.errors import DecryptionError, NotFoundError
from allybot.handlers.circles.previews import fingerprint, text_errors
from allybot.i18n import Say
from allybot.message import View
from allybot.prompts.circles import answers as prompts
from allybot.prompts.circles import text_forms, text_ids
from allybot.prompts.circles.questions import answered_question
from allybot.prompts.help import stale_button
from allybot.services.circles import answers
from allybot.services.circles.answers import Answering, Place
from allybot.services.circles.texts import CannotAskError
from allybot.services.context import new_id
from allybot.slack_app.payloads import Press, Submission
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()


@routes.action(text_ids.ANSWER_ADD)
def add(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Open the modal."""
    ack()
    say = bot.say(press)
    try:
        question_id = press.value(text_ids.QuestionValue).question
        place = Place(question_id, press.message_place[1] if press.message_place else "")
        answering = answers.read(bot.context, press.actor, place, bot.now())
    except (NotFoundError, DecryptionError):
        bot.reply(press, stale_button(say))
        return
    except CannotAskError as problem:
        bot.reply(press, text_forms.refused(say, problem.refusal))
        return
    value = text_ids.AnswerFormValue(form=new_id(), question=question_id, thread=place.pressed_ts)
    bot.open_modal(press, _form(say, answering, value, ""))


@routes.view(text_ids.ANSWER_FORM)
def send(bot: HandlerContext, submission: Submission, ack: Ack) -> None:
    """Show the text as the circle will read it; sent again unchanged, it is queued."""
    say, view, who = bot.say(submission), submission.view, submission.actor
    with text_errors(bot, submission, ack):
        value, now = view.value(text_ids.AnswerFormValue), bot.now()
        place = Place(value.question, value.thread)
        named = view.selected(text_forms.NAME) == text_forms.WITH
        typed = view.text(text_forms.QUESTION)
        answering, text = answers.check(bot.context, who, value.form, place, typed, now)
        seen = fingerprint(value.form, text, named=named)
        if value.seen != seen:
            value = value.model_copy(update={"seen": seen})
            shown = _form(say, answering, value, text, named=named, shown=True)
            ack(response_action="update", view=shown.body)
            return
        answering, window = answers.add(bot.context, who, value.form, place, text, now, named=named)
        circle, zone = answering.author.circle.name, answering.author.trainee.zone
        done = (
            text_forms.posted_now(say, TextKind.ANSWER, circle)
            if named
            else text_forms.on_its_way(say, TextKind.ANSWER, circle, window, zone, now)
        )
        ack(response_action="update", view=done.body)
        bot.wake_worker()


@routes.action(text_ids.QUESTION_ANSWERED)
def mark(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Mark the question, and show so in its post; nobody's name is in either."""
    say = bot.say(press)
    try:
        value = press.value(text_ids.QuestionValue)
        marked = answers.mark(bot.context, press.actor, value.question, bot.now())
    except (NotFoundError, DecryptionError):
        reply = stale_button(say)
    except CannotAskError as problem:
        reply = text_forms.refused(say, problem.refusal)
    else:
        reply = prompts.marked(say, first=marked.first)
        if press.paragraphs:
            post = answered_question(Say(), value, press.paragraphs, marked.support_contact)
            bot.change_message(press, post)
        bot.wake_worker()
    ack()
    bot.reply(press, reply)


def _form(
    say: Say,
    answering: Answering,
    value: text_ids.AnswerFormValue,
    text: str,
    *,
    named: bool = False,
    shown: bool = False,
) -> View:
    author = answering.author
    return prompts.answer_form(
        say,
        value,
        author.circle.name,
        text,
        answering.longest,
        author.program.support_contact,
        named=named,
        shown=shown,
    )
