"""The words all reports share, so that a table and a page say the same."""

from allybot.domain.anonymity import Tier
from allybot.domain.figures import Cell, Interval, Release, Summary
from allybot.domain.windows import WindowState

CELLS = {
    "acted": "acted",
    "no_moment": "no moment came",
    "forgot": "forgot",
    "no_time": "had no time",
    "not_my_place": "felt it was not their place",
    "unsure_how": "were unsure how",
    "feared_reaction": "feared a reaction",
    "less_motivated": "felt less motivated",
    "not_acted": "did not act, no reason given",
}
"""What each outcome is called in front of a lead."""
CANNOT_TELL = "cannot tell"
BASIS = "Self-reported, of those who answered. Ranges hold chance and the protective noise (95 %)."
LIMITS = (
    "These figures cannot tell who did what, whether the training was the cause, or whether one window went "
    "better than another."
)
AMONG = "of those who had a moment"
NONE_YET = "Nothing has been published yet."


def cell_name(cell: Cell, tier: Tier | None) -> str:
    """What a figure is called; in tier S a person either acted at least once or did not."""
    small = {"acted": "acted at least once", "not_acted": "did not act, or no moment came"}
    return small[cell.name] if tier is Tier.S else CELLS[cell.name]


def percent(share: float) -> str:
    """A share as whole per cents."""
    return f"{round(share * 100)} %"


def share(cell: Cell) -> str:
    """A share as it may be said: about, coded, or not at all."""
    if cell.within.tells_nothing:
        return CANNOT_TELL
    if cell.at_most is not None:
        return f"{percent(cell.at_most)} or less"
    if cell.at_least is not None:
        return f"{percent(cell.at_least)} or more"
    return f"about {percent(cell.share or 0.0)}"


def within(interval: Interval) -> str:
    """A range of shares."""
    return f"{percent(interval.low)} to {percent(interval.high)}"


def basis(release: Release) -> str:
    """Who answered, or why there is nothing to say."""
    if release.state is WindowState.VOID:
        return (
            "No figures: too few people's answers could be counted. They were deleted without being opened."
        )
    return f"{release.respondents} of the {release.invited} people who were asked have answered."


def bounds(release: Release) -> str:
    """What silence leaves open; nothing when void, or when the share itself cannot be told."""
    if release.bounds is None or release.acted is None or release.acted.within.tells_nothing:
        return ""
    return (
        f"Of everybody who was asked, about {within(release.bounds)} acted, depending on those who did not "
        "answer."
    )


def drawn(release: Release) -> str:
    """How a tier M figure counts a person; nothing for the others."""
    return "Each person counts with one answer drawn at random." if release.tier is Tier.M else ""


def coming(summary: Summary) -> str:
    """What comes next."""
    waiting = "".join(f"Weeks {name} have closed and wait to be published. " for name in summary.waiting)
    if summary.next_window is None:
        return f"{waiting}All windows have closed."
    if summary.next_closes_on is None:
        return f"{waiting}Weeks {summary.next_window} are open; the program has no cohort yet."
    return f"{waiting}Weeks {summary.next_window} close on {summary.next_closes_on.isoformat()}."
