"""What a program will be told, in words: for the command line and for a preview in Slack; without markup."""

from allybot.domain.publishable import Forecast, Publishable
from allybot.i18n import Say


def line(say: Say, people: int, each: Forecast, minimum: int) -> str:
    """One sentence for one share of the people who answer; it holds for each window by itself.

    Args:
        people: how many are asked.
        minimum: the program's fewest respondents for figures.
    """
    if_so = say(
        "If {answering} of {people} answer ({share}\u00a0%):",
        answering=each.answering,
        people=people,
        share=each.share,
    )
    return f"{if_so} {_what(say, each, minimum)}"


def what_is_counted(say: Say, *, counts_moments: bool) -> str:
    """What a program chose when it was set up, for good."""
    if counts_moments:
        return say("once: how many acted at least once, and how many told of a moment at least once")
    return say("in each window: how many acted at least once, and in large programs what was in the way")


def waits_in_pool(say: Say, pool: str, least: int, months: int) -> str:
    """What sharing a pool means, before it is done.

    Args:
        least: the fewest people with whom it is counted.
        months: how long answers wait.
    """
    return say(
        "Where too few people answer in a window, their sealed answers wait for other programs of the pool "
        "{pool}, up to {months} months, with a random number in place of each person. They are counted once, "
        "together, from {least} people on, or else deleted unopened. Nobody is told how many wait, and the "
        "figure is that of all of them together. The pool stays for good, as people say yes to it.",
        pool=pool,
        months=months,
        least=least,
    )


def asked_anew(say: Say) -> str:
    """What naming a pool means for those who said yes before."""
    return say(
        "Whoever takes part is asked in their working hours. Where too few answer, only the answers of those "
        "who agree wait; the others' are deleted unopened, as before."
    )


def _what(say: Say, each: Forecast, minimum: int) -> str:
    if each.what is Publishable.NOTHING:
        return say(
            "no figures. Fewer than {minimum} answered, so their answers are deleted unopened.",
            minimum=minimum,
        )
    if each.what is Publishable.WAITS:
        if each.groups is None:
            return say("no figures, and nothing that could wait.")
        return say(
            "no figures at first. The sealed answers wait in the pool; {number} such groups together are "
            "counted.",
            number=each.groups,
        )
    told = {
        Publishable.REASONS: say("how many acted, and what was in the way"),
        Publishable.MOMENTS: say(
            "about how many acted at least once, and how many told of a moment at least once, each give or "
            "take 3 people"
        ),
    }
    what = told.get(each.what) or say("about how many acted at least once, give or take 3 people")
    if each.nearly_all:
        return say("{what}. That nearly all answered is said, not how many.", what=what)
    return f"{what}."
