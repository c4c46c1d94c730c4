"""Look-ups in the plan library."""

from allybot.content import Library


def text_of(library: Library, identifier: str) -> str:
    """The text of the cue or the response of this id."""
    halves = (each for kind in library.kinds.values() for each in (*kind.cues, *kind.responses))
    return next(each.text for each in halves if each.id == identifier)
