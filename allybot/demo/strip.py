"""The strip above the practice page: where we are, what you are seeing, and how to move time."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from allybot.demo.cast import LEAD_NAME, LEAD_USER, Character
from allybot.demo.practice_slack import TEAM, Remote, circle_channel, shown
from allybot.demo.rehearsal import PROGRAM, ZONE, Rehearsal
from allybot.domain.people import Actor, TraineeState
from allybot.prompts import ids
from allybot.services import home, transfers
from allybot.services.house import House

_AFTER_THE_POST = time(10, 5)
_AFTER_THE_CLOSE = time(18, 0)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Scene:
    """What the strip says at this point of the story."""

    headline: str
    body: str
    act_as: tuple[str, str] | None = None


def strip(rehearsal: Rehearsal, you: Character, *, busy: bool) -> dict[str, Any]:
    """The strip as the page takes it."""
    now = rehearsal.clock()
    scene = _scene(rehearsal, you)
    jumps = _jumps(rehearsal.allybot.house, you, now)
    answer: dict[str, Any] = {
        "clock": now.isoformat(),
        "clock_label": shown(now.astimezone(ZONE)),
        "headline": scene.headline,
        "body": scene.body,
        "busy": busy,
        "buttons": [
            {
                "id": name,
                "label": label,
                "hint": hint,
                "post": "/_demo/clock",
                "json": {"now": moment.isoformat()} if moment else {},
                "disabled": busy or moment is None,
            }
            for name, label, hint, moment in jumps
        ],
        "act_as": None,
    }
    if scene.act_as:
        answer |= {"act_as": scene.act_as[0], "act_as_label": f"Look as {scene.act_as[1]}"}
    return answer


def _jumps(house: House, you: Character, now: datetime) -> list[tuple[str, str, str, datetime | None]]:
    facts = home.facts(house, Actor(TEAM, you.user))
    check_in = facts.next_check_in_at if facts else None
    closing = next((each.next_closes_on for each in transfers.summaries(house)), None)
    local = now.astimezone(ZONE)
    monday = local.date() + timedelta(days=(7 - local.weekday()) % 7)
    at = datetime.combine(monday, _AFTER_THE_POST, ZONE)
    if at <= now:
        at += timedelta(weeks=1)
    return [
        (
            "next-check-in",
            "Next check-in",
            "Move time to your next check-in",
            check_in + _MINUTE if check_in else None,
        ),
        ("next-monday", "Next Monday", "Move time to the circle's next scenario", at),
        (
            "end-of-window",
            "End of window",
            "Move time to the day the next figures come out",
            datetime.combine(closing, _AFTER_THE_CLOSE, ZONE) if closing else None,
        ),
    ]


def _scene(rehearsal: Rehearsal, you: Character) -> Scene:
    facts = home.facts(rehearsal.allybot.house, Actor(TEAM, you.user))
    me = (you.user, you.name)
    if facts is None or facts.trainee.state in {TraineeState.INVITED, TraineeState.LATER}:
        return Scene(
            "1 of 6 · Say yes, or not",
            f"You are {you.name}, back at work after an allyship training. allybot has written to you: it "
            "says what it keeps and who sees what. Nothing starts before you press Start.",
            me,
        )
    if facts.focus is None and not facts.other_plans:
        return Scene(
            "2 of 6 · Write an if-then plan",
            "Press “Write a plan”, or type /allybot plan. Pick both halves from the library, or use your own "
            "words.",
            me,
        )
    if _has_button(rehearsal.remote, you.user, ids.CHECK_IN_ACTED):
        return Scene(
            "4 of 6 · Answer in one tap",
            "allybot quotes your plan and asks about it. Your tap is sealed at once; the help that opens fits "
            "it. Whatever you answer, the message afterwards looks the same.",
            me,
        )
    releases = [release for each in transfers.summaries(rehearsal.allybot.house) for release in each.releases]
    if releases:
        return Scene(
            "6 of 6 · What leads see",
            f"A window was published, once and with noise. Look as {LEAD_NAME} and type /allybot transfers "
            f"to see figures of {PROGRAM} as a whole, never of a person.",
            (LEAD_USER, LEAD_NAME),
        )
    if facts.trainee.next_step == rehearsal.first_step:
        return Scene(
            "3 of 6 · Let time pass",
            "Your first check-in comes in a few days, then at growing intervals. Press “Next check-in” and "
            "time moves; your colleagues live through the same days.",
            me,
        )
    if not _has_button(rehearsal.remote, circle_channel(you.circle), f"{ids.VOTE}.0"):
        return Scene(
            "5 of 6 · Your ally circle",
            "Press “Next Monday”: a scenario comes to your circle's channel. Vote for a first move; votes are "
            "opened together on Thursday.",
            me,
        )
    return Scene(
        "5 of 6 · Your ally circle",
        "A scenario waits in your circle's channel. Vote and discuss, then press “End of window” to see what the "
        "lead of the program is told in the end.",
        me,
    )


def _has_button(remote: Remote, channel: str, action: str) -> bool:
    messages = remote.get(f"messages/{channel}").get("messages", [])
    return any(
        element.get("action_id") == action
        for message in messages
        for block in message.get("blocks") or []
        for element in block.get("elements") or []
        if isinstance(element, dict)
    )
