"""What a lead reads where a scenario of their own cannot be kept, changed or deleted, and once it is kept."""

from collections.abc import Mapping

from allybot.content.own_scenarios import CUE, KIND, LINES, LONGEST, MAX_WORDS, OPTION, RESPONSE
from allybot.i18n import Say


def problems(say: Say, reasons: Mapping[str, str], written: int) -> dict[str, str]:
    """What to say under each field, by its name.

    Args:
        written: how many words the situation and its question have.
    """
    return {field: problem(say, field, reason, written) for field, reason in reasons.items()}


def problem(say: Say, field: str, reason: str, written: int) -> str:
    """Why a field cannot be kept as it is."""
    if reason == "words":
        return say(
            "With the question that is {written} words, and {most} can be read on the way. What could go?",
            written=written,
            most=MAX_WORDS,
        )
    if reason == "signs":
        return say(
            "Please write it without < > and without curly brackets, and with few * _ ~ & or backticks."
        )
    if reason == "half":
        return say(
            "It is read in “If ..., then I will ...”: please begin with a small letter, not with “if”, “I” "
            "or “then”, and leave out the full stop."
        )
    if reason == "too_long":
        if field == LINES:
            return say("At most three lines, each of at most 200 characters, please.")
        return say("Please keep it to {longest} characters.", longest=LONGEST.get(field, 0))
    if field == KIND:
        return say("Please choose one.")
    if field.startswith(OPTION):
        return say("A vote needs at least three moves to choose from.")
    if field in {CUE, RESPONSE}:
        return say("A plan needs both halves; or leave both empty.")
    return say("Please write a few words here.")


def kept(say: Say) -> str:
    """Above the list, once it is kept."""
    return say("It is kept. Circles get it at its turn; to have it sooner, put it first.")


def in_use(say: Say) -> str:
    """Why a scenario cannot be changed or deleted just now."""
    return say(
        "A circle has it before it just now, so it stays as it is until that week is over. You can leave it "
        "out of the weeks that nobody prepares yet."
    )


def full(say: Say) -> str:
    """Why no further scenario can be begun."""
    return say("Your program has as many scenarios of its own as fit. Delete one that you no longer need.")
