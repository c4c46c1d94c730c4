"""Tags: what the words of a plan tell about it, so that only help that reads well with it is offered."""

from collections.abc import Mapping
from dataclasses import dataclass

from allybot.domain.phrases import Phrases, folded
from allybot.domain.plans import Intention

OPENING_WORDS = 2
"""Words at the beginning of a response in which the phrases of an opening are looked for; our own number."""


@dataclass(frozen=True)
class TagPhrases:
    """The phrases of a tag: in the cue, in the response, in the first words of the response."""

    cue: Phrases
    response: Phrases
    opening: Phrases


def tags_of(words: Intention, tags: Mapping[str, TagPhrases]) -> frozenset[str]:
    """The names of all tags that a plan has; none when it shows no sign, as in an unknown language."""
    return tags_of_cue(words.cue, tags) | tags_of_response(words.response, tags)


def tags_of_cue(cue: str, tags: Mapping[str, TagPhrases]) -> frozenset[str]:
    """The names of the tags that a cue has."""
    said = folded(cue)
    return frozenset(name for name, phrases in tags.items() if phrases.cue.occur_among(said))


def tags_of_response(response: str, tags: Mapping[str, TagPhrases]) -> frozenset[str]:
    """The names of the tags that a response has."""
    said = folded(response)
    return frozenset(
        name
        for name, phrases in tags.items()
        if phrases.response.occur_among(said) or phrases.opening.occur_among(said[:OPENING_WORDS])
    )


def suits(present: frozenset[str], needs: tuple[str, ...], unless: tuple[str, ...]) -> bool:
    """Whether the tags `present` meet all `needs`, of which "a/b" means either, and none of `unless`."""
    return all(present & set(need.split("/")) for need in needs) and not present & set(unless)
