"""Check-ins in Slack: a tap, the help that follows it, and a changed answer."""

from collections.abc import Callable
from dataclasses import replace

from slack_bolt import Ack

from allybot.domain.check_ins import FromHere, Snooze, Tap, answer_of
from allybot.domain.plans import Outcome
from allybot.errors import DecryptionError, NotFoundError, SupersededError, WrongStateError
from allybot.i18n import Say
from allybot.message import View
from allybot.prompts import ids
from allybot.prompts.check_ins import help as help_prompts
from allybot.prompts.check_ins import messages as prompts
from allybot.prompts.check_ins import typed_answers
from allybot.prompts.check_ins.reminders import REMIND
from allybot.prompts.help import stale_button
from allybot.prompts.plans.notes import NOTE
from allybot.prompts.plans.repairs import Way
from allybot.services.check_ins import answering, follow_ups
from allybot.services.check_ins.help import HelpFacts, read_facts
from allybot.slack_app.forms import form_errors
from allybot.slack_app.payloads import Press, Submission
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes
from allybot.slack_app.sent_view import SentView

routes = Routes()
_TAPS = {
    ids.CHECK_IN_ACTED: Tap.ACTED,
    ids.CHECK_IN_MISSED: Tap.NOT_ACTED,
    ids.CHECK_IN_NO_MOMENT: Tap.NO_MOMENT,
}
_A_PICK = {"tap": Tap.NOT_ACTED.value, "pick": Outcome.FORGOT.value}
"""Stands in where nothing was picked."""
_NOT_OWNER = (NotFoundError, WrongStateError, DecryptionError)


