"""Check-ins in Slack: a tap, the help that follows it, and a changed answer."""

from slack_bolt import Ack

from allybot.domain.check_ins import FromHere, Tap
from allybot.domain.plans import Intention
from allybot.errors import DecryptionError, NotFoundError, WrongStateError
from allybot.i18n import Say
from allybot.message import Message, View
from allybot.prompts import ids
from allybot.prompts.check_ins import help as help_prompts
from allybot.prompts.check_ins import messages as prompts
from allybot.prompts.check_ins.reminders import REMIND
from allybot.prompts.help import stale_button
from allybot.services.check_ins import answering, follow_ups
from allybot.services.check_ins.help import HelpFacts, read_facts
from allybot.slack_app.forms import form_errors
from allybot.slack_app.payloads import Press, SentView, Submission
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()
_TAPS = {
    ids.CHECK_IN_ACTED: Tap.ACTED,
    ids.CHECK_IN_MISSED: Tap.NOT_ACTED,
    ids.CHECK_IN_NO_MOMENT: Tap.NO_MOMENT,
}
_NOT_OWNER = (NotFoundError, WrongStateError, DecryptionError)


@routes.action(*_TAPS)
def tapped(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Seal, acknowledge, open one modal: the same steps whichever button it was."""
    who, tap = press.actor, _TAPS[press.action_id]
    try:
        check_in_id = press.value(ids.CheckInValue).check_in
        answered = answering.take(bot.context, who, check_in_id, tap, bot.now(), press.message_place)
    except _NOT_OWNER:
        ack()
        bot.reply(press, stale_button(bot.say(press)))
        return
    ack()
    bot.wake_worker()
    press.say(lambda _who: answered.trainee.locale)  # saves the look-up
    bot.open_modal(press, lambda: _help(bot, answering.facts_after(bot.context, answered), tap))


@routes.action(ids.CHECK_IN_NOT_TODAY)
def not_today(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Put the question off."""
    say = bot.say(press)
    try:
        check_in_id = press.value(ids.CheckInValue).check_in
        found = follow_ups.not_today(bot.context, press.actor, check_in_id, bot.now())
    except (NotFoundError, WrongStateError):
        answer = stale_button(say)
    else:
        again = found.again_at
        answer = prompts.put_off(say, again.astimezone(found.trainee.zone).date() if again else None)
    ack()
    bot.wake_worker()
    bot.reply(press, answer)


@routes.action(ids.REPLAN_KEEP)
def keep_plans(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Keep the plans as they are."""
    answer: Message | None = None
    try:
        check_in_id = press.value(ids.CheckInValue).check_in
        answering.keep_plans(bot.context, press.actor, check_in_id, bot.now(), press.message_place)
    except NotFoundError:
        answer = stale_button(bot.say(press))
    ack()
    bot.wake_worker()
    bot.reply(press, answer)


@routes.action(ids.CHECK_IN_CHANGE)
def show_change_form(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Open the modal for another answer."""
    ack()
    say = bot.say(press)
    try:
        facts = read_facts(bot.context, press.actor, press.value(ids.CheckInValue).check_in)
    except _NOT_OWNER:
        bot.reply(press, stale_button(say))
        return
    bot.open_modal(press, prompts.change_form(say, facts.check_in.id, facts.program.support_contact))


@routes.view(ids.CHECK_IN_CHANGE_FORM)
def change(bot: HandlerContext, submission: Submission, ack: Ack) -> None:
    """Store another answer, and show the help that fits it."""
    view = submission.view
    with form_errors(ack, view, bot.say(submission), refusals=_NOT_OWNER):
        check_in_id, picked = view.value(ids.CheckInValue).check_in, view.selected(prompts.ANSWER)
        if picked not in set(Tap):
            raise WrongStateError
        tap = Tap(picked)
        facts = answering.tap(bot.context, submission.actor, check_in_id, tap, bot.now(), None)
        ack(response_action="update", view=_help(bot, facts, tap).body)
        bot.wake_worker()


@routes.action(ids.CHECK_IN_BRANCH, ids.CHECK_IN_WAY)
def pick(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Show the help that fits the pick; typed words stay, and a way to mend them adds to them."""
    ack()
    view = press.view
    try:
        value = view.value(ids.HelpFormValue)
        facts = read_facts(bot.context, press.actor, value.check_in)
    except _NOT_OWNER:
        return
    is_branch = press.action_id == ids.CHECK_IN_BRANCH
    branch = press.selected if is_branch else view.selected(help_prompts.BRANCH)
    way = "" if is_branch else press.selected
    bot.change_modal(press, _help(bot, facts, Tap(value.tap), branch, way, _typed(view), _from_here(view)))


@routes.view(ids.CHECK_IN_HELP_FORM)
def settle(bot: HandlerContext, submission: Submission, ack: Ack) -> None:
    """Store what was chosen in the help."""
    say, view = bot.say(submission), submission.view
    words = _typed(view)
    choices = answering.Choices(
        words.cue,
        words.response,
        view.day(help_prompts.MOMENT),
        _from_here(view),
        remind=bool(view.checked(REMIND)),
    )
    with form_errors(ack, view, say, refusals=_NOT_OWNER):
        value, branch = view.value(ids.HelpFormValue), view.selected(help_prompts.BRANCH)
        done = answering.help_form(
            bot.context, submission.actor, value.check_in, Tap(value.tap), branch, choices, bot.now()
        )
        shown = help_prompts.settled(
            say,
            done.plan,
            done.program.support_contact,
            from_here=choices.from_here,
            next_on=done.next_on,
            remind_on=done.remind_on,
        )
        ack(response_action="update", view=shown.body)


def _help(
    bot: HandlerContext,
    facts: HelpFacts,
    tap: Tap,
    branch: str = "",
    way: str = "",
    typed: Intention | None = None,
    chosen: FromHere = FromHere.KEEP,
) -> View:
    return help_prompts.help_form(
        Say(facts.trainee.locale),
        bot.context.content.plan_library_of(facts.program.name),
        ids.HelpFormValue(check_in=facts.check_in.id, tap=tap.value),
        facts.plan,
        facts.program.support_contact,
        turn=facts.turn,
        pick=branch,
        way=way,
        typed=typed,
        chosen=chosen,
        counts=facts.counts,
        why=facts.why,
        has_circle=facts.has_circle,
    )


def _typed(view: SentView) -> Intention:
    return Intention(view.text(help_prompts.CUE), view.text(help_prompts.RESPONSE))


def _from_here(view: SentView) -> FromHere:
    picked = view.selected(help_prompts.FROM_HERE)
    return FromHere(picked) if picked in set(FromHere) else FromHere.KEEP
