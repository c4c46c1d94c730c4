"""The recap of a circle's week: the button under Thursday's result, and what is sent with it."""

from slack_bolt import Ack

from allybot.domain.circle_questions import TextKind
from allybot.errors import NotFoundError
from allybot.handlers.circles.previews import fingerprint, text_errors
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
    with text_errors(bot, submission, ack):
        value = view.value(text_ids.RecapFormValue)
        recapping, text = recaps.check(bot.context, who, value.week, view.text(text_forms.QUESTION))
        seen = fingerprint(value.form, text)
        if value.seen != seen:
            shown = _form(say, recapping, value.model_copy(update={"seen": seen}), text, shown=True)
            ack(response_action="update", view=shown.body)
            return
        recapping = recaps.write(bot.context, who, value.form, value.week, text, bot.now())
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
