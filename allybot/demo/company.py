"""All scripted people of a session together, and what happens to them."""

import random
from datetime import datetime
from typing import Any

from allybot.demo.cast import Character, Habit
from allybot.demo.players import Event, Player, script
from allybot.demo.session import TRAINING_ENDED_ON, ZONE, DemoSession
from allybot.demo.workspace import circle_channel, direct_messages


class Company:
    """The scripted people.

    Args:
        chance: which button each presses.
        except_for: the person at the keyboard, who is not scripted.
    """

    def __init__(
        self, session: DemoSession, chance: random.Random, *, except_for: Character | None = None
    ) -> None:
        self._session = session
        self.players = [
            Player(
                who,
                session.remote,
                random.Random(chance.random()),  # noqa: S311 - a script, not a secret
                silent=who.habit is Habit.SILENT,
            )
            for who in session.people
            if who is not except_for
        ]
        self._read_up_to = 0
        self._gone: set[str] = set()
        self._happened: set[str] = set()
        self.moments: dict[str, datetime] = {}

    def live(self) -> None:
        """Everybody does what his habits and the day bring."""
        news = self._news()
        for player in self.players:
            user = player.who.user
            event = script(player.who, TRAINING_ENDED_ON)
            now = self._session.clock()
            if event and user not in self._happened and now.astimezone(ZONE).date() >= event.day:
                self._happened.add(user)
                self.moments[user] = now
                self._happen(player, event)
            if user not in self._gone:
                for message in (*news.get(user, ()), *news.get(circle_channel(player.who.circle), ())):
                    player.react(message)

    def _news(self) -> dict[str, list[dict[str, Any]]]:
        """Messages posted since the last look, by circle channel or by the person written to."""
        remote = self._session.remote
        posts = remote.get(f"log?kind=web_api&method=chat.postMessage&since={self._read_up_to}")["log"]
        if not posts:
            return {}
        self._read_up_to = posts[-1]["id"]
        partners = direct_messages(remote)
        news: dict[str, list[dict[str, Any]]] = {}
        for post in posts:
            if post.get("ts"):
                message = {**post["args"], "channel": post["channel"], "ts": post["ts"]}
                news.setdefault(partners.get(post["channel"], post["channel"]), []).append(message)
        return news

    def _happen(self, player: Player, event: Event) -> None:
        if event.what is Habit.ON_LEAVE:
            player.command("pause 2 weeks")
        elif event.what is Habit.LEAVES:
            player.command("stop")
        elif event.what is Habit.DEACTIVATED:
            self._gone.add(player.who.user)
            self._session.remote.post("user-change", user=player.who.user, deleted=True)
