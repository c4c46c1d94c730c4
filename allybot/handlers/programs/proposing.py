"""Circles proposed from a lead's list: `/allybot program circles`, the button, and after adding people."""

from contextlib import suppress

from slack_bolt import Ack

from allybot.domain.circle_proposals import LARGEST, SMALLEST, USUAL, Circles, moved, unfit
from allybot.errors import NotALeadError, NotFoundError, SlackError
from allybot.handlers.programs.list_forms import (
    answer_later,
    choices_of,
    entered_in,
    progress_in,
    wait_for_acknowledgement,
)
from allybot.message import Message, View
from allybot.prompts.help import as_modal, not_a_lead, stale_button
from allybot.prompts.programs import adding as list_prompts
from allybot.prompts.programs import enrol_ids
from allybot.prompts.programs import proposing as prompts
from allybot.services.programs import pasted, proposing
from allybot.services.programs.proposing import MOST_PEOPLE, Planned
from allybot.slack_app.forms import keep_open
from allybot.slack_app.payloads import Press, Request, Submission
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()


def open_form(bot: HandlerContext, request: Request) -> Message | None:
    """Open the form; a message instead for who leads no program."""
    say = bot.say(request)
    try:
        cohorts = choices_of(bot, request.actor)
    except NotALeadError:
        return not_a_lead(say)
    first = enrol_ids.EnteredValue(program=cohorts[0].program_id, cohort=cohorts[0].cohort_id)
    bot.open_modal(request, prompts.circles_form(say, cohorts, first, "", (), "", ""))
    return None


@routes.action(enrol_ids.CIRCLES)
def circles(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """The button."""
    ack()
    bot.answer(press, open_form(bot, press))


@routes.view(enrol_ids.CIRCLES_FORM)
def propose(bot: HandlerContext, submission: Submission, ack: Ack) -> None:
    """Propose circles of whoever was entered."""
    say, view, actor = bot.say(submission), submission.view, submission.actor
    try:
        entered = entered_in(view)
    except NotFoundError:
        keep_open(ack, view, say)
        return
    if not (entered.users or entered.group or entered.text.strip()):
        under = view.block_of(list_prompts.LIST)
        ack(response_action="errors", errors={under: list_prompts.nobody_entered(say)})
        return
    wanted = view.text(prompts.BALANCE).strip()
    columns = {each.casefold(): each for each in pasted.read(entered.text, {}).columns}
    if wanted and wanted.casefold() not in columns:
        under = view.block_of(prompts.BALANCE)
        ack(response_action="errors", errors={under: prompts.no_such_column(say)})
        return
    ack(response_action="update", view=list_prompts.looking_up(say, 0).body)
    size, column = _size(view.selected(prompts.SIZE)), columns.get(wanted.casefold(), "")

    def work() -> tuple[View, Message | None]:
        progress = progress_in(bot, submission)
        found = proposing.proposed(bot.context, bot.slack, actor, entered, size, column, progress=progress)
        if not found.circles:
            message = prompts.too_few(say, MOST_PEOPLE)
            return as_modal(say, message), message
        return prompts.proposal(say, found.program.id, found.circles, (), failed=False), None

    answer_later(bot, submission, entered, work)


@routes.action(enrol_ids.MOVE)
def move(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Somebody goes to another of the proposed circles."""
    ack()
    say, view = bot.say(press), press.view
    try:
        value = view.value(enrol_ids.ProposalValue)
    except NotFoundError:
        bot.answer(press, stale_button(say))
        return
    place = view.selected(prompts.TO)
    after = moved(_circles(value), view.user(prompts.WHO), int(place) if place.isdecimal() else -1)
    names = tuple(view.text(prompts.NAMES).split("\n"))
    bot.change_modal(
        press, prompts.proposal(say, value.program, after, names, failed=False), whatever_it_shows=True
    )


@routes.view(enrol_ids.PROPOSAL_FORM)
def make(bot: HandlerContext, submission: Submission, ack: Ack) -> None:
    """Make the circles as they are proposed."""
    say, view, actor, now = bot.say(submission), submission.view, submission.actor, bot.now()
    try:
        value = view.value(enrol_ids.ProposalValue)
    except NotFoundError:
        keep_open(ack, view, say)
        return
    groups = _circles(value)
    if unfit(groups):
        ack(
            response_action="errors",
            errors={view.block_of(prompts.NAMES): prompts.not_of_a_size(say)},
        )
        return
    names = prompts.named(say, view.text(prompts.NAMES).split("\n"), len(groups))
    planned = [Planned(*each) for each in zip(names, groups, strict=True)]
    ack(response_action="update", view=prompts.working(say).body)

    def work() -> None:
        try:
            done = proposing.make(bot.context, bot.slack, actor, value.program, planned, now)
        except NotALeadError:
            _show(bot, submission, as_modal(say, not_a_lead(say)))
            return
        told = prompts.made(
            say,
            [prompts.MadeCircle(each.name, each.channel) for each in done.circles],
            [prompts.PlannedCircle(each.name, each.users) for each in done.by_hand],
        )
        page = as_modal(say, told)
        if done.failed:
            left = tuple(each.users for each in done.failed)
            called = tuple(each.name for each in done.failed)
            page = prompts.proposal(say, value.program, left, called, failed=True)
        _show(bot, submission, page)
        if done.circles or done.by_hand:
            with suppress(SlackError):
                bot.tell(submission, bot.slack.open_dm(actor.workspace_id, actor.slack_user), told)

    bot.background(f"circles {view.id} {view.hash}", work)


def _show(bot: HandlerContext, submission: Submission, page: View) -> None:
    wait_for_acknowledgement(bot, submission)
    with suppress(SlackError):  # it was closed; what was made comes by direct message
        bot.slack.update_view(submission.actor.workspace_id, submission.view.id, page)


def _size(chosen: str) -> int:
    return min(max(int(chosen), SMALLEST), LARGEST) if chosen.isdecimal() else USUAL


def _circles(value: enrol_ids.ProposalValue) -> Circles:
    return tuple(tuple(each.split()) for each in value.circles.split("|"))
