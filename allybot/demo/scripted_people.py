"""All scripted people of a session."""

import random
from datetime import datetime
from typing import Any

from allybot.demo.cast import Character, Habit
from allybot.demo.scripted_person import Event, ScriptedPerson, script
from allybot.demo.session import TRAINING_ENDED_ON, ZONE, DemoSession
from allybot.demo.workspace import circle_channel, direct_messages


class ScriptedPeople:
    """The scripted people.

    Args:
        rng: chooses which button each presses.
        except_for: the trainee the user plays.
    """

    def __init__(
        self, session: DemoSession, rng: random.Random, *, except_for: Character | None = None
    ) -> None:
        self._session = session
        self.people = [
            ScriptedPerson(
                who,
                session.remote,
                random.Random(rng.random()),  # noqa: S311 - a script, not a secret
                silent=who.habit is Habit.SILENT,
            )
            for who in session.people
            if who is not except_for
        ]
        self._last_read = 0
        self._deactivated: set[str] = set()
        self._applied: set[str] = set()
        self.moments: dict[str, datetime] = {}

    def act(self) -> None:
        """Let each respond to new messages and do what their script has for the day."""
        new_messages = self._new_messages()
        for person in self.people:
            user = person.who.user
            event = script(person.who, TRAINING_ENDED_ON)
            now = self._session.clock()
            if event and user not in self._applied and now.astimezone(ZONE).date() >= event.day:
                self._applied.add(user)
                self.moments[user] = now
                self._apply(person, event)
            if user not in self._deactivated:
                for message in (
                    *new_messages.get(user, ()),
                    *new_messages.get(circle_channel(person.who.circle), ()),
                ):
                    person.react(message)

    def _new_messages(self) -> dict[str, list[dict[str, Any]]]:
        """Messages posted since the last call, by circle channel or by recipient."""
        remote = self._session.remote
        posts = remote.get(f"log?kind=web_api&method=chat.postMessage&since={self._last_read}")["log"]
        if not posts:
            return {}
        self._last_read = posts[-1]["id"]
        partners = direct_messages(remote)
        new_messages: dict[str, list[dict[str, Any]]] = {}
        for post in posts:
            if post.get("ts"):
                message = {**post["args"], "channel": post["channel"], "ts": post["ts"]}
                new_messages.setdefault(partners.get(post["channel"], post["channel"]), []).append(message)
        return new_messages

    def _apply(self, person: ScriptedPerson, event: Event) -> None:
        if event.what is Habit.ON_LEAVE:
            person.command("pause 2 weeks")
        elif event.what is Habit.LEAVES:
            person.command("stop")
        elif event.what is Habit.DEACTIVATED:
            self._deactivated.add(person.who.user)
            self._session.remote.post("user-change", user=person.who.user, deleted=True)
