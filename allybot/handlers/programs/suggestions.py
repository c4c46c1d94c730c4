"""Suggestions to the leads: sending one without a name, and a lead's answers."""

from datetime import date

from slack_bolt import Ack

from allybot.domain.plan_checks import Remark
from allybot.domain.plans import Intention
from allybot.domain.suggestions import MAX_ANSWER_LENGTH, MAX_LENGTH, Reply, answer_text, suggestion_text
from allybot.errors import DecryptionError, FieldError, NotALeadError, NotFoundError
from allybot.handlers.circles.previews import fingerprint
from allybot.handlers.not_enrolled import not_enrolled
from allybot.i18n import Say
from allybot.message import Message, View
from allybot.prompts.help import as_modal, not_a_lead, stale_button
from allybot.prompts.plans.remarks import remarks_on
from allybot.prompts.programs import suggestion_ids, suggestions_to_leads
from allybot.prompts.programs import suggestions as prompts
from allybot.services.context import new_id
from allybot.services.programs import suggestion_answers, suggestions
from allybot.services.programs.suggestion_answers import Asked, SettledError
from allybot.services.programs.suggestions import CannotSuggestError, Suggesting
from allybot.slack_app.forms import form_errors
from allybot.slack_app.payloads import Press, Submission
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()


@routes.action(suggestion_ids.SHOW)
def open_form(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """The button under "More" of the help and of the Home tab, and in answers."""
    ack()
    say = bot.say(press)
    refusal: Message | None
    try:
        suggesting = suggestions.read(bot.context, press.actor, bot.now())
    except NotFoundError:
        refusal = not_enrolled(bot, press)
    except DecryptionError:
        refusal = stale_button(say)
    except CannotSuggestError as problem:
        refusal = prompts.refused(say, problem.refusal)
    else:
        value = suggestion_ids.SuggestionFormValue(form=new_id())
        form = _form(bot, say, suggesting, value, suggesting.own or "", shown=False)
        bot.open_modal(press, form, on_top=press.in_modal)
        return
    bot.answer_on_top(press, refusal)


@routes.view(suggestion_ids.FORM)
def send(bot: HandlerContext, submission: Submission, ack: Ack) -> None:
    """Show the suggestion as the leads will read it; sent again unchanged, it waits for Monday."""
    say, view, who = bot.say(submission), submission.view, submission.actor

    def explain(error: FieldError, length: int) -> str:
        return prompts.problem(say, error.reason, length, MAX_LENGTH)

    with form_errors(ack, view, say, explain, refusals=(NotFoundError, DecryptionError)):
        value, now = view.value(suggestion_ids.SuggestionFormValue), bot.now()
        text = suggestion_text(view.text(prompts.SUGGESTION))
        try:
            seen = fingerprint(value.form, text)
            if value.seen != seen:
                suggesting = suggestions.read(bot.context, who, now)
                value = value.model_copy(update={"seen": seen})
                ack(
                    response_action="update",
                    view=_form(bot, say, suggesting, value, text, shown=True).body,
                )
                return
            suggesting = suggestions.send(bot.context, who, text, now)
        except CannotSuggestError as problem:
            under = view.block_of(prompts.SUGGESTION)
            ack(response_action="errors", errors={under: prompts.why_not(say, problem.refusal)})
            return
        goes_on = suggesting.goes_at.astimezone(suggesting.program.zone).date()
        ack(response_action="update", view=prompts.waits_now(say, goes_on).body)


@routes.action(suggestion_ids.LEADS_SHOW)
def show(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """A lead's page of suggestions."""
    ack()
    say = bot.say(press)
    try:
        led = suggestion_answers.of_lead(bot.context, press.actor)
    except NotALeadError:
        bot.answer(press, not_a_lead(say))
    else:
        shown = [(each.program.name, each.suggestions) for each in led]
        bot.answer(press, suggestions_to_leads.page(say, shown))


@routes.action(suggestion_ids.ANSWER, suggestion_ids.HIDE)
def open_settling(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """A suggestion's two buttons."""
    ack()
    say = bot.say(press)
    try:
        value = press.value(suggestion_ids.SuggestionValue)
        asked = suggestion_answers.read(bot.context, press.actor, value.suggestion, bot.now())
    except NotFoundError:
        bot.answer_on_top(press, suggestions_to_leads.gone(say))
    except SettledError as problem:
        bot.answer_on_top(press, suggestions_to_leads.settled_already(say, problem.suggestion))
    else:
        text = asked.suggestion.text or ""
        if press.action_id == suggestion_ids.HIDE:
            form = suggestions_to_leads.hide_form(say, value, text)
        else:
            answering = suggestion_ids.SuggestionAnswerValue(suggestion=value.suggestion)
            form = _answer_form(say, asked, answering, None, "", shown=False)
        bot.open_modal(press, form, on_top=press.in_modal)


@routes.view(suggestion_ids.ANSWER_FORM)
def answer(bot: HandlerContext, submission: Submission, ack: Ack) -> None:
    """Show the answer as everybody will read it; sent again unchanged, it is told."""
    say, view, who = bot.say(submission), submission.view, submission.actor

    def explain(error: FieldError, length: int) -> str:
        return prompts.problem(say, error.reason, length, MAX_ANSWER_LENGTH)

    with form_errors(ack, view, say, explain, refusals=(NotFoundError,)):
        value, now = view.value(suggestion_ids.SuggestionAnswerValue), bot.now()
        picked = view.selected(suggestions_to_leads.REPLY)
        if picked not in set(Reply):
            under = view.block_of(suggestions_to_leads.REPLY)
            ack(response_action="errors", errors={under: suggestions_to_leads.missing_reply(say)})
            return
        reply, text = Reply(picked), answer_text(view.text(suggestions_to_leads.ANSWER))
        try:
            seen = fingerprint(f"{value.suggestion}/{reply}", text)
            if value.seen != seen:
                asked = suggestion_answers.read(bot.context, who, value.suggestion, now)
                value = value.model_copy(update={"seen": seen})
                shown = _answer_form(say, asked, value, reply, text, shown=True)
                ack(response_action="update", view=shown.body)
                return
            asked = suggestion_answers.answer(bot.context, who, value.suggestion, reply, text, now)
        except SettledError as problem:
            message = suggestions_to_leads.settled_already(say, problem.suggestion)
            ack(response_action="update", view=as_modal(say, message).body)
            return
        ack(response_action="update", view=suggestions_to_leads.done(say, _told_on(asked)).body)


@routes.view(suggestion_ids.HIDE_FORM)
def hide(bot: HandlerContext, submission: Submission, ack: Ack) -> None:
    """Hide a suggestion."""
    say, view = bot.say(submission), submission.view
    with form_errors(ack, view, say, refusals=(NotFoundError,)):
        value = view.value(suggestion_ids.SuggestionValue)
        try:
            suggestion_answers.hide(bot.context, submission.actor, value.suggestion, bot.now())
        except SettledError as problem:
            message = suggestions_to_leads.settled_already(say, problem.suggestion)
            ack(response_action="update", view=as_modal(say, message).body)
            return
        ack(response_action="update", view=suggestions_to_leads.done(say, None).body)


def _form(
    bot: HandlerContext,
    say: Say,
    suggesting: Suggesting,
    value: suggestion_ids.SuggestionFormValue,
    text: str,
    *,
    shown: bool,
) -> View:
    program = suggesting.program
    library = bot.context.content.plan_library_of(program.name)
    return prompts.suggestion_form(
        say,
        value,
        program.name,
        suggesting.goes_at.astimezone(program.zone).date(),
        text,
        program.support_contact,
        waits=suggesting.own is not None,
        shown=shown,
        holds_name=Remark.NAME in remarks_on(say, library, Intention("", text)),
    )


def _answer_form(
    say: Say,
    asked: Asked,
    value: suggestion_ids.SuggestionAnswerValue,
    reply: Reply | None,
    text: str,
    *,
    shown: bool,
) -> View:
    return suggestions_to_leads.answer_form(
        say, value, asked.suggestion.text or "", _told_on(asked), reply, text, shown=shown
    )


def _told_on(asked: Asked) -> date:
    return asked.tell_at.astimezone(asked.program.zone).date()
