"""Sentences about how many had a moment at all; empty where that was not counted. Without markup."""

from allybot.domain.cells import Cell
from allybot.domain.figures import Release
from allybot.i18n import Say
from allybot.prompts.outcomes import figures


def headline(say: Say, release: Release) -> str:
    """How many of this group had a moment, as drawn, with the range of the noise."""
    cell = release.had_a_moment
    if cell is None:
        return ""
    if release.nearly_all:
        return say(
            "About {number} of the {invited} asked, nearly all of whom answered, had a moment at all "
            "({range}).",
            number=figures.drawn(say, release, cell),
            invited=release.invited,
            range=figures.people(say, cell.within),
        )
    return say(
        "About {number} of the {respondents} who answered had a moment at all ({range}).",
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
        "Whoever acted at least once in these weeks counts once, however often they acted; whoever had a "
        "moment counts once, too, whether they acted then or not."
    )
