"""What the forms for a program's list share: what was entered, and answers that take a while."""

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

from allybot.domain.people import Actor
from allybot.errors import NotALeadError, SlackError, UserError, WrongStateError
from allybot.message import Message, View
from allybot.prompts.help import as_modal, not_a_lead
from allybot.prompts.programs import adding as prompts
from allybot.prompts.programs.adding import CohortChoice
from allybot.prompts.programs.enrol_ids import EnteredValue
from allybot.services.programs.adding import Entered, cohorts_led
from allybot.services.programs.directory import Progress
from allybot.services.programs.roster import Row
from allybot.slack_app.payloads import Press, Submission
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.sent_view import SentView

_LOOKS, _BETWEEN_LOOKS = 30, 0.1
"""So often, and seconds: together the three within which Slack takes an acknowledgement."""
SHOWN_EVERY = 25
"""People between two signs of progress: each is a call of Slack's."""
MAX_LEFT_OUT = 2400
"""Characters of Slack users that are left out, see `EnteredValue`."""


def choices_of(bot: HandlerContext, actor: Actor) -> list[CohortChoice]:
    """The cohorts of the programs that somebody leads.

    Raises:
        NotALeadError: they lead none.
    """
    return [
        CohortChoice(each.program.id, each.cohort.id, each.program.name, each.cohort.name)
        for each in cohorts_led(bot.context, actor)
    ]


def entered_in(view: SentView) -> Entered:
    """What stands in a form.

    Raises:
        NotFoundError: the form is of another version.
    """
    value = view.value(EnteredValue)
    program, _, cohort = (view.selected(prompts.COHORT) or f"{value.program}.{value.cohort}").partition(".")
    group = view.selected(prompts.GROUP) or value.group
    return Entered(
        program=program,
        cohort=cohort,
        users=tuple(view.users(prompts.PEOPLE)),
        group=group if group.isalnum() else "",
        text=view.text(prompts.LIST),
        left_out=tuple(value.left_out.split()),
    )


def carried(entered: Entered, seen: str = "") -> EnteredValue:
    """What a form carries of what was entered, besides its fields."""
    left_out = " ".join(entered.left_out)[:MAX_LEFT_OUT]
    return EnteredValue(
        program=entered.program, cohort=entered.cohort, group=entered.group, left_out=left_out, seen=seen
    )


def answer_later(
    bot: HandlerContext,
    request: Press | Submission,
    entered: Entered,
    work: Callable[[], tuple[View, Message | None]],
) -> None:
    """Do what takes a while, and show the result in the form; in a direct message where that was closed.

    Where it cannot be done, what was entered is shown again.

    Args:
        work: returns the view, and the message for who has closed it; None where that says nothing new.
    """
    say, view = bot.say(request), request.view

    def job() -> None:
        try:
            shown, message = work()
        except NotALeadError:
            message = not_a_lead(say)
            shown = as_modal(say, message)
        except (SlackError, UserError) as problem:
            why = prompts.slack_is_busy(say)
            if isinstance(problem, UserError):
                over = isinstance(problem, WrongStateError)
                why = prompts.is_over(say) if over else prompts.cannot(say)
            shown = prompts.try_again_form(say, why, entered.text, entered.users, carried(entered))
            message = None
        if isinstance(request, Submission):
            wait_for_acknowledgement(bot, request)
        show_in(bot, request, shown, message)

    bot.background(f"list {view.id} {view.hash} {request.trigger_id}", job)


def wait_for_acknowledgement(bot: HandlerContext, sent: Submission) -> None:
    """Return once Slack shows what the acknowledgement put in place of a form that was sent.

    The acknowledgement goes another way than calls: a page that overtakes it would be replaced by it. Only
    the acknowledgement changes a form that was sent, so once the hash is another, it has arrived.
    """
    say, seen = bot.say(sent), sent.view.hash
    for _ in range(_LOOKS if seen else 0):
        try:
            page = prompts.looking_up(say, 0)
            seen = bot.slack.update_view(sent.actor.workspace_id, sent.view.id, page, seen)
        except SlackError:  # `hash_conflict`: it is there; or the form was closed
            return
        time.sleep(_BETWEEN_LOOKS)


def show_in(bot: HandlerContext, request: Press | Submission, shown: View, message: Message | None) -> None:
    """Show a view in place of the one that was sent; the message where it was closed."""
    who = request.actor
    try:
        bot.slack.update_view(who.workspace_id, request.view.id, shown)
    except SlackError:
        if message is not None:
            with suppress(SlackError):
                bot.tell(request, bot.slack.open_dm(who.workspace_id, who.slack_user), message)


def progress_in(bot: HandlerContext, request: Press | Submission) -> Progress:
    """Shows in the form how many people have been looked up."""
    say, number = bot.say(request), 0

    def progress(rows: Sequence[Row]) -> Iterable[Row]:
        nonlocal number
        for row in rows:
            yield row
            number += 1
            if number % SHOWN_EVERY == 0:
                with suppress(SlackError):
                    page = prompts.looking_up(say, number)
                    bot.slack.update_view(request.actor.workspace_id, request.view.id, page)

    return progress
