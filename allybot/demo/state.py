"""The state of a demo, and the links a scene can offer."""

from dataclasses import dataclass
from datetime import date

from allybot.demo.cast import LEAD_NAME, LEAD_USER, Character
from allybot.demo.screen import Screen
from allybot.demo.workspace import BOT_USER, circle_channel, circle_name
from allybot.domain.home import HomeFacts

CHECK_IN, MONDAY, THURSDAY, END = "next-check-in", "next-monday", "thursday", "end-of-window"
"""Names of the strip's buttons."""


@dataclass(frozen=True)
class PageLink:
    """A link to somebody's page: an app's or a channel's messages."""

    label: str
    user: str
    app: str | None = None
    channel: str | None = None


@dataclass(frozen=True)
class Scene:
    """What the strip shows in one state.

    Attributes:
        next_button: the name of the highlighted button, or empty.
        links: suggested pages.
    """

    headline: str
    body: str
    next_button: str = ""
    links: tuple[PageLink, ...] = ()


@dataclass(frozen=True)
class DemoState:
    """What the strip depends on.

    Attributes:
        facts: what allybot holds about the user's trainee; None after forget-me.
        viewer: the Slack user whose page shows the strip.
        windows_closed: how many windows have been published or voided.
        void: whether the last of them had too few respondents.
        closes_on: when the next window closes; None when all have.
    """

    you: Character
    facts: HomeFacts | None
    screen: Screen
    viewer: str
    windows_closed: int
    void: bool
    closes_on: date | None


def link_to_you(state: DemoState) -> PageLink:
    """The user's trainee and their messages."""
    label = (
        "Open allybot's messages" if state.viewer == state.you.user else f"Be {first_name(state.you)} again"
    )
    return PageLink(label, state.you.user, app=BOT_USER)


def link_to_circle(state: DemoState) -> PageLink:
    """The channel of the trainee's circle."""
    number = state.you.circle
    return PageLink(f"Open {circle_name(number)}", state.you.user, channel=circle_channel(number))


def link_to_lead() -> PageLink:
    """The lead's messages."""
    return PageLink(f"Look as {LEAD_NAME}", LEAD_USER, app=BOT_USER)


def first_name(who: Character) -> str:
    """The first word of the name."""
    return who.name.partition(" ")[0]


def day_name(day: date | None) -> str:
    """A day such as `Thursday 15 January`."""
    return f"{day:%A} {day.day} {day:%B}" if day else "the closing day"
