"""Where the story of a demo stands, and the places a scene of it can lead to."""

from dataclasses import dataclass
from datetime import date

from allybot.demo.cast import LEAD_NAME, LEAD_USER, Character
from allybot.demo.sights import Sight
from allybot.demo.workspace import BOT_USER, circle_channel, circle_name
from allybot.domain.home import HomeFacts

CHECK_IN, MONDAY, THURSDAY, END = "next-check-in", "next-monday", "thursday", "end-of-window"
"""Names of the strip's buttons."""


@dataclass(frozen=True)
class Place:
    """Where to look next: whose page, and an app's or a channel's messages."""

    label: str
    user: str
    app: str | None = None
    channel: str | None = None


@dataclass(frozen=True)
class Scene:
    """What the strip says at one point.

    Attributes:
        next_button: the name of the button that goes on with the story, or empty.
        places: where to look next.
    """

    headline: str
    body: str
    next_button: str = ""
    places: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Story:
    """Where the story stands.

    Attributes:
        facts: what allybot knows of the person at the keyboard; None once he has had himself forgotten.
        watcher: the Slack user whose page shows the strip.
        windows_closed: how many windows have been published or voided.
        void: whether the last of them had too few respondents.
        closes_on: when the next window closes; None when all have.
    """

    you: Character
    facts: HomeFacts | None
    sight: Sight
    watcher: str
    windows_closed: int
    void: bool
    closes_on: date | None


def as_you(story: Story) -> Place:
    """Back to the person at the keyboard and his messages."""
    label = (
        "Open allybot's messages" if story.watcher == story.you.user else f"Be {first_name(story.you)} again"
    )
    return Place(label, story.you.user, app=BOT_USER)


def circle_of(story: Story) -> Place:
    """The channel of his circle."""
    number = story.you.circle
    return Place(f"Open {circle_name(number)}", story.you.user, channel=circle_channel(number))


def as_lead() -> Place:
    """The lead and her messages."""
    return Place(f"Look as {LEAD_NAME}", LEAD_USER, app=BOT_USER)


def first_name(who: Character) -> str:
    """What colleagues call him."""
    return who.name.partition(" ")[0]


def day_name(day: date | None) -> str:
    """A day such as `Thursday 15 January`."""
    return f"{day:%A} {day.day} {day:%B}" if day else "the closing day"
