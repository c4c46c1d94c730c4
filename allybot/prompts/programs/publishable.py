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
    what = (
        say("how many acted, and what was in the way")
        if each.what is Publishable.REASONS
        else say("about how many acted at least once, give or take 3 people")
    )
    if each.nearly_all:
        return say("{what}. That nearly all answered is said, not how many.", what=what)
    return f"{what}."
