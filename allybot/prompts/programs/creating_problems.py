"""What stands under the fields of the form that sets up a program, where they cannot be kept."""

from collections.abc import Mapping

from allybot.domain.program_changes import Refusal
from allybot.i18n import Say
from allybot.prompts.programs.creating import (
    COHORT,
    CONTACT,
    COUNTING,
    COUNTRY,
    EMERGENCY,
    MINIMUM,
    NAME,
    PEOPLE,
    PERSON,
    POOL,
    TRAINED,
    ZONE,
)
from allybot.prompts.programs.refusals import said


def problems(say: Say, found: Mapping[str, str]) -> dict[str, str]:
    """What stands under each field that cannot be kept, by the field's name and a reason."""
    return {field: problem(say, field, reason) for field, reason in found.items()}


def problem(say: Say, field: str, reason: str) -> str:
    """What stands under one field."""
    if (field, reason) == (NAME, "taken"):
        return say("There is a program of this name already. Please choose another.")
    if (field, reason) == (TRAINED, "missing"):
        return say("Please choose the last day of the training.")
    if (field, reason) == (PERSON, "not_asked"):
        return say("Slack does not answer about this person just now. Try again, or use the next field.")
    words = {
        NAME: said(say, Refusal.NAME),
        COHORT: said(say, Refusal.COHORT_NAME),
        TRAINED: say("This day lies more than ten years away. Please check the year."),
        PEOPLE: say("Please give a number, such as 18."),
        PERSON: say("Please choose a person with an active account who does not lead the program."),
        CONTACT: say("Please choose a person above, or write here whom people can turn to."),
        EMERGENCY: say("Digits and spaces only, such as 112 or 911."),
        COUNTRY: say(
            "I know no country of this name with public holidays. Try Germany or DE, or leave it empty."
        ),
        ZONE: say("I know no such time zone. It looks like Europe/London; a large city does as well."),
        MINIMUM: say("Please give a number from 5 to 50."),
        POOL: said(say, Refusal.POOL_NAME),
        COUNTING: say(
            "This cannot be chosen here: its counts together would tell more than allybot is set to tell. "
            "Choose the other, or ask whoever runs allybot."
        ),
    }
    if (field, reason) == (POOL, Refusal.POOL_OF_OTHERS):
        return say(
            "There is a pool of this name, of programs that you do not lead. Choose another name, or ask "
            "one of their leads to make you one, too."
        )
    if (field, reason) == (POOL, Refusal.POOL_COUNTS_OTHERWISE):
        return say(
            "The programs of this pool count otherwise, and could not be counted together with this one. "
            "Choose another name, or what they chose."
        )
    return words.get(field, words[NAME])
