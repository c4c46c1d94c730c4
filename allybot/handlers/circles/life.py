"""A circle's page, and what its members and leads decide about it: join, leave, pause, end, merge."""

from collections.abc import Callable
from dataclasses import replace

from slack_bolt import Ack

from allybot.domain.circles import Circle, CirclePage
from allybot.errors import NotFoundError, UserError, WrongStateError
from allybot.handlers.circles import founding
from allybot.handlers.not_enrolled import not_enrolled
from allybot.message import Message
from allybot.prompts.circles import circle_ids, joining, page
from allybot.prompts.help import stale_button
from allybot.services.circles import endings, inviting, pages, pauses, requests, seats
from allybot.slack_app.payloads import Press, Request, SlashCommand
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()
_NEW, _HERE = "new", "here"


@routes.command("circle")
def circle(bot: HandlerContext, command: SlashCommand) -> Message | None:
    """`/allybot circle`; for leads also with the name of a circle, `new`, or `here` in a channel."""
    word, _, rest = command.words.partition(" ")
    if word.casefold() == _NEW:
        return founding.open_form(bot, command, [])
    if word.casefold() == _HERE:
        return founding.adopt(bot, command, rest.strip())
    return _page(bot, command, command.words)


@routes.action(circle_ids.SHOW)
def show(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """The button on the Home tab."""
    ack()
    bot.answer(press, _page(bot, press))


def _page(bot: HandlerContext, request: Request, name: str = "") -> Message:
    say, now = bot.say(request), bot.now()
    found = pages.pages(bot.context, request.actor, now, name.strip())
    if found:
        return page.pages(say, found)
    try:
        offered = requests.circles_with_room(bot.context, request.actor)
    except NotFoundError:
        return not_enrolled(bot, request)
    if offered is None:
        return joining.no_circle(say)
    return joining.circles_with_room(say, offered)


def _leave(bot: HandlerContext, press: Press) -> Message:
    return joining.leave_or_stay(bot.say(press), _seen(bot, press).circle)


def _leave_now(bot: HandlerContext, press: Press) -> Message:
    left = seats.leave(bot.context, press.actor, press.value(circle_ids.CircleValue).circle)
    return joining.left(bot.say(press), left)


def _ask_to_join(bot: HandlerContext, press: Press) -> Message:
    asked = requests.ask(bot.context, press.actor, press.value(circle_ids.CircleValue).circle, bot.now())
    bot.wake_worker()
    return joining.asked(bot.say(press), asked.name)


def _pause(bot: HandlerContext, press: Press) -> Message:
    say, value = bot.say(press), press.value(circle_ids.PauseCircleValue)
    done = pauses.pause(bot.context, press.actor, value.circle, value.weeks, bot.now())
    bot.wake_worker()
    if isinstance(done, Circle):
        return page.paused(say, _now(bot, press, done))
    return page.pause_proposed(say)


def _agree(bot: HandlerContext, press: Press) -> Message:
    value = press.value(circle_ids.PauseCircleValue)
    if value.post_on is None:
        raise WrongStateError
    proposal = pauses.Proposal(value.circle, value.weeks, value.by, value.post_on)
    done = pauses.agree(bot.context, press.actor, proposal, bot.now())
    bot.wake_worker()
    return page.paused(bot.say(press), _now(bot, press, done))


def _resume(bot: HandlerContext, press: Press) -> Message:
    done = pauses.resume(bot.context, press.actor, press.value(circle_ids.CircleValue).circle, bot.now())
    bot.wake_worker()
    return page.resumed(bot.say(press), _now(bot, press, done))


def _end(bot: HandlerContext, press: Press) -> Message:
    return page.end_or_not(bot.say(press), _seen(bot, press).circle)


def _end_now(bot: HandlerContext, press: Press) -> Message:
    done = endings.end(bot.context, press.actor, press.value(circle_ids.CircleValue).circle, bot.now())
    bot.wake_worker()
    return page.ended(bot.say(press), done)


_ANSWERS: dict[str, Callable[[HandlerContext, Press], Message]] = {
    circle_ids.LEAVE: _leave,
    circle_ids.LEAVE_NOW: _leave_now,
    circle_ids.ASK_TO_JOIN: _ask_to_join,
    **dict.fromkeys(circle_ids.PAUSES, _pause),
    circle_ids.PAUSE_AGREE: _agree,
    circle_ids.RESUME: _resume,
    circle_ids.END: _end,
    circle_ids.END_NOW: _end_now,
}


@routes.action(*_ANSWERS)
def decide(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """What needs no call to Slack."""
    try:
        answer = _ANSWERS[press.action_id](bot, press)
    except (NotFoundError, WrongStateError):
        answer = stale_button(bot.say(press))
    ack()
    bot.answer(press, answer)


@routes.action(circle_ids.WELCOME)
def welcome(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """A member or lead lets somebody in, whom allybot invites where it may."""
    say = bot.say(press)
    try:
        value = press.value(circle_ids.JoinValue)
        let_in = requests.accept(bot.context, press.actor, value.circle, value.trainee)
    except (NotFoundError, WrongStateError):
        ack()
        bot.reply(press, stale_button(say))
        return
    ack()
    user = let_in.actor.slack_user

    def invite() -> None:
        done = inviting.invite(bot.context, bot.slack, let_in.actor, let_in.channel)
        bot.reply(
            press, joining.invited(say, user) if done else joining.please_invite(say, user, let_in.channel)
        )

    bot.background(f"invite {press.trigger_id}", invite)


@routes.action(circle_ids.MERGE)
def merge(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """A lead lets the members of one circle join another; allybot invites them where it may."""
    say = bot.say(press)
    try:
        value = press.value(circle_ids.MergeValue)
        done = endings.merge(bot.context, press.actor, value.into, value.ending, bot.now())
    except (NotFoundError, WrongStateError):
        ack()
        bot.reply(press, stale_button(say))
        return
    except UserError:
        ack()
        bot.reply(press, page.cannot_merge(say, bot.context.content.rules.circles.max_members))
        return
    ack()
    bot.wake_worker()

    def invite() -> None:
        for who in done.moving:
            inviting.invite(bot.context, bot.slack, who, done.into.channel)
        bot.reply(press, page.merged(say, done.into, done.ending))

    bot.background(f"invite {press.trigger_id}", invite)


def _seen(bot: HandlerContext, press: Press) -> CirclePage:
    """The circle on the button, where the actor may see it."""
    wanted = press.value(circle_ids.CircleValue).circle
    for each in pages.pages(bot.context, press.actor, bot.now(), of=wanted):
        return each
    raise NotFoundError


def _now(bot: HandlerContext, press: Press, done: Circle) -> CirclePage:
    for each in pages.pages(bot.context, press.actor, bot.now(), of=done.id):
        return replace(each, circle=done)
    raise NotFoundError
