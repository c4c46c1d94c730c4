"""What is held about a person in their circles, as a part of `my-data`."""

from collections.abc import Callable, Sequence

from allybot.domain.circle_questions import TextKind
from allybot.domain.my_data import HeldCircleText, HeldStory, HeldTrainee
from allybot.i18n import Say

Quote = Callable[[str], str]
"""Escapes a person's own text for where it is shown."""


def circles(say: Say, of: HeldTrainee, quote: Quote) -> list[str]:
    """Seats, circles that were left, and what waits to be posted."""
    lines = [
        say.count(
            "{circle} (channel {channel}); you have had {number} turn as facilitator by the rota",
            "{circle} (channel {channel}); you have had {number} turns as facilitator by the rota",
            seat.turns,
            circle=quote(seat.name),
            channel=seat.channel,
        )
        for seat in of.circles
    ]
    lines += [
        say("You have left {circle}; that is noted until you leave its channel, too.", circle=quote(name))
        for name in of.left_circles
    ]
    if of.asked_circle_on:
        day = say.day_and_year(of.asked_circle_on)
        lines.append(say("You asked your circle something on {day}; that day is encrypted.", day=day))
    lines += [
        say("A deed you told your circle, not posted yet: “{text}”", text=quote(text))
        if text is not None
        else say("A deed you told your circle, not posted yet, that nobody can read any more")
        for text in of.deeds
    ]
    lines += [_circle_text(say, each, quote) for each in of.circle_texts]
    return lines or [say("None.")]


def stories(say: Say, of: Sequence[HeldStory], quote: Quote) -> list[str]:
    """Stories that they were asked for, and what they told."""
    return [_story(say, each, quote) for each in of]


def _story(say: Say, held: HeldStory, quote: Quote) -> str:
    line = say(
        "For the circles of {program}; <@{lead}> asked you. Deleted on {day}.",
        program=quote(held.program),
        lead=held.asked_by,
        day=say.day_and_year(held.delete_on),
    )
    if not held.parts:
        return line
    named = say("With your name.") if held.named else say("Without your name.")
    return " ".join([line, named, *(f"“{quote(part)}”" for part in held.parts)])


def _circle_text(say: Say, held: HeldCircleText, quote: Quote) -> str:
    kind = TextKind(held.kind)
    if held.author_until:
        return say(
            "That a question in your circle is yours: encrypted, until {day} at the latest, to tell you when "
            "it is answered",
            day=say.day_and_year(held.author_until),
        )
    if not held.waits:
        day = say.day_and_year(held.written_on)
        return say("You wrote something for your circle on {day}; that day is encrypted.", day=day)
    if held.text is None:
        return say("Something for the circle, not posted yet, that nobody can read any more")
    waiting = {
        TextKind.QUESTION: say(
            "Your question to the circle, not posted yet: “{text}”", text=quote(held.text)
        ),
        TextKind.ANSWER: say("Your answer in the circle, not posted yet: “{text}”", text=quote(held.text)),
        TextKind.RECAP: say("Your recap for the circle, not posted yet: “{text}”", text=quote(held.text)),
    }
    return waiting[kind]
