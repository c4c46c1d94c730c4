"""Messages about pause, pace and stop."""

from datetime import date

from slack_sdk.models.blocks import ButtonElement

from allybot.domain.trainee import Pace
from allybot.i18n import Say
from allybot.message import Message, View
from allybot.prompts import blocks, ids
from allybot.prompts.check_ins.quiet_days import quiet_button
from allybot.prompts.help import covered, plain


def choices(say: Say, pace: Pace, next_on: date | None) -> View:
    """Everything that changes how often allybot asks, as a modal."""
    text = [_next(say, next_on)]
    if pace is Pace.SLOWER:
        text.append(say("You are asked at every other step."))
        often = blocks.button(say("Ask as often as before"), ids.FREQUENCY_KEEP)
    else:
        often = blocks.button(say("Ask less often"), ids.FREQUENCY_SLOWER)
    page = [
        blocks.section(" ".join(text)),
        blocks.actions([often, quiet_button(say)], block_id="frequency.often"),
        blocks.section(say("*A pause*")),
        blocks.actions(
            [
                blocks.button(say("Two weeks"), ids.FREQUENCY_PAUSE),
                blocks.button(say("A month"), ids.FREQUENCY_PAUSE_MONTH),
                blocks.button(say("Until I come back"), ids.FREQUENCY_PAUSE_OPEN),
            ],
            block_id="frequency.pause",
        ),
        blocks.section(say("*An end*")),
        blocks.actions(
            [blocks.button(say("Stop the check-ins"), ids.FREQUENCY_STOP)], block_id="frequency.stop"
        ),
    ]
    return blocks.modal(say("How often"), page, ids.FREQUENCY_SHOW, close=say("Close"))


def paused(say: Say, until: date | None, deleted_on: date | None) -> Message:
    """The reply to a pause.

    Args:
        until: the first day after it; None for a pause without an end.
        deleted_on: the day on which the program's plans are deleted.
    """
    text = (
        say("Paused until {day}.", day=say.day_and_year(until)) if until else say("Paused until you resume.")
    )
    resume = blocks.button(say("Resume check-ins"), ids.FREQUENCY_RESUME)
    if deleted_on is None or (until is not None and until < deleted_on):
        return _with_buttons(
            say, " ".join([text, say("The check-ins that are left move along.")]), resume, quiet_button(say)
        )
    end = (
        say(
            "The program is over before that: your plans are deleted on {day}, and no check-in comes "
            "after it.",
            day=say.day_and_year(deleted_on),
        )
        if until
        else say(
            "Your plans are deleted on {day}, when the program is over, also during a pause.",
            day=say.day_and_year(deleted_on),
        )
    )
    copy = say("You get them and your notes as a file a week before, or now as a message if you like.")
    send = blocks.button(say("Send me my plans"), ids.PLANS_SEND)
    return _with_buttons(say, f"{text} {end} {copy}", resume, send)


def resumed(say: Say, next_on: date | None) -> Message:
    """The reply to resume."""
    return plain(" ".join([say("Good to have you back."), _next(say, next_on)]))


def stopped(say: Say, deleted_on: date | None) -> Message:
    """The reply to stop; `deleted_on` is the day on which the program's plans are deleted."""
    text = say("No more check-ins. You can resume at any time.")
    if deleted_on:
        text += " " + say(
            "Your plans and notes stay until {day}. One message still comes: a week before, both as a file.",
            day=say.day_and_year(deleted_on),
        )
    return _with_buttons(
        say,
        text,
        blocks.button(say("Resume check-ins"), ids.FREQUENCY_RESUME),
        blocks.button(say("Send me my plans"), ids.PLANS_SEND),
        blocks.button(say("Forget me"), ids.FORGET_ME_SHOW),
    )


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
    return blocks.message(
        say, (blocks.section(text), blocks.actions(list(buttons), block_id="frequency.choices"))
    )
