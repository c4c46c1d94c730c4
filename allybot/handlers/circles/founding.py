"""A new circle: proposed by somebody without one, and made by a lead."""

from contextlib import suppress

from slack_bolt import Ack

from allybot.errors import (
    NotALeadError,
    NotFoundError,
    SlackError,
    SlackRefusedError,
    UserError,
    WrongStateError,
)
from allybot.message import Message
from allybot.prompts.circles import circle_ids
from allybot.prompts.circles import founding as prompts
from allybot.prompts.help import not_a_lead, stale_button, try_again
from allybot.services.programs import founding
from allybot.slack_app.forms import keep_open
from allybot.slack_app.payloads import Press, Request, SlashCommand, Submission
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()


@routes.action(circle_ids.PROPOSE)
def propose(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Somebody without a circle would like a new one."""
    say = bot.say(press)
    try:
        founding.propose(bot.context, press.actor, bot.now())
        answer = prompts.proposal_sent(say)
        bot.wake_worker()
    except (NotFoundError, WrongStateError):
        answer = stale_button(say)
    ack()
    bot.answer(press, answer)


@routes.action(circle_ids.NEW)
def new(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """The button of a proposal: the lead's form."""
    ack()
    try:
        user = press.value(circle_ids.NewCircleValue).user
    except NotFoundError:
        bot.answer(press, stale_button(bot.say(press)))
        return
    bot.answer(press, open_form(bot, press, [user]))


def open_form(bot: HandlerContext, request: Request, users: list[str]) -> Message | None:
    """Open the lead's form; a message instead for who leads no program."""
    say = bot.say(request)
    try:
        led = founding.led(bot.context, request.actor)
    except NotALeadError:
        return not_a_lead(say)
    bot.open_modal(request, prompts.new_circle(say, led, users, founding.MAX_NAME_LENGTH))
    return None


@routes.view(circle_ids.NEW_FORM)
def make(bot: HandlerContext, submission: Submission, ack: Ack) -> None:
    """Make it after the acknowledgement, since Slack is called several times; what became of it is told."""
    say, view, actor, now = bot.say(submission), submission.view, submission.actor, bot.now()
    try:
        program = view.selected(prompts.PROGRAM) or view.value(circle_ids.NewCircleFormValue).program
        name = founding.checked_name(view.text(prompts.NAME))
    except NotFoundError:
        keep_open(ack, view, say)
        return
    except UserError:
        under = view.block_of(prompts.NAME)
        ack(response_action="errors", errors={under: prompts.name_needed(say, founding.MAX_NAME_LENGTH)})
        return
    users = view.users(prompts.PEOPLE)
    ack(response_action="update", view=prompts.being_made(say).body)

    def work() -> None:
        try:
            done = founding.make(bot.context, bot.slack, actor, program, name, users, now)
            answer = prompts.made(say, done.circle)
        except NotALeadError:
            answer = not_a_lead(say)
        except SlackRefusedError as refused:
            granted = not founding.is_not_granted(refused)
            answer = prompts.not_made(say) if granted else prompts.by_hand(say, users)
        except SlackError:
            answer = prompts.not_made(say)
        with suppress(SlackError):
            bot.tell(submission, bot.slack.open_dm(actor.workspace_id, actor.slack_user), answer)

    bot.background(f"circle {view.id}", work)


def adopt(bot: HandlerContext, command: SlashCommand, name: str) -> Message | None:
    """`/allybot circle here`, typed by a lead in a channel that is to be a circle."""
    say, now, channel = bot.say(command), bot.now(), command.channel_id
    try:
        led = founding.led(bot.context, command.actor)
    except NotALeadError:
        return not_a_lead(say)
    named = [each for each in led if each.name.casefold() == name.casefold()] if name else led
    if len(named) != 1 or channel is None:
        return prompts.which_program(say, [each.name for each in led])

    def work() -> None:
        try:
            circle = founding.adopt(bot.context, bot.slack, command.actor, named[0].id, channel, now)
            answer = prompts.adopted(say, circle)
        except UserError:
            answer = prompts.cannot_adopt(say)
        except SlackError:
            answer = try_again(say)
        bot.tell(command, None, answer)

    bot.background(f"circle {command.trigger_id}", work)
    return None
