"""A lead adds people: `/allybot program add` and the button."""

from slack_bolt import Ack

from allybot.errors import NotALeadError, NotFoundError, SlackError
from allybot.handlers.programs.list_forms import (
    answer_later,
    carried,
    choices_of,
    entered_in,
    progress_in,
    show_in,
)
from allybot.i18n import Say
from allybot.message import Message, View
from allybot.prompts.help import not_a_lead, stale_button
from allybot.prompts.programs import adding as prompts
from allybot.prompts.programs import enrol_ids, proposing, review
from allybot.services.programs import adding
from allybot.services.programs.adding import Doubtful, Entered, Review
from allybot.slack_app.forms import keep_open
from allybot.slack_app.payloads import Press, Request, Submission
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()


def open_form(bot: HandlerContext, request: Request) -> Message | None:
    """Open the form; a message instead for who leads no program."""
    say, workspace_id = bot.say(request), request.actor.workspace_id
    try:
        cohorts = choices_of(bot, request.actor)
    except NotALeadError:
        return not_a_lead(say)

    def form() -> View:
        try:
            groups = sorted(bot.slack.user_groups(workspace_id).items(), key=lambda group: group[1])
        except SlackError:  # the optional scope was not granted, or Slack is slow: the form is what counts
            groups = []
        return prompts.add_form(say, cohorts, groups)

    bot.open_modal(request, form)
    return None


@routes.action(enrol_ids.ADD)
def add(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """The button."""
    ack()
    bot.answer(press, open_form(bot, press))


@routes.view(enrol_ids.ADD_FORM)
@routes.view(enrol_ids.REVIEW_FORM)
def check_or_add(bot: HandlerContext, submission: Submission, ack: Ack) -> None:
    """Look everybody up; add them if they are those that were seen without a doubt."""
    say, view, actor, now = bot.say(submission), submission.view, submission.actor, bot.now()
    try:
        entered, seen = entered_in(view), view.value(enrol_ids.EnteredValue).seen
    except NotFoundError:
        keep_open(ack, view, say)
        return
    if not (entered.users or entered.group or entered.text.strip()):
        ack(response_action="errors", errors={view.block_of(prompts.LIST): prompts.nobody_entered(say)})
        return
    ack(response_action="update", view=prompts.looking_up(say, 0).body)

    def work() -> tuple[View, Message | None]:
        progress = progress_in(bot, submission)
        if not seen:
            found = adding.review(bot.context, bot.slack, actor, entered, now, progress=progress)
            return _reviewed(say, found, ()), prompts.checked_message(say, len(found.doubtful))
        found = adding.add(bot.context, bot.slack, actor, entered, seen, now, progress=progress)
        if not found.done:
            return _reviewed(say, found, ()), prompts.checked_message(say, len(found.doubtful))
        bot.wake_worker()
        return _added(say, found), prompts.added_message(say, found.program.name, len(found.added))

    answer_later(bot, submission, entered, work)


@routes.action(enrol_ids.LEAVE_OUT)
def leave_out(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Go on without the lines that are in doubt, which stay on the page as they were typed."""
    ack()
    say, actor, now = bot.say(press), press.actor, bot.now()
    try:
        entered = entered_in(press.view)
    except NotFoundError:
        bot.answer(press, stale_button(say))
        return

    def work() -> tuple[View, Message | None]:
        show_in(bot, press, prompts.looking_up(say, 0), None)
        progress = progress_in(bot, press)
        before = adding.review(bot.context, bot.slack, actor, entered, now, progress=progress)
        sure = adding.review(bot.context, bot.slack, actor, before.sure, now, progress=progress)
        return _reviewed(say, sure, before.doubtful), prompts.checked_message(say, len(sure.doubtful))

    answer_later(bot, press, entered, work)


def _reviewed(say: Say, found: Review, set_aside: tuple[Doubtful, ...]) -> View:
    anybody = found.added or found.already
    value = carried(found.entered, found.seen if anybody and not found.doubtful else "")
    page = review.ReviewPage(
        program=found.program.name,
        cohort=found.cohort.name,
        added=tuple(each.name or each.slack_user for each in found.added),
        already=tuple(each.name or each.slack_user for each in found.already),
        guests=tuple(each.name for each in found.added if each.is_guest and not each.is_external),
        others=tuple(each.name for each in found.added if each.is_external),
        doubtful=_lines(found.doubtful),
        set_aside=_lines(set_aside),
        unusual=tuple(
            review.UnusualDates(each.cohort, each.training_ended_on, each.deleted_on)
            for each in found.unusual
        ),
        text=found.entered.text,
        users=found.entered.users,
        value=value,
        names_circles=any(each.circle for each in (*found.added, *found.already)),
    )
    return review.review_form(say, page)


def _added(say: Say, found: Review) -> View:
    """What was done, and the way to circles of these people."""
    entered: Entered = found.entered
    done = prompts.added(say, found.program.name, len(found.added))
    column = next(iter(found.columns), "")
    return proposing.circles_form(say, (), carried(entered), entered.text, entered.users, column, done)


def _lines(doubtful: tuple[Doubtful, ...]) -> tuple[review.DoubtfulLine, ...]:
    return tuple(review.DoubtfulLine(each.doubt, each.line, each.user) for each in doubtful)
