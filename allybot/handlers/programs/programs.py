"""`/allybot program`, for leads."""

import re
from collections.abc import Iterable

from slack_bolt import Ack

from allybot.errors import NotALeadError, SlackError, SlackRefusedError, UserError
from allybot.handlers.programs import adding, corrections, creating, proposing
from allybot.handlers.programs.samples import send_test
from allybot.message import Message
from allybot.prompts.help import not_a_lead
from allybot.prompts.programs import messages as prompts
from allybot.services.programs import leading
from allybot.services.programs.facts import ProgramFacts
from allybot.slack_app.payloads import Press, SlashCommand
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()
_FORMS = {
    "add": adding.open_form,
    "circles": proposing.open_form,
    "correct": corrections.open_form,
    "new": creating.open_form,
}
_APPOINT = re.compile(r"leads?\s+<@(?P<user>[UW][A-Z0-9]{2,30})(\|[^>]*)?>\s*(?P<name>.*)", re.DOTALL)


@routes.command("program")
def program(bot: HandlerContext, command: SlashCommand) -> Message | None:
    """`/allybot program`; with `test`, `lead @name` and perhaps the program's name, or the word of a form."""
    say, form = bot.say(command), _FORMS.get(command.words.casefold())
    if form is not None:
        return form(bot, command)
    try:
        led = leading.led_by(bot.context, command.actor)
        if not command.words:
            return prompts.overview(say, pages_of(led))
        if command.words.casefold() == "test":
            return send_test(bot, command, led[0].program)
        named = _APPOINT.fullmatch(command.words)
        if named is None:
            return prompts.whom(say)
        return _appoint(bot, command, named["user"], named["name"].strip())
    except NotALeadError:
        return not_a_lead(say)


def _appoint(bot: HandlerContext, command: SlashCommand, slack_user: str, name: str) -> Message:
    say = bot.say(command)
    try:
        person = bot.slack.person(command.actor.workspace_id, slack_user)
    except SlackRefusedError:
        return prompts.not_a_person(say)
    except SlackError:
        return prompts.try_again(say)
    if person.is_bot or person.deleted:
        return prompts.not_a_person(say)
    try:
        program = leading.appoint_fellow_lead(bot.context, command.actor, name, slack_user, bot.now())
    except NotALeadError:
        raise
    except UserError as several:
        return prompts.which_program(say, str(several))
    bot.wake_worker()
    return prompts.appointed(say, slack_user, program.name)


@routes.action(prompts.SHOW)
def show(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """The button on the Home tab."""
    ack()
    say = bot.say(press)
    try:
        bot.answer(press, prompts.overview(say, pages_of(leading.led_by(bot.context, press.actor))))
    except NotALeadError:
        bot.answer(press, not_a_lead(say))


def pages_of(led: Iterable[ProgramFacts]) -> tuple[prompts.ProgramPage, ...]:
    """The programs of a lead as they are shown."""
    return tuple(_page(facts) for facts in led)


def _page(facts: ProgramFacts) -> prompts.ProgramPage:
    return prompts.ProgramPage(
        id=facts.program.id,
        name=facts.program.name,
        support_contact=facts.program.support_contact,
        cohorts=tuple((cohort.name, cohort.training_ended_on) for cohort in facts.cohorts),
        leads=facts.leads,
        minimum_respondents=facts.program.minimum_respondents,
        counted=facts.counted,
        closing=facts.closing,
        deleted_on=facts.deleted_on,
        counts_moments=facts.program.counts_moments,
        circles=tuple(prompts.CirclePage(**vars(each)) for each in facts.circles),
    )
