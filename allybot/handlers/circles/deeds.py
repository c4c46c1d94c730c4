"""Telling a circle a deed, with the name or without."""

from slack_bolt import Ack

from allybot.domain.deeds import deed_text
from allybot.domain.plan_checks import Remark
from allybot.domain.plans import Intention
from allybot.errors import DecryptionError, FieldError, NotFoundError
from allybot.handlers.circles.previews import fingerprint
from allybot.handlers.not_enrolled import not_enrolled
from allybot.i18n import Say
from allybot.message import View
from allybot.prompts.circles import deed_ids, text_forms
from allybot.prompts.circles import deeds as prompts
from allybot.prompts.help import stale_button
from allybot.prompts.plans.remarks import remarks_on
from allybot.services.circles import deeds
from allybot.services.circles.deeds import CannotTellError, Telling
from allybot.services.context import new_id
from allybot.slack_app.forms import form_errors
from allybot.slack_app.payloads import Press, Submission
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()


@routes.action(deed_ids.DEED_TELL)
def open_form(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """The button under a deeds round."""
    ack()
    say = bot.say(press)
    try:
        telling = deeds.read(bot.context, press.actor)
    except NotFoundError:
        bot.answer(press, not_enrolled(bot, press))
    except DecryptionError:
        bot.answer(press, stale_button(say))
    except CannotTellError as problem:
        bot.answer(press, prompts.refused(say, problem.refusal))
    else:
        bot.open_modal(
            press, _form(bot, say, telling, deed_ids.DeedFormValue(form=new_id()), "", named=False)
        )


@routes.view(deed_ids.DEED_FORM)
def send(bot: HandlerContext, submission: Submission, ack: Ack) -> None:
    """Show the deed as the circle will read it; sent again unchanged, it is told."""
    say, view, who = bot.say(submission), submission.view, submission.actor

    def explain(error: FieldError, length: int) -> str:
        return prompts.problem(say, error.reason, length)

    with form_errors(ack, view, say, explain, refusals=(NotFoundError, DecryptionError)):
        value = view.value(deed_ids.DeedFormValue)
        try:
            telling = deeds.read(bot.context, who, value.form)
            named = telling.next_round_on is None or view.selected(text_forms.NAME) == text_forms.WITH
            text = deed_text(view.text(prompts.DEED))
            seen = fingerprint(value.form, text, named=named)
            if value.seen != seen:
                value = value.model_copy(update={"seen": seen})
                shown = _form(bot, say, telling, value, text, named=named, shown_to=who.slack_user)
                ack(response_action="update", view=shown.body)
                return
            telling = deeds.tell(bot.context, who, value.form, text, bot.now(), named=named)
        except CannotTellError as problem:
            under = view.block_of(prompts.DEED)
            ack(response_action="errors", errors={under: prompts.why_not(say, problem.refusal)})
            return
        done = prompts.told(
            say, telling.circle.name, telling.next_round_on, goes_alone=telling.goes_alone, named=named
        )
        ack(response_action="update", view=done.body)
        bot.wake_worker()


def _form(
    bot: HandlerContext,
    say: Say,
    telling: Telling,
    value: deed_ids.DeedFormValue,
    text: str,
    *,
    named: bool,
    shown_to: str | None = None,
) -> View:
    library = bot.context.content.plan_library_of(telling.program.name)
    return prompts.tell_form(
        say,
        value,
        telling.circle.name,
        telling.next_round_on,
        text,
        telling.program.support_contact,
        goes_alone=telling.goes_alone,
        named=named or telling.next_round_on is None,
        preview_for=shown_to,
        holds_name=Remark.NAME in remarks_on(say, library, Intention("", text)),
    )
