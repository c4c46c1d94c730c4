"""How figures are read: two windows beside each other, five plain sentences, and what the words mean."""

from collections.abc import Iterable, Sequence

from allybot.domain.figures import Release
from allybot.domain.noise import reach_of_difference
from allybot.domain.trends import Trend
from allybot.i18n import Say
from allybot.prompts.outcomes import figures, moments


def beside_each_other(say: Say, trend: Trend) -> str:
    """What two windows show beside each other: a rise, a fall, or nothing beyond the noise."""
    both = say.all_of([figures.in_short(say, trend.earlier), figures.in_short(say, trend.later)])
    if not trend.is_stated:
        text = say(
            "{both}: the noise alone can make this difference, one as large or larger comes in {chance}. No "
            "change is read into it.",
            both=_capital(both),
            chance=_chance(say, trend),
        )
    elif trend.difference > 0:
        text = say(
            "{both}: the share who acted at least once rose. The noise alone makes a difference as large or "
            "larger in {chance}.",
            both=_capital(both),
            chance=_chance(say, trend),
        )
    else:
        text = say(
            "{both}: the share who acted at least once fell. The noise alone makes a difference as large or "
            "larger in {chance}.",
            both=_capital(both),
            chance=_chance(say, trend),
        )
    return f"{text} {_unlike(say, trend)}"


def _chance(say: Say, trend: Trend) -> str:
    """In whole cases of a hundred, rounded up to one and down from all."""
    in_hundred = round(100 * trend.chance)
    if in_hundred < 1:
        return say("fewer than 1 of 100 cases")
    return say("about {number} of 100 cases", number=in_hundred)


def _unlike(say: Say, trend: Trend) -> str:
    """What the noise does not cover: other people and other questions."""
    earlier, later = trend.earlier.invited, trend.later.invited
    if earlier != later:
        return say(
            "{earlier} people were asked, then {later}; that others answered, or that people were asked more "
            "often in one of the periods, can make a difference too.",
            earlier=earlier,
            later=later,
        )
    return say(
        "That others answered, or that people were asked more often in one of the periods, can make a "
        "difference too."
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def how_to_read(say: Say, releases: Sequence[Release]) -> tuple[str, ...]:
    """Five points; those about counts say more where `releases` hold figures of who told of a moment."""
    both = [release.noise_scale for release in releases if release.had_a_moment]
    return (
        say("All this is self-reported: what people said themselves in their check-ins, checked by nobody."),
        moments.how_to_read(say)
        if both
        else say("Whoever acted at least once in these weeks counts once, however often they acted."),
        moments.of_the_noise(say, reach_of_difference(max(both)))
        if both
        else say(
            "Before the count was published, once, a few people were added or removed at random to protect "
            "everyone; the range in brackets allows for that and holds the true number in 95 of 100 cases."
        ),
        say(
            "Who did not answer is not in the number; what their silence leaves open stands in the sentence "
            "below it."
        ),
        say(
            "These figures do not tell who did what, whether the training was the cause, or how a single "
            "cohort, circle or manager did."
        ),
    )


def have_moments(releases: Iterable[Release]) -> bool:
    """Whether one of them says how many told of a moment."""
    return any(release.had_a_moment for release in releases)


def glossary(say: Say, *, with_moments: bool) -> tuple[tuple[str, str], ...]:
    """What the words on the page mean, for somebody who was not there.

    `with_moments` where figures of who told of a moment are among those to be read.
    """
    had = (
        (
            say("Told of a moment"),
            say(
                "in at least one check-in, that something happened which a plan of theirs was for, whether "
                "they did what they had planned or not."
            ),
        ),
    )
    return (
        (
            say("Acted"),
            say(
                "a moment came that somebody had made a plan for, such as a colleague being talked over, and "
                "they did what they had planned."
            ),
        ),
        *(had if with_moments else ()),
        (say("Weeks"), say("counted from the end of the training; each period is counted and told once.")),
        (say("Asked"), say("everybody who takes part and got at least one check-in about these weeks.")),
        (say("Answered"), say("whoever told of at least one of their plans, by a button in Slack.")),
        (say("No moment came"), say("nothing happened that the plan was for: no failure, and no refusal.")),
        (
            say("Range"),
            say("the lowest and the highest whole number of people that the protective noise leaves open."),
        ),
    )
