"""Pause, resume, stop and pace, by command and by button."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt import Ack, App

from allybot.domain.people import Actor
from allybot.errors import FieldError, NotFoundError, WrongStateError
from allybot.handlers.home import show_home
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts import ids
from allybot.prompts.check_ins import frequency as prompts
from allybot.prompts.help import not_enrolled
from allybot.services.check_ins import frequency
from allybot.services.check_ins.frequency import FrequencyStatus
from allybot.services.context import Context
from allybot.slack_app.replies import Asked, CommandHandler, Desk, actor, reply, say_for

USUAL_PAUSE = "2 weeks"
"""What the pause button asks for, as `/allybot pause 2 weeks` does."""

Choice = Callable[[Context, Actor, datetime], FrequencyStatus]
Words = Callable[[Say, FrequencyStatus], Message]


def register(bolt: App, desk: Desk) -> None:
    """Every button about how much he wants to hear."""
    for action, answer in _BUTTONS.items():
        bolt.action(action)(_pressing(desk, answer))


def _pressing(
    desk: Desk, answer: Callable[[Desk, Actor, Say], Message]
) -> Callable[[Ack, dict[str, Any]], None]:
    def pressed(ack: Ack, body: dict[str, Any]) -> None:
        """Change his dose, then answer where he pressed: in the message, or on the Home tab itself."""
        who = actor(body)
        message = answer(desk, who, say_for(desk, body))
        ack()
        if body.get("response_url"):
            reply(desk, body, message)
        else:
            show_home(desk, who)

    return pressed


def _chosen(choice: Choice, words: Words) -> Callable[[Desk, Actor, Say], Message]:
    def answer(desk: Desk, who: Actor, say: Say) -> Message:
        try:
            return words(say, choice(desk.context, who, desk.now()))
        except NotFoundError:
            return not_enrolled(say)
        except WrongStateError:
            return prompts.not_possible(say)

    return answer


def _paused(desk: Desk, who: Actor, say: Say, words: str) -> Message:
    def pause(context: Context, actor: Actor, now: datetime) -> FrequencyStatus:
        return frequency.pause_as_typed(context, actor, words, now)

    try:
        return _chosen(pause, lambda say, standing: prompts.paused(say, standing.back_on))(desk, who, say)
    except FieldError as problem:
        return prompts.problem(say, problem.reason, words)


_keep = _chosen(frequency.keep, lambda say, standing: prompts.kept(say, standing.next_on))
_slower = _chosen(frequency.slower, lambda say, standing: prompts.slower(say, standing.next_on))
_stop = _chosen(frequency.stop, lambda say, _standing: prompts.stopped(say))
_resume = _chosen(frequency.resume, lambda say, standing: prompts.resumed(say, standing.next_on))

_BUTTONS: dict[str, Callable[[Desk, Actor, Say], Message]] = {
    ids.FREQUENCY_KEEP: _keep,
    ids.FREQUENCY_SLOWER: _slower,
    ids.FREQUENCY_STOP: _stop,
    ids.FREQUENCY_RESUME: _resume,
    ids.FREQUENCY_PAUSE: lambda desk, who, say: _paused(desk, who, say, USUAL_PAUSE),
}


def _pause_command(desk: Desk, asked: Asked) -> Message | None:
    return _paused(desk, asked.actor, asked.say, asked.words)


def _resume_command(desk: Desk, asked: Asked) -> Message | None:
    return _resume(desk, asked.actor, asked.say)


def _stop_command(desk: Desk, asked: Asked) -> Message | None:
    return _stop(desk, asked.actor, asked.say)


COMMANDS: dict[str, CommandHandler] = {
    "pause": _pause_command,
    "resume": _resume_command,
    "stop": _stop_command,
}
