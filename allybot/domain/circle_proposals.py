"""Proposes circles from a list of people: of nearly the same size, and none all of one team. Pure."""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence

SMALLEST, LARGEST, USUAL = 4, 12, 6
"""People in a circle: fewer have no discussion, in a larger one some never speak. Our own numbers, as in
`config/allybot.toml`."""

Circles = tuple[tuple[str, ...], ...]
"""Slack users by circle."""


def how_many(people: int, size: int) -> int:
    """How many circles so many people make, each of 4 to 12 and as near to `size` as can be; 0 for too few.

    Args:
        size: people in a circle, 4 to 12.
    """
    if people < SMALLEST:
        return 0
    fewest, most = -(-people // LARGEST), people // SMALLEST
    return min(max(round(people / size), fewest), most)


def propose(users: Sequence[str], size: int, kinds: Mapping[str, str], rng: random.Random) -> Circles:
    """Deal people into circles, kind by kind and in turn.

    Circles differ in size by at most one, and so do the numbers of each kind in them.

    Args:
        users: each once.
        size: people in a circle, 4 to 12.
        kinds: what to balance by, such as the team, of those of whom it is known.
        rng: decides who of a kind comes where.

    Returns:
        Nothing for fewer than four.
    """
    number = how_many(len(users), size)
    if not number:
        return ()
    by_kind: defaultdict[str, list[str]] = defaultdict(list)
    for user in users:
        by_kind[kinds.get(user, "").strip().casefold()].append(user)
    in_turn: list[str] = []
    for kind in sorted(by_kind, key=lambda each: (-len(by_kind[each]), each)):
        rng.shuffle(by_kind[kind])
        in_turn += by_kind[kind]
    return tuple(tuple(in_turn[place::number]) for place in range(number))


def moved(circles: Circles, user: str, to: int) -> Circles:
    """The same with somebody in another circle; unchanged where they are in none, or there is no such circle.

    Args:
        to: the number of the circle, from 0.
    """
    if not 0 <= to < len(circles) or not any(user in circle for circle in circles):
        return circles
    without = [tuple(each for each in circle if each != user) for circle in circles]
    without[to] = (*without[to], user)
    return tuple(without)


def unfit(circles: Circles) -> list[int]:
    """The numbers, from 0, of circles with fewer or more people than a circle may have."""
    return [place for place, circle in enumerate(circles) if not SMALLEST <= len(circle) <= LARGEST]
