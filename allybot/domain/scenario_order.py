"""Which scenario a circle gets next: what its leads chose, what it has had, what figures name. Pure."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, zip_longest

from allybot.domain.plans import BARRIERS, Outcome

OFFERED = 3
"""Among so many scenarios whoever facilitates a week may choose. Our own number."""


class ScenarioChoice(StrEnum):
    """What a lead chooses for one scenario."""

    FIRST = "first"
    LEFT_OUT = "left_out"
    AT_ITS_TURN = "at_its_turn"


@dataclass(frozen=True)
class ScenarioChoices:
    """What a program's leads chose, as ids of scenarios.

    Attributes:
        next_ones: to come before the others, in this order.
        left_out: not to come at all.
    """

    next_ones: tuple[str, ...] = ()
    left_out: frozenset[str] = frozenset()

    def has(self, scenario_id: str, choice: ScenarioChoice) -> bool:
        """Whether making this choice once more would change nothing."""
        if choice is ScenarioChoice.FIRST:
            return self.next_ones[:1] == (scenario_id,)
        if choice is ScenarioChoice.LEFT_OUT:
            return scenario_id in self.left_out
        return scenario_id not in self.left_out and scenario_id not in self.next_ones


def upcoming(
    shipped: Sequence[str],
    choices: ScenarioChoices,
    had: Sequence[str] = (),
    fitting: Collection[str] = (),
) -> list[str]:
    """Ids of scenarios in the order in which a circle gets them.

    What it has had least often comes first; among these what the leads put first, then the order that ships,
    or where each was had already, the one that is longest ago. Of what no lead put first, every other one is
    of those that fit, as long as there are any. If everything is left out, nothing is.

    Args:
        shipped: ids of all scenarios, in the order that ships.
        had: ids of the scenarios the circle has had, oldest first.
        fitting: ids of those that fit what a program's published figures name.
    """
    offered = [each for each in shipped if each not in choices.left_out] or list(shipped)
    wanted = {scenario_id: place for place, scenario_id in enumerate(choices.next_ones)}
    times, last = Counter(had), {scenario_id: place for place, scenario_id in enumerate(had)}
    in_order = sorted(
        offered,
        key=lambda each: (times[each], wanted.get(each, len(wanted)), last.get(each, -1)),
    )
    found: list[str] = []
    for (_, put_first), group in groupby(in_order, lambda each: (times[each], each in wanted)):
        alike, before = list(group), [*had, *found][-1:]
        others_first = bool(before) and before[0] in fitting
        found += alike if put_first else _every_other(alike, fitting, others_first=others_first)
    return found


def on_offer(in_order: Sequence[str], had: Sequence[str]) -> list[str]:
    """Among which of the next scenarios somebody may choose: none that came more often than the next one."""
    return [each for each in in_order[:OFFERED] if had.count(each) == had.count(in_order[0])]


def most_named(counts: Mapping[str, int]) -> Outcome | None:
    """The reason for not acting that published figures name most often; None where they name none.

    Args:
        counts: noisy counts by cell, of one window.
    """
    named = max(BARRIERS, key=lambda each: counts.get(each, 0))
    return named if counts.get(named, 0) > 0 else None


def _every_other(in_order: Sequence[str], fitting: Collection[str], *, others_first: bool) -> Iterator[str]:
    fit, others = ([each for each in in_order if (each in fitting) is wanted] for wanted in (True, False))
    pairs = zip_longest(others, fit) if others_first else zip_longest(fit, others)
    return (each for pair in pairs for each in pair if each is not None)
