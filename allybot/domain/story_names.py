"""Names for the invented people of a story that nobody of a circle has. Pure.

A story is told with the names it ships with (variant 0). Where somebody of the circle has one of them, all
its people get others, from lists for their gender and background, so that the number of the variant does not
say whose name was met.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

Lists = Mapping[str, Sequence[str]]
"""Other names by the name of their list."""


def substitutes(people: Mapping[str, str], lists: Lists, variant: int) -> dict[str, str]:
    """The names that stand in a variant instead of those that ship; empty for variant 0.

    Args:
        people: the story's invented people, with the list that fits each.
    """
    if variant == 0:
        return {}
    found: dict[str, str] = {}
    for kind, number in Counter(people.values()).items():
        own = [name for name, each in people.items() if each == kind]
        first = (variant - 1) * number
        found |= {name: lists[kind][(first + place) % len(lists[kind])] for place, name in enumerate(own)}
    return found


def free_variant(people: Mapping[str, str], lists: Lists, real_names: Collection[str]) -> int:
    """The first variant without a name of somebody real; where there is none, the one that meets fewest.

    Args:
        real_names: full names; a name counts as met if it is any word of one, whatever its accents.
    """
    taken = {word for name in real_names for word in _words(name)}

    def met(variant: int) -> int:
        told = substitutes(people, lists, variant) or {name: name for name in people}
        return sum(not taken.isdisjoint(_words(name)) for name in told.values())

    return min(range(variants(people, lists) + 1), key=lambda variant: (met(variant), variant))


def variants(people: Mapping[str, str], lists: Lists) -> int:
    """How many variants there are besides the names that ship, without one name in two of them."""
    each = (len(lists[kind]) // number for kind, number in Counter(people.values()).items())
    return min(each, default=0)


def renamed(text: str, names: Mapping[str, str]) -> str:
    """The text with these names instead, also with a genitive s, with an apostrophe or without."""
    if not names:
        return text
    known = re.compile(rf"\b({'|'.join(map(re.escape, names))})(?=s?\b)")
    return known.sub(lambda found: names[found[1]], text)


def _words(name: str) -> set[str]:
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(each for each in plain if not unicodedata.combining(each))
    return set(re.findall(r"[^\W\d_]+", letters))
