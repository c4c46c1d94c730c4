"""Which scenario a circle gets next: by what its leads put first or left out, and what it has had. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


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


def upcoming(shipped: Sequence[str], choices: ScenarioChoices, had: Sequence[str] = ()) -> list[str]:
    """Ids of scenarios in the order in which a circle gets them.

    What it has had least often comes first; among these what the leads put first, then the order that ships,
    or where each was had already, the one that is longest ago. If everything is left out, nothing is.

    Args:
        shipped: ids of all scenarios, in the order that ships.
        had: ids of the scenarios the circle has had, oldest first.
    """
    offered = [each for each in shipped if each not in choices.left_out] or list(shipped)
    wanted = {scenario_id: place for place, scenario_id in enumerate(choices.next_ones)}
    times, last = Counter(had), {scenario_id: place for place, scenario_id in enumerate(had)}
    return sorted(
        offered,
        key=lambda each: (times[each], wanted.get(each, len(wanted)), last.get(each, -1)),
    )
