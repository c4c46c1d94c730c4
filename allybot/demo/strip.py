"""The strip above the demo's page: where we are, what you are seeing, and how to move time."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from allybot.demo.accounting import mondays
from allybot.demo.cast import COLLEAGUES, LEAD_NAME, LEAD_USER, Character
from allybot.demo.scenes import moving, scene, watching
from allybot.demo.session import START, ZONE, DemoSession
from allybot.demo.sights import look
from allybot.demo.story import CHECK_IN, END, MONDAY, THURSDAY, Place, Scene, Story
from allybot.demo.workspace import TEAM, shown
from allybot.domain.people import Actor
from allybot.domain.windows import WindowState
from allybot.services import home
from allybot.services.outcomes import summaries as transfers

WEEKS = 13
"""A program's scenarios end after so many."""
_LATER = timedelta(minutes=5)
"""So long after a moment that is due, so that it has been said."""
_MINUTE = timedelta(minutes=1)
_AFTER_THE_CLOSE = time(18, 0)


@dataclass(frozen=True)
class Jump:
    """One button that moves the clock.

    Attributes:
        until: where to, aware; None where there is nothing to move to.
        hint: shown to whoever points at it.
    """

    name: str
    label: str
    hint: str
    until: datetime | None


def strip(session: DemoSession, you: Character, watcher: str, moving_to: datetime | None) -> dict[str, Any]:
    """The strip as the page takes it.

    Args:
        watcher: the Slack user whose page asks.
        moving_to: where the clock is going just now, aware; None when it is not.
    """
    now = session.clock()
    story = _story(session, you, watcher)
    told, jumps = _told(session, story, moving_to), _jumps(session, story, now)
    return {
        "clock": now.isoformat(),
        "clock_label": shown(now.astimezone(ZONE)),
        "headline": told.headline,
        "body": told.body,
        "busy": moving_to is not None,
        "buttons": [_button(jump, told, busy=moving_to is not None) for jump in jumps],
        "links": [_link(place) for place in told.places],
    }


def _told(session: DemoSession, story: Story, moving_to: datetime | None) -> Scene:
    if moving_to is not None:
        return moving(moving_to, len(session.people))
    if story.watcher == story.you.user:
        return scene(story)
    names = {who.user: who.name for who in session.people}
    names |= {LEAD_USER: LEAD_NAME} | {user: name for user, name, _ in COLLEAGUES}
    return watching(story, names.get(story.watcher, "somebody else"))


def _story(session: DemoSession, you: Character, watcher: str) -> Story:
    context = session.allybot.context
    summaries = transfers.summaries(context)
    releases = [release for each in summaries for release in each.releases]
    return Story(
        you=you,
        facts=home.facts(context, Actor(TEAM, you.user), session.clock()),
        sight=look(session.remote, you),
        watcher=watcher,
        windows_closed=len(releases),
        void=bool(releases) and releases[-1].state is WindowState.VOID,
        closes_on=next((each.next_closes_on for each in summaries), None),
    )


def _jumps(session: DemoSession, story: Story, now: datetime) -> list[Jump]:
    check_in = story.facts.next_check_in_at if story.facts else None
    jumps = [
        Jump(
            CHECK_IN,
            "Next check-in",
            "Move time to your next check-in" if check_in else "No check-in of yours is planned",
            check_in + _MINUTE if check_in else None,
        ),
        _monday(session, now),
        Jump(
            END,
            "End of window",
            "Move time to the day the next figures come out" if story.closes_on else "All windows are closed",
            datetime.combine(story.closes_on, _AFTER_THE_CLOSE, ZONE) if story.closes_on else None,
        ),
    ]
    if story.sight.vote_of:
        jumps.insert(2, _thursday(session, story.sight.vote_of))
    return jumps


def _monday(session: DemoSession, now: datetime) -> Jump:
    posted = session.allybot.context.content.rules.circles.scenario_time
    moments = sorted(datetime.combine(monday, posted, ZONE) + _LATER for monday in mondays(START, WEEKS))
    until = next((moment for moment in moments if moment > now), None)
    hint = "Move time to the circle's next scenario" if until else "The circles have had all their scenarios"
    return Jump(MONDAY, "Next Monday", hint, until)


def _thursday(session: DemoSession, monday: date) -> Jump:
    rules = session.allybot.context.content.rules.circles
    day = monday + timedelta(days=rules.vote_opens_weekday.number)
    opened = datetime.combine(day, rules.vote_opens_time, ZONE) + _LATER
    return Jump(
        THURSDAY, f"{day:%A} {rules.vote_opens_time:%H:%M}", "Move time to the opening of the votes", opened
    )


def _button(jump: Jump, told: Scene, *, busy: bool) -> dict[str, Any]:
    return {
        "id": jump.name,
        "label": jump.label,
        "hint": jump.hint,
        "post": "/_demo/clock",
        "json": {"now": jump.until.isoformat()} if jump.until else {},
        "disabled": busy or jump.until is None,
        "primary": jump.name == told.next_button,
    }


def _link(place: Place) -> dict[str, Any]:
    return {"label": place.label, "as": place.user, "app": place.app, "channel": place.channel}
