"""Quiet days and an hour of one's own: the modal behind a button, and what was chosen in it."""

from slack_bolt import Ack

from allybot.errors import NotFoundError, WrongStateError
from allybot.handlers.home import show_home
from allybot.handlers.not_enrolled import not_taking_part
from allybot.prompts import ids
from allybot.prompts.check_ins import quiet_days as prompts
from allybot.services.check_ins import quiet_days
from allybot.slack_app.forms import form_errors
from allybot.slack_app.payloads import Press, Submission
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()


@routes.action(ids.QUIET_DAYS_SHOW)
def show(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Open the modal."""
    ack()
    say = bot.say(press)
    try:
        found = quiet_days.read(bot.context, press.actor)
    except (NotFoundError, WrongStateError) as problem:
        bot.answer(press, not_taking_part(bot, press, problem))
        return
    view = prompts.quiet_form(
        say,
        found.trainee.quiet_days,
        found.working_days,
        found.trainee.check_in_hour,
        found.hours,
        found.usual,
        found.trainee.zone,
        found.support_contact,
    )
    bot.show(press, view)


@routes.view(ids.QUIET_DAYS_FORM)
def keep(bot: HandlerContext, submission: Submission, ack: Ack) -> None:
    """Store the choice."""
    say, view = bot.say(submission), submission.view
    days = [int(each) for each in view.checked(prompts.QUIET_DAYS) if each.isdecimal()]
    picked = view.selected(prompts.HOUR)
    hour = int(picked) if picked.isdecimal() else None
    with form_errors(ack, view, say, lambda *_: prompts.none_left(say)):
        kept = quiet_days.choose(bot.context, submission.actor, days, hour, bot.now())
        shown = prompts.quiet_kept(say, kept.trainee.quiet_days, kept.hour, kept.next_on)
        ack(response_action="update", view=shown.body)
        show_home(bot, submission.actor)
