"""A hundred plans as people write them: from the library, in own words, long, short, clumsy, German."""

from pathlib import Path

from allybot.domain.plans import Intention, PlanKind


def hundred_plans() -> list[tuple[PlanKind, Intention]]:
    """All of `hundred_plans.txt`, with their kinds."""
    lines = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    return [
        (PlanKind(kind), Intention(cue, response))
        for kind, cue, response in (each.split(" | ") for each in lines)
    ]
