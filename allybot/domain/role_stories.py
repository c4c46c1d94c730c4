"""Stories that somebody whom a lead asked tells the program's circles: of a mistake, or of a deed. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from allybot.domain.plans import one_line
from allybot.errors import FieldError

LONGEST = {"happened": 500, "did": 300, "learnt": 300, "asks": 150}
"""Characters of each part: together what is read in a minute. Our own numbers."""
ANSWERED_WITHIN = timedelta(days=28)
"""How long somebody who was asked can tell a story, in which a holiday has room. Our own number."""
KEPT_AT_MOST = timedelta(days=90)
"""How long a story waits for circles; each gets one a week. Our own number."""
KEPT_ONCE_QUEUED = timedelta(days=8)
"""How long it is kept once every circle is about to get it: a day longer than a post may be late."""
MOST_WAITING = 12
"""While so many stories of a program wait for circles nobody else is asked: they last a quarter of a year."""


class StoryState(StrEnum):
    """ASKED, no answer yet; TOLD, and waiting for circles; HIDDEN by a lead, so that no circle gets it."""

    ASKED = "asked"
    TOLD = "told"
    HIDDEN = "hidden"


@dataclass(frozen=True)
class StoryWords:
    """A story in its author's own words, each part on one line.

    Attributes:
        asks: the one question it leaves with the circle.
    """

    happened: str
    did: str
    learnt: str
    asks: str


@dataclass(frozen=True)
class ToldStory:
    """A story that waits for circles, as a lead sees it; `name` is a Slack id, None for one without."""

    id: str
    words: StoryWords
    name: str | None
    hidden: bool


def story_words(typed: Mapping[str, str]) -> StoryWords:
    """The story as it was typed, by the names of its parts.

    Raises:
        FieldError: the field is the part; reason `empty` or `too_long`.
    """
    parts = {part: one_line(typed.get(part)) for part in LONGEST}
    for part, text in parts.items():
        if not any(c.isalnum() for c in text):
            raise FieldError(part, "empty")
        if len(text) > LONGEST[part]:
            raise FieldError(part, "too_long")
    return StoryWords(**parts)
