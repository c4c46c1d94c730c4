"""The strip above the demo's page: a headline, a text, and buttons that move the clock."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from allybot.demo.accounting import mondays
from allybot.demo.cast import COLLEAGUES, LEAD_NAME, LEAD_USER, Character
from allybot.demo.scenes import scene, scene_of_another, scene_while_moving
from allybot.demo.screen import read_screen
from allybot.demo.session import START, ZONE, DemoSession
from allybot.demo.state import CHECK_IN, END, MONDAY, THURSDAY, DemoState, PageLink, Scene
from allybot.demo.workspace import TEAM, shown
from allybot.domain.people import Actor
from allybot.domain.windows import WindowState
from allybot.services import home
from allybot.services.outcomes import summaries as transfers

WEEKS = 13
"""How many weeks a program has scenarios."""
_MARGIN = timedelta(minutes=5)
"""How long after a due time the clock is moved to, so that the post is there."""
_MINUTE = timedelta(minutes=1)
_AFTER_CLOSING = time(18, 0)


@dataclass(frozen=True)
class ClockButton:
    """One button that moves the clock.

    Attributes:
        until: where to, aware; None disables the button.
        hint: its tooltip.
    """

    name: str
    label: str
    hint: str
    until: datetime | None


def strip(session: DemoSession, you: Character, viewer: str, moving_to: datetime | None) -> dict[str, Any]:
    """The strip as JSON for the page.

    Args:
        viewer: the Slack user whose page asks.
        moving_to: where the clock is moving to, aware; None if it is not moving.
    """
    now = session.clock()
    state = _state(session, you, viewer)
    current, buttons = _scene(session, state, moving_to), _clock_buttons(session, state, now)
    return {
        "clock": now.isoformat(),
        "clock_label": shown(now.astimezone(ZONE)),
        "headline": current.headline,
        "body": current.body,
        "busy": moving_to is not None,
        "buttons": [_button(button, current, busy=moving_to is not None) for button in buttons],
        "links": [_link(link) for link in current.links],
    }


def _scene(session: DemoSession, state: DemoState, moving_to: datetime | None) -> Scene:
    if moving_to is not None:
        return scene_while_moving(moving_to, len(session.people))
    if state.viewer == state.you.user:
        return scene(state)
    names = {who.user: who.name for who in session.people}
    names |= {LEAD_USER: LEAD_NAME} | {user: name for user, name, _ in COLLEAGUES}
    return scene_of_another(state, names.get(state.viewer, "somebody else"))


def _state(session: DemoSession, you: Character, viewer: str) -> DemoState:
    context = session.allybot.context
    summaries = transfers.summaries(context)
    releases = [release for each in summaries for release in each.releases]
    return DemoState(
        you=you,
        facts=home.facts(context, Actor(TEAM, you.user), session.clock()),
        screen=read_screen(session.remote, you),
        viewer=viewer,
        windows_closed=len(releases),
        void=bool(releases) and releases[-1].state is WindowState.VOID,
        closes_on=next((each.next_closes_on for each in summaries), None),
    )


def _clock_buttons(session: DemoSession, state: DemoState, now: datetime) -> list[ClockButton]:
    check_in = state.facts.next_check_in_at if state.facts else None
    buttons = [
        ClockButton(
            CHECK_IN,
            "Next check-in",
            "Move time to your next check-in" if check_in else "No check-in of yours is planned",
            check_in + _MINUTE if check_in else None,
        ),
        _monday(session, now),
        ClockButton(
            END,
            "End of window",
            "Move time to the day the next figures come out" if state.closes_on else "All windows are closed",
            datetime.combine(state.closes_on, _AFTER_CLOSING, ZONE) if state.closes_on else None,
        ),
    ]
    if state.screen.vote_of:
        buttons.insert(2, _thursday(session, state.screen.vote_of))
    return buttons


def _monday(session: DemoSession, now: datetime) -> ClockButton:
    posted = session.allybot.context.content.rules.circles.scenario_time
    moments = sorted(datetime.combine(monday, posted, ZONE) + _MARGIN for monday in mondays(START, WEEKS))
    until = next((moment for moment in moments if moment > now), None)
    hint = "Move time to the circle's next scenario" if until else "The circles have had all their scenarios"
    return ClockButton(MONDAY, "Next Monday", hint, until)


def _thursday(session: DemoSession, monday: date) -> ClockButton:
    rules = session.allybot.context.content.rules.circles
    day = monday + timedelta(days=rules.vote_opens_weekday.number)
    opened = datetime.combine(day, rules.vote_opens_time, ZONE) + _MARGIN
    return ClockButton(
        THURSDAY, f"{day:%A} {rules.vote_opens_time:%H:%M}", "Move time to the opening of the votes", opened
    )


def _button(button: ClockButton, current: Scene, *, busy: bool) -> dict[str, Any]:
    return {
        "id": button.name,
        "label": button.label,
        "hint": button.hint,
        "post": "/_demo/clock",
        "json": {"now": button.until.isoformat()} if button.until else {},
        "disabled": busy or button.until is None,
        "primary": button.name == current.next_button,
    }


def _link(link: PageLink) -> dict[str, Any]:
    return {"label": link.label, "as": link.user, "app": link.app, "channel": link.channel}
