"""One scripted person, who uses only what Slack's client offers."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from allybot.demo.cast import Character, Habit
from allybot.demo.workspace import Remote
from allybot.prompts import ids
from allybot.prompts.circles import facilitating_ids

MODAL_SECONDS = 10.0
"""How long to wait for a modal; Slack itself gives up after three."""
_TAPS = {
    Habit.ACTS: (ids.CHECK_IN_ACTED, ids.CHECK_IN_ACTED, ids.CHECK_IN_ACTED, ids.CHECK_IN_NO_MOMENT),
    Habit.FORGETS: (ids.CHECK_IN_MISSED, ids.CHECK_IN_MISSED, ids.CHECK_IN_ACTED),
    Habit.WAITS: (ids.CHECK_IN_NO_MOMENT, ids.CHECK_IN_NO_MOMENT, ids.CHECK_IN_MISSED),
}
_ORDINARY = _TAPS[Habit.ACTS]


class NoAnswerError(RuntimeError):
    """An expected modal did not open."""


@dataclass
class ScriptedPerson:
    """One scripted person.

    Attributes:
        answers: check-ins answered so far.
        plans: plans written so far.
    """

    who: Character
    remote: Remote
    rng: random.Random
    answers: int = 0
    plans: int = 0
    silent: bool = False

    def react(self, message: dict[str, Any]) -> None:
        """Respond to a message: press, write, answer, facilitate, vote or nothing."""
        actions = _action_ids(message)
        votes = [each for each in actions if each.startswith(ids.VOTE)]
        if ids.CONSENT_START in actions:
            self.press(message, ids.CONSENT_START)
        elif ids.PLAN_NEW in actions and not self.plans:
            self.write_plans()
        elif ids.CHECK_IN_ACTED in actions and not self.silent:
            self._answer(message)
        elif facilitating_ids.YES in actions and not self.silent:
            self.press(message, facilitating_ids.YES)
        elif votes and not self.silent:
            self.press(message, self.rng.choice(votes))

    def write_plans(self) -> None:
        """Write one plan of each kind with the command and its modal."""
        for kind, words in self.who.plans:
            self.command("plan")
            view = self._view(lambda view: view["callback_id"] == ids.PLAN_FORM and bool(view.get("submit")))
            for typed in ({ids.PLAN_KIND: kind.value}, {"cue": words.cue, "response": words.response}, {}):
                before = view["hash"]
                self.remote.post("view-submit", user=self.who.user, values=values_of(view, typed))
                view = self._view(_newer_than(before))
            if view.get("submit"):
                raise NoAnswerError(f"{self.who.name} could not keep a plan")
            self.remote.post("view-close", user=self.who.user)
            self.plans += 1

    def command(self, words: str) -> dict[str, Any]:
        """Type `/allybot words` in the direct message."""
        return self.remote.post(
            "command", channel=self.who.user, user=self.who.user, command=ids.COMMAND, text=words
        )

    def press(self, message: dict[str, Any], action: str) -> None:
        """Press a button of a message."""
        self.remote.post(
            "interact",
            channel=message["channel"],
            messageTs=message["ts"],
            user=self.who.user,
            action={"action_id": action},
        )

    def _answer(self, message: dict[str, Any]) -> None:
        """Tap, choose a branch of the help and then one of its whole plans, and keep it."""
        tap = self.rng.choice(_TAPS.get(self.who.habit, _ORDINARY))
        self.press(message, tap)
        view = self._view(lambda view: view["callback_id"] == ids.CHECK_IN_HELP_FORM)
        options = list(_options(view, ids.CHECK_IN_BRANCH))
        before = view["hash"]
        self.remote.post(
            "view-interact",
            user=self.who.user,
            action={"action_id": ids.CHECK_IN_BRANCH, "selected_option": self.rng.choice(options)},
        )
        view = self._view(_newer_than(before))
        plan = self.rng.choice([each["value"] for each in _options(view, ids.CHECK_IN_WAY)])
        self.remote.post("view-submit", user=self.who.user, values=values_of(view, {ids.CHECK_IN_WAY: plan}))
        self.answers += 1

    def _view(self, ready: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The open modal once it is `ready`.

        Raises:
            NoAnswerError: it did not open in time.
        """
        deadline = time.monotonic() + MODAL_SECONDS
        while time.monotonic() < deadline:
            view: dict[str, Any] | None = self.remote.get(f"view/{self.who.user}")["view"]
            if view and ready(view):
                return view
            time.sleep(0.005)
        raise NoAnswerError(f"{self.who.name} waited in vain")


@dataclass(frozen=True)
class Event:
    """What a scripted person does on a day, besides answering."""

    day: date
    what: Habit


def script(who: Character, training_ended_on: date) -> Event | None:
    """A pause in week 4, a stop in week 6, a deactivation in week 7, or nothing."""
    days = {Habit.ON_LEAVE: 23, Habit.LEAVES: 38, Habit.DEACTIVATED: 45}
    offset = days.get(who.habit)
    return Event(training_ended_on + timedelta(days=offset), who.habit) if offset else None


def _newer_than(before: str) -> Callable[[dict[str, Any]], bool]:
    return lambda view: bool(view["hash"] != before)


def elements(blocks: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What can be pressed, picked or filled in, each with the id of its block."""
    for block in blocks:
        for element in (block.get("element"), block.get("accessory"), *(block.get("elements") or [])):
            if isinstance(element, dict) and element.get("action_id"):
                yield str(block.get("block_id") or ""), element


def _action_ids(message: dict[str, Any]) -> list[str]:
    return [str(element["action_id"]) for _, element in elements(message.get("blocks") or [])]


def _options(view: dict[str, Any], action: str) -> Iterator[dict[str, Any]]:
    for _, element in elements(view["blocks"]):
        if element["action_id"] == action:
            yield from element.get("options") or []


def values_of(view: dict[str, Any], texts: dict[str, str]) -> dict[str, Any]:
    """The view's state values for texts given by action id."""
    return {
        block_id: {element["action_id"]: texts[element["action_id"]]}
        for block_id, element in elements(view["blocks"])
        if element["action_id"] in texts
    }
