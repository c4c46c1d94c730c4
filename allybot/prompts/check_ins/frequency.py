"""Messages about pause, pace and stop."""

from datetime import date

from slack_sdk.models.blocks import ButtonElement

from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts import blocks, ids
from allybot.prompts.check_ins.quiet_days import quiet_button
from allybot.prompts.help import covered, plain, support_line


def pace_question(say: Say, support_contact: str) -> Message:
    """The question after steps without an answer; nothing more is sent until the trainee answers it."""
    text = say(
        "The last check-ins may have come at a bad time, or too often. How would you like to go on? "
        "Until you choose, allybot stays quiet."
    )
    page = (
        blocks.section(text),
        blocks.actions(
            [
                blocks.button(say("Keep the pace"), ids.FREQUENCY_KEEP),
                blocks.button(say("Ask less often"), ids.FREQUENCY_SLOWER),
                blocks.button(say("Stop the check-ins"), ids.FREQUENCY_STOP),
            ],
            block_id="dose.pace",
        ),
        support_line(say, support_contact),
    )
    return blocks.message(say, page)


def paused(say: Say, until: date | None) -> Message:
    """The reply to a pause."""
    text = (
        say(
            "Paused until {day}. No check-in is lost: the remaining ones move along. "
            "`{command} resume` ends the pause earlier.",
            day=say.day_and_year(until),
            command=ids.COMMAND,
        )
        if until
        else say("Paused until you say `{command} resume`. No check-in is lost.", command=ids.COMMAND)
    )
    return _with_buttons(
        say, text, blocks.button(say("Resume check-ins"), ids.FREQUENCY_RESUME), quiet_button(say)
    )


def resumed(say: Say, next_on: date | None) -> Message:
    """The reply to resume."""
    return plain(" ".join([say("Good to have you back."), _next(say, next_on)]))


def stopped(say: Say) -> Message:
    """The reply to stop."""
    text = say(
        "No more check-ins. Your plans stay as they are, and `{command} resume` brings the check-ins back. "
        "To have everything about you deleted: `{command} forget-me`.",
        command=ids.COMMAND,
    )
    return _with_buttons(say, text, blocks.button(say("Resume check-ins"), ids.FREQUENCY_RESUME))


def slower(say: Say, next_on: date | None) -> Message:
    """The reply to slower."""
    return plain(" ".join([say("Fine: every other check-in from here on."), _next(say, next_on)]))


def kept(say: Say, next_on: date | None) -> Message:
    """The reply to keep."""
    return plain(" ".join([say("Fine: the check-ins go on."), _next(say, next_on)]))


def problem(say: Say, reason: str, words: str) -> Message:
    """Why the typed end of a pause could not be used.

    Args:
        reason: `past`, `too_far` or `not_understood`.
        words: the typed text, unescaped.
    """
    typed = blocks.escape(words[:60])
    texts = {
        "past": say("“{typed}” lies in the past. Please name a day from tomorrow on.", typed=typed),
        "too_far": say(
            "“{typed}” is more than a year away. `{command} pause open-ended` rests until you come back.",
            typed=typed,
            command=ids.COMMAND,
        ),
    }
    unclear = say(
        "allybot did not understand “{typed}”. These work: `{command} pause 2 weeks`, "
        "`{command} pause until 14 Jan`, `{command} pause open-ended`.",
        typed=typed,
        command=ids.COMMAND,
    )
    return covered(say, texts.get(reason, unclear))


def not_possible(say: Say) -> Message:
    """The reply to a trainee who gets no check-ins anyway: not started, stopped, or finished."""
    return plain(
        say(
            "No check-ins are planned for you now, so there is nothing to change. "
            "If you stopped them, `{command} resume` brings them back.",
            command=ids.COMMAND,
        )
    )


def _next(say: Say, next_on: date | None) -> str:
    if next_on is None:
        return say("No further check-in is planned.")
    return say("The next check-in comes on {day}.", day=say.day(next_on))


def _with_buttons(say: Say, text: str, *buttons: ButtonElement) -> Message:
    return blocks.message(say, (blocks.section(text), blocks.actions(list(buttons), block_id="dose.choices")))
