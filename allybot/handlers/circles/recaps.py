"""The recap of a circle's week: the button under Thursday's result, and what is sent with it."""

from slack_bolt import Ack

from allybot.domain.circle_questions import TextKind
from allybot.errors import DecryptionError, FieldError, NotFoundError
from allybot.handlers.circles.previews import fingerprint
from allybot.i18n import Say
from allybot.message import View
from allybot.prompts import ids
from allybot.prompts.circles import recaps as prompts
from allybot.prompts.circles import text_forms, text_ids
from allybot.prompts.help import stale_button
from allybot.services.circles import recaps
from allybot.services.circles.recaps import Recapping
from allybot.services.circles.texts import CannotAskError
from allybot.services.context import new_id
from allybot.slack_app.forms import form_errors
from allybot.slack_app.payloads import Press, Submission
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()


@routes.action(text_ids.RECAP_WRITE)
def write(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Open the modal."""
    ack()
    say = bot.say(press)
    try:
        week = press.value(ids.CircleWeekValue).week
        recapping = recaps.read(bot.context, press.actor, week)
    except NotFoundError:
        bot.reply(press, stale_button(say))
        return
    except CannotAskError as problem:
        bot.reply(press, text_forms.refused(say, problem.refusal))
        return
    bot.open_modal(press, _form(say, recapping, text_ids.RecapFormValue(form=new_id(), week=week), ""))


@routes.view(text_ids.RECAP_FORM)
def send(bot: HandlerContext, submission: Submission, ack: Ack) -> None:
    """Show the text as the circle will read it; sent again unchanged, it is posted."""
    say, view, who = bot.say(submission), submission.view, submission.actor
    longest = bot.context.content.rules.plans.max_question_characters
    typed = view.text(text_forms.QUESTION)

    def explain(error: FieldError, length: int) -> str:
        return text_forms.problem(say, error.reason, length, longest)

    with form_errors(ack, view, say, explain, refusals=(NotFoundError, DecryptionError)):
        value = view.value(text_ids.RecapFormValue)
        try:
            recapping, text = recaps.check(bot.context, who, value.week, typed)
            seen = fingerprint(value.form, text)
            if value.seen != seen:
                shown = _form(say, recapping, value.model_copy(update={"seen": seen}), text, shown=True)
                ack(response_action="update", view=shown.body)
                return
            recapping = recaps.write(bot.context, who, value.form, value.week, text, bot.now())
        except CannotAskError as problem:
            under = view.block_of(text_forms.QUESTION)
            ack(response_action="errors", errors={under: text_forms.why_not(say, problem.refusal)})
            return
        done = text_forms.posted_now(say, TextKind.RECAP, recapping.author.circle.name)
        ack(response_action="update", view=done.body)
        bot.wake_worker()


def _form(
    say: Say, recapping: Recapping, value: text_ids.RecapFormValue, text: str, *, shown: bool = False
) -> View:
    author = recapping.author
    return prompts.recap_form(
        say,
        value,
        author.circle.name,
        text,
        recapping.longest,
        author.program.support_contact,
        already=recapping.already,
        shown=shown,
    )