@routes.action(*_TAPS)
def tapped(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Take the answer of a check-in's own button."""

    def said() -> ids.HelpFormValue:
        check_in_id = press.value(ids.CheckInValue).check_in
        return ids.HelpFormValue(check_in=check_in_id, tap=_TAPS[press.action_id].value)

    _take_answer(bot, press, ack, said)


@routes.action(ids.TYPED_COUNT, *ids.TYPED_COUNT_OTHERS)
def count_typed(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Take the answer that a typed message was understood as; the help opens where the words led."""

    def said() -> ids.HelpFormValue:
        value = press.value(ids.TypedAnswerValue)
        answer = answer_of(value.meant)
        if answer is None:
            raise NotFoundError
        return ids.HelpFormValue(check_in=value.check_in, tap=answer[0].value, pick=answer[1])

    _take_answer(bot, press, ack, said)


@routes.action(ids.TYPED_OTHER)
def not_what_was_typed(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Show the check-in's own buttons in place of what a typed message was understood as."""
    ack()
    try:
        value = press.value(ids.TypedAnswerValue)
    except NotFoundError:
        bot.reply(press, stale_button(bot.say(press)), replace=True)
        return
    say = bot.say(press).in_language(value.language)
    bot.reply(press, typed_answers.own_buttons(say, value.check_in), replace=True)


def _take_answer(bot: HandlerContext, press: Press, ack: Ack, said: Callable[[], ids.HelpFormValue]) -> None:
    """Seal, acknowledge, open one modal: the same steps whatever the answer was.

    Args:
        said: reads the answer and where the help begins from the press; raises NotFoundError.
    """
    try:
        opened = said()
        answered = answering.take(
            bot.context,
            press.actor,
            opened.check_in,
            Tap(opened.tap),
            bot.now(),
            press.message_place,
            opened.pick,
        )
    except SupersededError as problem:
        ack()
        _show_newest(bot, press, problem.newest)
        bot.remove(press)
        return
    except _NOT_OWNER:
        ack()
        bot.reply(press, stale_button(bot.say(press)), replace=True)
        return
    ack()
    bot.wake_worker()
    press.say(lambda _who: answered.trainee.locale)  # saves the look-up
    bot.open_modal(press, lambda: _help(bot, answering.facts_after(bot.context, answered), opened))
    bot.remove(press)


_SNOOZES = {
    ids.CHECK_IN_LATER_TODAY: Snooze.TODAY,
    ids.CHECK_IN_NOT_TODAY: Snooze.TOMORROW,
    ids.CHECK_IN_NEXT_WEEK: Snooze.NEXT_WEEK,
}


def _show_newest(bot: HandlerContext, press: Press, check_in_id: str) -> None:
    """Answer an old message's button with the question that is waiting now."""
    say = bot.say(press)
    try:
        facts = read_facts(bot.context, press.actor, check_in_id)
    except _NOT_OWNER:  # the re-plan, which asks for no answer
        bot.reply(press, prompts.passed(say))
        return
    bot.open_modal(press, prompts.newest_form(say, facts.check_in, facts.plan, facts.program.support_contact))


@routes.action(*_SNOOZES)
def snooze(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Put the question off."""
    say = bot.say(press)
    try:
        check_in_id = press.value(ids.CheckInValue).check_in
        found = follow_ups.snooze(bot.context, press.actor, check_in_id, _SNOOZES[press.action_id], bot.now())
    except SupersededError as problem:
        ack()
        _show_newest(bot, press, problem.newest)
        return
    except (NotFoundError, WrongStateError):
        answer = stale_button(say)
    else:
        trainee = found.trainee
        answer = prompts.put_off(say, found.again_at, trainee.zone, trainee.check_in_planned_on)
    ack()
    bot.wake_worker()
    bot.reply(press, answer, replace=True)


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


@routes.view(ids.CHECK_IN_CHANGE_FORM, steady=True)
def change(bot: HandlerContext, submission: Submission, ack: Ack) -> None:
    """Store another answer, and show the help that fits it."""
    view = submission.view
    with form_errors(ack, view, bot.say(submission), refusals=_NOT_OWNER):
        check_in_id, picked = view.value(ids.CheckInValue).check_in, view.selected(prompts.ANSWER)
        if picked not in set(Tap):
            raise WrongStateError
        tap = Tap(picked)
        facts = answering.tap(bot.context, submission.actor, check_in_id, tap, bot.now(), None)
        value = ids.HelpFormValue(check_in=check_in_id, tap=tap.value)
        ack(response_action="update", view=_help(bot, facts, value).body)
        bot.wake_worker()


@routes.action(ids.CHECK_IN_BRANCH)
def pick(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Show the whole plans that fit the pick."""
    ack()
    _show_step(bot, press, lambda value: value.model_copy(update={"pick": press.selected}))


@routes.action(ids.CHECK_IN_MORE)
def show_more(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Show the words, the day and what happens from here, with the chosen plan filled in."""
    ack()
    way = press.view.selected(help_prompts.WAY)
    _show_step(bot, press, lambda value: value.model_copy(update={"way": way, "more": True}))


@routes.view(ids.CHECK_IN_HELP_FORM, steady=True)
def settle(bot: HandlerContext, submission: Submission, ack: Ack) -> None:
    """Store what was chosen in the help, and close it; "More" ends with a page that says what comes next."""
    view = submission.view
    with form_errors(ack, view, bot.say(submission), refusals=_NOT_OWNER):
        value = view.value(ids.HelpFormValue)
        # Both are worked out, so that the time until the acknowledgement does not tell which it was.
        kept = _choice(bot, submission, value)
        choices = replace(_more_choices(view) if value.more else kept, note=view.text(NOTE))
        done = answering.help_form(
            bot.context, submission.actor, value.check_in, Tap(value.tap), value.pick, choices, bot.now()
        )
        if not value.more:
            ack(response_action="clear")
            return
        shown = help_prompts.settled(
            Say(done.trainee.locale),
            done.plan,
            done.program.support_contact,
            from_here=choices.from_here,
            next_on=done.next_on,
            remind_on=done.remind_on,
        )
        ack(response_action="update", view=shown.body)


def _show_step(
    bot: HandlerContext, press: Press, changed: Callable[[ids.HelpFormValue], ids.HelpFormValue]
) -> None:
    try:
        value = changed(press.view.value(ids.HelpFormValue))
        facts = read_facts(bot.context, press.actor, value.check_in)
    except _NOT_OWNER:
        return
    bot.change_modal(press, _help(bot, facts, value, has_begun_note=bool(press.view.text(NOTE))))


def _choice(bot: HandlerContext, submission: Submission, value: ids.HelpFormValue) -> answering.Choices:
    """The chosen plan of the second step; the plan as it is when none was chosen, and in the first step.

    Raises:
        DecryptionError, NotFoundError, WrongStateError: as `read_facts`.
    """
    facts = read_facts(bot.context, submission.actor, value.check_in)
    # Here too the same work, whether something was picked or not.
    picked = value if value.pick else value.model_copy(update=_A_PICK)
    way = _way(bot, facts, picked, submission.view.selected(help_prompts.WAY))
    if way is None or not value.pick:
        return answering.Choices("", "", None, FromHere.AS_BEFORE, keeps_moment=True)
    return answering.Choices(
        way.words.cue, way.words.response, None, FromHere.KEEP, keeps_moment=True, cue_object=way.cue_object
    )


def _more_choices(view: SentView) -> answering.Choices:
    picked = view.selected(help_prompts.FROM_HERE)
    return answering.Choices(
        view.text(help_prompts.CUE),
        view.text(help_prompts.RESPONSE),
        view.day(help_prompts.MOMENT),
        FromHere(picked) if picked in set(FromHere) else FromHere.KEEP,
        remind=bool(view.checked(REMIND)),
    )


def _help(
    bot: HandlerContext, facts: HelpFacts, value: ids.HelpFormValue, *, has_begun_note: bool = False
) -> View:
    return help_prompts.help_form(
        Say(facts.trainee.locale),
        bot.context.content.plan_library_of(facts.program.name),
        value,
        facts.plan,
        facts.program.support_contact,
        turn=facts.turn,
        rehearsal=bot.context.content.rehearsals.for_plan(
            bot.context.content.scenarios, facts.plan.kind, facts.plan.intention
        ),
        way=_way(bot, facts, value, value.way) if value.way else None,
        counts=facts.counts,
        why=facts.why,
        has_circle=facts.has_circle,
        lines=_lines(bot, facts),
        notes=facts.notes,
        has_begun_note=has_begun_note,
    )


def _way(bot: HandlerContext, facts: HelpFacts, value: ids.HelpFormValue, way_id: str) -> Way | None:
    """The offered plan with this id; None for the plan as it is."""
    say, library = Say(facts.trainee.locale), bot.context.content.plan_library_of(facts.program.name)
    offered = help_prompts.offered_ways(say, library, facts.plan, value, facts.turn, _lines(bot, facts))
    return next((each for each in offered if each.id == way_id), None)


def _lines(bot: HandlerContext, facts: HelpFacts) -> tuple[str, ...]:
    content, plan = bot.context.content, facts.plan
    library = content.plan_library_of(facts.program.name)
    return content.lines.for_plan(library, content.scenarios, plan.kind, plan.intention)
