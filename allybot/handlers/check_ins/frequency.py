"""Pause, resume, stop and how often, by command and by button."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from slack_bolt import Ack

from allybot.domain.people import Actor
from allybot.errors import FieldError, NotFoundError, WrongStateError
from allybot.handlers.home import show_home
from allybot.handlers.not_enrolled import not_enrolled
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts import ids
from allybot.prompts.check_ins import frequency as prompts
from allybot.prompts.help import stale_button
from allybot.services.check_ins import frequency
from allybot.services.check_ins.frequency import FrequencyStatus
from allybot.services.context import Context
from allybot.slack_app.payloads import Press, Request, SlashCommand
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()

Choice = Callable[[Context, Actor, datetime], FrequencyStatus]
Words = Callable[[Say, FrequencyStatus], Message]
Answer = Callable[[HandlerContext, Request], Message]


def _chosen(choice: Choice, words: Words) -> Answer:
    def answer(bot: HandlerContext, request: Request) -> Message:
        say = bot.say(request)
        try:
            return words(say, choice(bot.context, request.actor, bot.now()))
        except NotFoundError:
            return not_enrolled(bot, request)
        except WrongStateError:
            return prompts.not_possible(say)

    return answer


def _paused_until(bot: HandlerContext, press: Press) -> Message:
    """Pause until the day on the button."""
    try:
        until = press.value(ids.PauseUntilValue).until
        return _chosen(
            lambda context, actor, now: frequency.pause(context, actor, until, now),
            lambda say, status: prompts.paused(say, status.back_on, status.deleted_on),
        )(bot, press)
    except (FieldError, NotFoundError):  # the day has come since the button was shown; or another version
        return stale_button(bot.say(press))


def _paused(bot: HandlerContext, request: Request, duration: str) -> Message:
    def pause(context: Context, actor: Actor, now: datetime) -> FrequencyStatus:
        return frequency.pause_as_typed(context, actor, duration, now)

    try:
        return _chosen(pause, lambda say, status: prompts.paused(say, status.back_on, status.deleted_on))(
            bot, request
        )
    except FieldError as problem:
        return prompts.problem(bot.say(request), problem.reason, duration)


_resume = _chosen(frequency.resume, lambda say, status: prompts.resumed(say, status.next_on))
_stop = _chosen(frequency.stop, lambda say, status: prompts.stopped(say, status.deleted_on))
_BUTTONS: dict[str, Callable[[HandlerContext, Press], Message]] = {
    ids.FREQUENCY_KEEP: _chosen(frequency.keep, lambda say, status: prompts.kept(say, status.next_on)),
    ids.FREQUENCY_SLOWER: _chosen(frequency.slower, lambda say, status: prompts.slower(say, status.next_on)),
    ids.FREQUENCY_STOP: _stop,
    ids.FREQUENCY_RESUME: _resume,
    ids.FREQUENCY_PAUSE_UNTIL: _paused_until,
    **{
        action: partial(_paused, duration=duration)
        for action, duration in (
            (ids.FREQUENCY_PAUSE, "2 weeks"),
            (ids.FREQUENCY_PAUSE_MONTH, "a month"),
            (ids.FREQUENCY_PAUSE_OPEN, "open-ended"),
        )
    },
}
routes.command("resume")(_resume)
routes.command("stop")(_stop)


@routes.command("pause")
def pause(bot: HandlerContext, command: SlashCommand) -> Message:
    """Pause for as long as was typed."""
    return _paused(bot, command, command.words)


@routes.action(*_BUTTONS)
def pressed(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Change the frequency, then answer in the message, or on the Home tab itself."""
    message = _BUTTONS[press.action_id](bot, press)
    ack()
    if not press.on_home:
        bot.answer(press, message, replace=True)
    if not press.response_url:
        show_home(bot, press.actor)


@routes.action(ids.FREQUENCY_SHOW)
def show(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """The Home tab's button: all that can be chosen now, in a modal."""
    ack()
    say = bot.say(press)
    try:
        found = frequency.read(bot.context, press.actor)
    except NotFoundError:
        bot.answer(press, not_enrolled(bot, press))
    except WrongStateError:
        bot.answer(press, prompts.not_possible(say))
    else:
        bot.show(press, prompts.choices(say, found.trainee.pace, found.next_on))
