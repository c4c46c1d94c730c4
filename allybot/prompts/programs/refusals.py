"""Why a program cannot be changed like that, for leads and operators alike."""

from datetime import date

from allybot.domain.closures import LONGEST_DAYS, MOST
from allybot.domain.program_changes import Refusal
from allybot.i18n import Say


def said(say: Say, reason: Refusal, name: str = "", day: date | None = None) -> str:
    """One or two sentences in plain text.

    Args:
        name: of the program, the cohort or the person that it is about; else what was typed.
        day: for `Refusal.ASKED`, since when people of the cohort may have been asked.
    """
    return _words(say, name, say.day_and_year(day) if day else "")[reason]


def _words(say: Say, name: str, day: str) -> dict[Refusal, str]:
    return {
        Refusal.ASKED: say(
            "Cohort {name} has had check-ins since {day}: people were asked on the old dates, and their "
            "answers count there. Its dates stay.",
            name=name,
            day=day,
        ),
        Refusal.BACKWARDS: say("The last day off lies before the first."),
        Refusal.COHORT_LISTED: say("Cohort {name} has been on a list of people, so it stays.", name=name),
        Refusal.COHORT_NAME: say("Please name the cohort in 1 to 200 characters."),
        Refusal.COHORT_TAKEN: say("There is already a cohort called {name} in this program.", name=name),
        Refusal.CONTACT: say("Please name whom people can turn to, in 1 to 200 characters."),
        Refusal.COUNTRY: say(
            "No public holidays are known for the country “{name}”. Write its name in English, such as "
            "Switzerland, or its two letters, such as CH, or leave it empty.",
            name=name,
        ),
        Refusal.EMERGENCY: say("An emergency number has digits and spaces only, such as 112 or 911."),
        Refusal.FIGURES_MOVE: say(
            "People of the program have been asked already, and this would move the day on which their "
            "answers are counted. It stays as it is."
        ),
        Refusal.FROZEN: say(
            "{name} has sent its first check-in, so its cohorts are fixed: later ones would change when its "
            "figures are published. Create a new edition of the program for this cohort.",
            name=name,
        ),
        Refusal.LAST_LEAD: say(
            "A program keeps at least one lead, who is told when something needs a hand. Appoint another "
            "first."
        ),
        Refusal.NAME: say("Please name the program in 1 to 200 characters."),
        Refusal.NAME_TAKEN: say("There is already a program called {name}.", name=name),
        Refusal.NO_CLOSURE: say("No days off begin on that day."),
        Refusal.NO_COHORT: say("There is no cohort called {name} in this program.", name=name),
        Refusal.ONLY_COHORT: say("A program needs a cohort. Add the right one first."),
        Refusal.OTHER_NAME: say("Type the name of the program, {name}, to confirm.", name=name),
        Refusal.OVER: say("{name} is over already.", name=name),
        Refusal.OVERLAPS: say("These days off overlap others of the program. Remove those first."),
        Refusal.PAST: say("These days off are over already, so nothing would change."),
        Refusal.POOL_COUNTS_OTHERWISE: say(
            "The pool {name} has programs that count otherwise: only those that all count twice, or that all "
            "count once and how many told of a moment, can be counted together. Choose another name.",
            name=name,
        ),
        Refusal.POOL_CUSTODIAN: say(
            "A program whose keys a custodian holds cannot share a pool: allybot counts it by itself, months "
            "later, with the keys of several programs."
        ),
        Refusal.POOL_LATE: say("All windows of {name} have closed; nothing of it could wait.", name=name),
        Refusal.POOL_NAME: say("Please name the pool in 1 to 200 characters."),
        Refusal.POOL_NAMED: say("{name} has a pool, and people said yes to that one.", name=name),
        Refusal.POOL_OF_OTHERS: say(
            "There is a pool called {name}, of programs that you do not lead. Choose another name, or ask "
            "one of their leads to make you one, too.",
            name=name,
        ),
        Refusal.PUBLISHED: say(
            "Figures of {name} are out, and published figures are never deleted. End it instead: its people "
            "and their plans are deleted then.",
            name=name,
        ),
        Refusal.TOO_FAR: say("That day lies more than ten years away. Please check the year."),
        Refusal.TOO_LONG: say("Days off can be at most {number} days long.", number=LONGEST_DAYS),
        Refusal.TOO_MANY: say("A program can have days off at most {number} times.", number=MOST),
        Refusal.ZONE: say(
            "“{name}” is not a time zone. It should look like Europe/London, or be a large city.", name=name
        ),
    }
