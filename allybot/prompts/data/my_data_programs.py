"""Where somebody's name stands in programs they lead, led or set up, as a part of `my-data`."""

from collections.abc import Iterator

from allybot.domain.my_data import Held
from allybot.i18n import Say
from allybot.prompts.data.my_data_circles import Quote


def in_programs(say: Say, held: Held, quote: Quote) -> Iterator[str]:
    """That they may create programs, and where their name stands in programs; no number of stories."""
    if held.may_create:
        yield say("You may create programs: whoever runs allybot has named you for that.")
    for each in held.in_programs:
        if each.changes:
            yield say.count(
                "One change in the log of {program} carries your name.",
                "{number} changes in the log of {program} carry your name.",
                each.changes,
                program=quote(each.program),
            )
        if each.suggestions:
            yield say.count(
                "Beside one suggestion in {program} stands that you answered or hid it.",
                "Beside {number} suggestions in {program} stands that you answered or hid them.",
                each.suggestions,
                program=quote(each.program),
            )
    if held.has_led:
        yield say(
            "Where you asked somebody for a story, that it was you is noted, encrypted, as long as the story "
            "or the question is. How many there are is not shown: it would tell you who said no."
        )
