"""Answers to somebody who is in no program, or has not said yes."""

from allybot.errors import NotFoundError, WrongStateError
from allybot.message import Message
from allybot.prompts import help as prompts
from allybot.prompts.data.suppression import left_alone
from allybot.services.data.suppression import is_suppressed
from allybot.slack_app.payloads import Request
from allybot.slack_app.replies import HandlerContext


def not_enrolled(bot: HandlerContext, request: Request) -> Message:
    """Why nothing happens; whoever left for good is told how to be invited again."""
    say = bot.say(request)
    return left_alone(say) if is_suppressed(bot.context, request.actor) else prompts.not_enrolled(say)


def not_taking_part(
    bot: HandlerContext, request: Request, problem: NotFoundError | WrongStateError
) -> Message:
    """The answer to who is in no program, or has not said yes to allybot."""
    if isinstance(problem, NotFoundError):
        return not_enrolled(bot, request)
    return prompts.not_started(bot.say(request))
