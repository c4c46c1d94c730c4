"""Correcting a program in Slack: what would happen before it does, and that it is done."""

from slack_sdk.models.blocks import CheckboxesElement

from allybot.domain.calendar import Away
from allybot.domain.people import Program
from allybot.domain.program_dates import ProgramCalendar
from allybot.i18n import Say
from allybot.message import Message, View
from allybot.prompts import blocks
from allybot.prompts.help import covered
from allybot.prompts.programs import program_dates as dates
from allybot.prompts.programs.creating import MAX_WORD_LENGTH, MEANT
from allybot.prompts.programs.program_ids import (
    CHANGE_CONFIRM,
    ChangeFormValue,
    Doing,
)


def confirm(
    say: Say,
    value: ChangeFormValue,
    program: Program,
    before: ProgramCalendar,
    after: ProgramCalendar,
    *,
    is_doubtful: bool,
) -> View:
    """What a change would move; nothing is changed yet.

    Args:
        program: as it would be.
        is_doubtful: the new dates are hardly meant, and have to be confirmed.
    """
    lines = [_asked(say, value), say("*{program}*, what moves:", program=_short(program.name))]
    page = [blocks.section("\n".join(filter(None, lines))), blocks.section(dates.moved(say, before, after))]
    if before != after:
        page.append(
            blocks.small(
                say(
                    "Whoever is in already gets each check-in once, on its new day. Days are those of "
                    "somebody who said yes at once, in the program's zone."
                )
            )
        )
    if is_doubtful:
        page.append(
            blocks.question(
                say("These dates are unusual: over a year away, or long past"),
                CheckboxesElement(
                    action_id=MEANT, options=[blocks.option(say("Yes, they are meant"), "yes")]
                ),
                MEANT,
            )
        )
    return blocks.modal(
        say("This would happen"),
        page,
        CHANGE_CONFIRM,
        submit=say("Change it"),
        close=say("Back"),
        metadata=value.pack(),
    )


def done(say: Say, program: str) -> View:
    """The change is made."""
    text = say("*{program}* is changed, and it stands in what was changed.", program=_short(program))
    view = blocks.modal(say("Changed"), [blocks.section(text)], "help.answer", close=say("Close"))
    return View({**view.body, "clear_on_close": True})


def refused(say: Say, words: str) -> View:
    """In place of a confirmation: it cannot be done any more."""
    page = [blocks.section(blocks.escape(words))]
    return blocks.modal(say("Not changed"), page, "help.answer", close=say("Back"))


def being_done(say: Say) -> View:
    """In place of the form of an end, which takes a while."""
    text = say("It is being done. A direct message tells when it is.")
    view = blocks.modal(say("End or delete it"), [blocks.section(text)], "help.answer", close=say("Close"))
    return View({**view.body, "clear_on_close": True})


def ended(say: Say, program: str) -> Message:
    """To the lead: the program is ended."""
    return covered(say, say("{program} is ended. Nothing more is asked or posted.", program=_short(program)))


def deleted(say: Say, program: str) -> Message:
    """To the lead: the program is deleted."""
    return covered(say, say("{program} is deleted, with everything in it.", program=_short(program)))


def cannot_lead(say: Say) -> str:
    """Under the field of leads."""
    return say("A lead has to be a person with an active account in this workspace.")


def nothing_asked(say: Say) -> str:
    """Under the field of a new cohort, where the form asks for nothing or for half."""
    return say("Please give a new cohort's name and its training's last day, or choose one to remove.")


def _asked(say: Say, value: ChangeFormValue) -> str:
    if value.doing is Doing.ADD_CLOSURE and value.first and value.last:
        return say("Days off: {days}", days=dates.days_off(say, Away(value.first, value.last)))
    return ""


def _short(text: str) -> str:
    return blocks.escape(blocks.shortened(text, MAX_WORD_LENGTH))
