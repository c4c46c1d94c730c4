"""Sentences about how many told of a moment; empty where that was not counted. Without markup."""

from allybot.domain.cells import Cell
from allybot.domain.figures import Release
from allybot.i18n import Say
from allybot.prompts.outcomes import figures


def headline(say: Say, release: Release) -> str:
    """How many of this group told of a moment, as drawn, with the range of the noise."""
    cell = release.had_a_moment
    if cell is None:
        return ""
    if release.nearly_all:
        return say(
            "About {number} of the {invited} asked, nearly all of whom answered, told of a moment at least "
            "once ({range}).",
            number=figures.drawn(say, release, cell),
            invited=release.invited,
            range=figures.people(say, cell.within),
        )
    return say(
        "About {number} of the {respondents} who answered told of a moment at least once ({range}).",
        number=figures.drawn(say, release, cell),
        respondents=release.respondents,
        range=figures.people(say, cell.within),
    )


def silence(say: Say, release: Release) -> str:
    """The bounds that non-response leaves open; empty, too, when nearly everybody answered."""
    return figures.of_all_asked(say, release, release.moments_if_silent)


def in_words(say: Say, release: Release, cell: Cell) -> str:
    """A figure of any kind as a sentence of its own."""
    return headline(say, release) if cell == release.had_a_moment else figures.in_words(say, release, cell)


def how_to_read(say: Say) -> str:
    """In place of the sentence about who acted, where both are counted."""
    return say(
        "Whoever acted at least once in these weeks counts once, however often they acted; whoever told of a "
        "moment counts once, too, whether they acted then or not. Whoever answered seldom may have had "
        "moments they never told of, so that number is a lower end."
    )


def of_the_noise(say: Say, off_by: int) -> str:
    """In place of the sentence about the noise, where both are counted.

    Args:
        off_by: how far their difference is from the truth at most, in 95 of 100 cases.
    """
    return say(
        "Before the counts were published, once, a few people were added or removed at random to protect "
        "everyone, at each count anew; the range in brackets behind each allows for that and holds the true "
        "number in 95 of 100 cases. The difference of the two is about how many told of a moment and never "
        "acted; it can be off by {number} people.",
        number=off_by,
    )
