"""Lives 26 weeks with four people of different habits on a moving clock, and prints what each got and holds.

`python -m bench.six_months` takes about a minute. The people are scripted and use what Slack's client offers.
"""

import random
import sys
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from allybot.demo.cast import Habit, cast
from allybot.demo.options import DemoOptions
from allybot.demo.scripted_people import ScriptedPeople
from allybot.demo.scripted_person import ScriptedPerson, values_of
from allybot.demo.session import START, TRAINING_ENDED_ON, ZONE, DemoSession
from allybot.demo.workspace import direct_messages
from allybot.domain.people import Actor
from allybot.prompts import ids
from allybot.prompts.plans.notes import NOTE
from allybot.services import home
from allybot.services.programs import workspaces
from bench.aligned import aligned

WEEKS = 26
SEED = 7


@dataclass(frozen=True)
class Way:
    """How somebody lives with allybot.

    Attributes:
        named: in a few words.
        silent: answers nothing before the fresh start.
        comes_back: takes the fresh start and answers from then on.
        leave_from: days after the training on which a pause of four weeks begins, None for no leave.
        keeps_going: goes on after the re-plan.
        stops: ends it after the first message of that.
    """

    named: str
    silent: bool = False
    comes_back: bool = False
    leave_from: int | None = None
    keeps_going: bool = False
    stops: bool = False


WAYS = (
    Way("answers all, keeps going", keeps_going=True),
    Way("answers nothing", silent=True),
    Way("silent, back at the fresh start", silent=True, comes_back=True),
    Way("four weeks' leave, stops after day 120", leave_from=31, keeps_going=True, stops=True),
)
_KINDS = {
    "check_in": "check-ins",
    "follow_up": "follow-ups",
    "fresh_start": "slower or fresh start",
    "silence": "slower or fresh start",
    "replan": "re-plan",
    "keep_going": "after day 90",
}


@dataclass
class Lived:
    """What came to somebody in their direct message, what they tapped there, and what is left of them.

    Attributes:
        messages: how many of each kind.
        taps: presses of buttons in it.
        answers: check-ins answered.
        state: where they stand, empty once they are deleted.
        plans: active plans that allybot still holds.
        notes: notes to themselves that allybot still holds.
        files: files with plans and notes that are in their direct message.
        kept_until: the day of their deletion, None once it is past.
    """

    way: Way
    messages: Counter[str]
    taps: int
    answers: int
    state: str = ""
    plans: int = 0
    notes: int = 0
    files: int = 0
    kept_until: date | None = None


@dataclass
class Living(ScriptedPerson):
    """A scripted person with a way of living; `taps` counts presses in their direct message."""

    way: Way = WAYS[0]
    taps: int = 0
    _on_leave: bool = field(default=False, init=False)

    def react(self, message: dict[str, Any]) -> None:
        """Respond as their way has it."""
        named = set(_parts(message))
        if "replan" in named:
            self.press(message, ids.KEEP_GOING if self.way.keeps_going else ids.REPLAN_KEEP)
        elif "fresh_start" in named and self.way.comes_back:
            self.silent = False
            self.press(message, ids.FRESH_START_KEEP)
            self.press(message, ids.FREQUENCY_KEEP)
        elif "keep_going" in named and self.way.stops:
            self.press(message, ids.FREQUENCY_STOP)
        elif not named & {"fresh_start", "silence", "keep_going"}:
            super().react(message)

    def _answer(self, message: dict[str, Any]) -> None:
        """Answer, and then keep one line to oneself."""
        super()._answer(message)
        self.remote.post("view-close", user=self.who.user)
        self.command("notes")
        view = self._view(lambda view: view["callback_id"] == ids.NOTES_FORM)
        note = {NOTE: f"What I noticed, {self.answers}"}
        self.remote.post("view-submit", user=self.who.user, values=values_of(view, note))
        self.remote.post("view-close", user=self.who.user)

    def press(self, message: dict[str, Any], action: str) -> None:
        """Press a button, and count it in the direct message."""
        self.taps += message["channel"].startswith("D")
        super().press(message, action)

    def live(self, today: date) -> None:
        """What they do on a day by themselves."""
        begins = self.way.leave_from
        if begins is not None and not self._on_leave and today >= TRAINING_ENDED_ON + timedelta(days=begins):
            self._on_leave = True
            self.command("pause 4 weeks")


