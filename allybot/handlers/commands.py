"""`/allybot` and its subcommands, and typed messages in the DM."""

from typing import Any

from slack_bolt import Ack, App

from allybot.handlers.check_ins import answering, frequency
from allybot.handlers.circles import circles, questions
from allybot.handlers.data import forget_me, my_data, privacy
from allybot.handlers.outcomes import summary
from allybot.handlers.plans import plans
from allybot.handlers.programs import programs
from allybot.handlers.trainees import why
from allybot.message import Message
from allybot.prompts import ids
from allybot.prompts.trainees import commands as prompts
from allybot.services.trainees.roles import role_of
from allybot.slack_app.replies import Asked, CommandHandler, Desk, actor, answer, permit, say_for

COMMANDS: dict[str, CommandHandler] = {
    **plans.COMMANDS,
    **answering.COMMANDS,
    **frequency.COMMANDS,
    **circles.COMMANDS,
    **questions.COMMANDS,
    **privacy.COMMANDS,
    **my_data.COMMANDS,
    **forget_me.COMMANDS,
    **programs.COMMANDS,
    **summary.COMMANDS,
    **why.COMMANDS,
}

_AROUND = ".,;:!?'\"\u2018\u2019\u201a\u201c\u201d\u201e"
"""What phones and habits put around a word."""


def register(bolt: App, desk: Desk) -> None:
    """Answer the command where it was typed, seen by that person only."""

    @bolt.command(ids.COMMAND)
    def command(ack: Ack, body: dict[str, Any]) -> None:
        say = say_for(desk, body)
        typed = str(body.get("text") or "").split(maxsplit=1)
        word, rest = [*typed, "", ""][:2]
        asked = Asked(actor(body), rest.strip(), permit(body), say)
        found = _answer(desk, asked, word.casefold())
        if found is None:
            ack()
        else:
            ack(text=found.text, blocks=list(found.blocks), response_type="ephemeral")

    @bolt.action(ids.HELP_SHOW)
    def show_help(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        answer(desk, body, _overview(desk, Asked(actor(body), "", permit(body), say_for(desk, body))))


def _answer(desk: Desk, asked: Asked, word: str) -> Message | None:
    bare = word.strip(_AROUND)
    handler = COMMANDS.get(bare)
    if handler is not None:
        return handler(desk, asked)
    page = _overview(desk, asked)
    return page if bare in {"", "help"} else prompts.unknown(asked.say, word, page)


def _overview(desk: Desk, asked: Asked) -> Message:
    role = role_of(desk.context, asked.actor)
    return prompts.overview(asked.say, role.support_contact, is_lead=role.is_lead)
