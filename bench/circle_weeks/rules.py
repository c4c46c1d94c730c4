"""What must hold of a circle's weeks; each broken rule in a sentence."""

from collections import Counter
from collections.abc import Iterator
from itertools import permutations

from bench.circle_weeks.records import CircleRun

NEEDED = 3
"""Votes from which a vote is opened, as in config/allybot.toml."""
NEEDED_BEFORE = 5
"""Votes that were needed under the rule of before."""
TOO_MANY = 2
"""Turns more than another had, see `_shared`."""


def broken_rules(run: CircleRun) -> list[str]:
    """What is broken, with the circle and the week; empty where all holds."""
    found = [*_scenarios(run), *_weeks(run), *_asked(run), *_shared(run), *_votes(run)]
    return [f"{run.name}: {sentence}" for sentence in found]


def _scenarios(run: CircleRun) -> Iterator[str]:
    titles = Counter(title for week in run.weeks for title in week.scenarios)
    yield from (f"the scenario “{title}” came {times} times" for title, times in titles.items() if times > 1)


def _weeks(run: CircleRun) -> Iterator[str]:
    had = {week.monday: week for week in run.weeks if week.scenarios}
    yield from (f"the week of {monday} was lost" for monday in run.mondays if monday not in had)
    yield from (f"the week of {monday} came unplanned" for monday in sorted(had) if monday not in run.mondays)
    for monday, week in had.items():
        if len(week.scenarios) > 1:
            yield f"the week of {monday} had {len(week.scenarios)} scenarios"
        if week.results != 1:
            yield f"the week of {monday} had {week.results} results of its vote"


def _asked(run: CircleRun) -> Iterator[str]:
    for week in run.weeks:
        if week.facilitator and week.facilitator not in week.agreed:
            yield f"{week.facilitator} facilitates in the week of {week.monday} unasked"


def _shared(run: CircleRun) -> Iterator[str]:
    """Two people's turns, over the weeks in which both could be asked, and over all from first to last.

    Only what is too many in both is broken: whoever was away makes up for one turn, and for no more.
    """
    for often, seldom in permutations(run.turns, 2):
        both = [place for place, week in enumerate(run.weeks) if {often, seldom} <= week.available]
        held = [week.facilitator for week in run.weeks]
        spans = [[held[place] for place in both], held[both[0] : both[-1] + 1]] if both else []
        if spans and all(each.count(often) - each.count(seldom) >= TOO_MANY for each in spans):
            more, fewer = (spans[0].count(user) for user in (often, seldom))
            yield f"of {len(both)} weeks {often} facilitated {more} and {seldom} {fewer}"


def _votes(run: CircleRun) -> Iterator[str]:
    for week in run.weeks:
        if week.opened != (week.votes >= NEEDED):
            yield f"{week.votes} votes of {week.monday} were {'opened' if week.opened else 'not opened'}"