class FourPeople(ScriptedPeople):
    """The four, one for each way."""

    def __init__(self, session: DemoSession) -> None:
        super().__init__(session, random.Random(SEED))  # noqa: S311 - a script, not a secret
        self.living = [
            Living(who, session.remote, random.Random(SEED), silent=way.silent, way=way)  # noqa: S311
            for who, way in zip(session.people, WAYS, strict=True)
        ]
        self.people = list(self.living)

    def act(self) -> None:
        """Let each do what the day has, and respond to new messages."""
        for person in self.living:
            person.live(self._session.clock().astimezone(ZONE).date())
        super().act()


def live(database: str = "", vault: str = "", weeks: int = WEEKS) -> list[Lived]:
    """Live so many weeks with the four; databases are temporary SQLite files unless named by URL."""
    people = tuple(replace(who, habit=Habit.ACTS, zone=ZONE.key, circle=0) for who in cast(len(WAYS), SEED))
    options = DemoOptions(people=len(WAYS), seed=SEED, database=database, vault=vault)
    session = DemoSession(options, people, ticking=False)
    try:
        session.open(0)
        four = FourPeople(session)
        session.run_worker()
        four.act()
        for week in range(1, weeks + 1):
            session.move_to(START + timedelta(weeks=week), four.act)
            sys.stderr.write(f"\rweek {week} of {weeks}")
        sys.stderr.write("\n")
        return [_lived(session, person) for person in four.living]
    finally:
        session.close()


def _lived(session: DemoSession, person: Living) -> Lived:
    posts = session.remote.get("log?kind=web_api&method=chat.postMessage")["log"]
    partners = direct_messages(session.remote)
    own = [
        each["args"] for each in posts if each.get("ts") and partners.get(each["channel"]) == person.who.user
    ]
    context = session.allybot.context
    actor = Actor(workspaces.only_one(context, None), person.who.user)
    lived = Lived(person.way, Counter(_kind(each) for each in own), person.taps, person.answers)
    in_hand = session.remote.get(f"messages/{actor.slack_user}")["messages"]
    lived.files = sum(bool(each.get("files")) for each in in_hand)
    facts = home.facts(context, actor, session.clock())
    if facts is not None:
        lived.state = facts.trainee.state.value
        lived.plans = len(facts.other_plans) + (facts.focus is not None)
        lived.notes = len(facts.notes)
        lived.kept_until = facts.deleted_on
    return lived


def _kind(message: dict[str, Any]) -> str:
    return next((_KINDS[part] for part in _KINDS_FIRST if part in set(_parts(message))), "other")


_KINDS_FIRST = ("replan", "fresh_start", "silence", "keep_going", "follow_up", "check_in")
"""Which part names a message, where it has several."""


def _parts(message: dict[str, Any]) -> list[str]:
    """What the ids of a message's blocks begin with; of the re-plan also `replan`."""
    named = [str(block.get("block_id") or "") for block in message.get("blocks") or []]
    return [*(each.partition(".")[0] for each in named), *(["replan"] if "check_in.replan" in named else [])]


def table(lived: list[Lived]) -> str:
    """What each got, tapped and holds, as a table."""
    kinds = [*dict.fromkeys(_KINDS.values()), "other"]
    heads = ["", *(each.way.named for each in lived)]
    rows = [[kind, *(str(each.messages[kind]) for each in lived)] for kind in kinds]
    rows += [
        ["messages in all", *(str(each.messages.total()) for each in lived)],
        ["questions among them", *(str(_questions(each)) for each in lived)],
        ["answers", *(str(each.answers) for each in lived)],
        ["taps in the direct message", *(str(each.taps) for each in lived)],
        ["state at the end", *(each.state or "deleted" for each in lived)],
        ["plans allybot still holds", *(str(each.plans) for each in lived)],
        ["notes allybot still holds", *(str(each.notes) for each in lived)],
        ["files of plans and notes in hand", *(str(each.files) for each in lived)],
        ["kept until", *(str(each.kept_until or "-") for each in lived)],
    ]
    return aligned([heads, *rows])


def _questions(lived: Lived) -> int:
    return lived.messages["check-ins"] + lived.messages["follow-ups"]


if __name__ == "__main__":
    print(table(live()))
