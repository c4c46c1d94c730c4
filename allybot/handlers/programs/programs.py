"""`/allybot program`, for leads."""

import re

from allybot.errors import NotALeadError, SlackError, SlackRefusedError, UserError
from allybot.message import Message
from allybot.prompts.help import not_a_lead
from allybot.prompts.programs import messages as prompts
from allybot.services.programs import programs
from allybot.services.programs.facts import ProgramFacts
from allybot.slack_app.replies import Asked, CommandHandler, Desk

_APPOINT = re.compile(r"leads?\s+<@(?P<user>[UW][A-Z0-9]{2,30})(\|[^>]*)?>\s*(?P<name>.*)", re.DOTALL)


def _program(desk: Desk, asked: Asked) -> Message:
    """`/allybot program`, or `/allybot program lead @name` and perhaps the program's name."""
    try:
        led = programs.led_by(desk.context, asked.actor)
        if not asked.words:
            return prompts.overview(asked.say, tuple(_page(facts) for facts in led))
        named = _APPOINT.fullmatch(asked.words)
        if named is None:
            return prompts.whom(asked.say)
        return _appoint(desk, asked, named["user"], named["name"].strip())
    except NotALeadError:
        return not_a_lead(asked.say)


def _appoint(desk: Desk, asked: Asked, slack_user: str, name: str) -> Message:
    try:
        person = desk.slack.person(asked.actor.workspace_id, slack_user)
    except SlackRefusedError:
        return prompts.not_a_person(asked.say)
    except SlackError:
        return prompts.try_again(asked.say)
    if person.is_bot or person.deleted:
        return prompts.not_a_person(asked.say)
    try:
        program = programs.appoint_fellow_lead(desk.context, asked.actor, name, slack_user)
    except NotALeadError:
        raise
    except UserError as several:
        return prompts.which_program(asked.say, str(several))
    return prompts.appointed(asked.say, slack_user, program.name)


def _page(facts: ProgramFacts) -> prompts.ProgramPage:
    return prompts.ProgramPage(
        name=facts.program.name,
        support_contact=facts.program.support_contact,
        cohorts=tuple((cohort.name, cohort.training_ended_on) for cohort in facts.cohorts),
        leads=facts.leads,
        minimum_respondents=facts.program.minimum_respondents,
        enrolled=facts.enrolled,
        taking_part=facts.taking_part,
        closing=facts.closing,
        deleted_on=facts.deleted_on,
    )


COMMANDS: dict[str, CommandHandler] = {"program": _program}
