"""A whole allybot in a practice workspace, driven as a person drives Slack, on both databases."""

import os
import random
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from allybot.demo.cast import Character, cast
from allybot.demo.options import DemoOptions
from allybot.demo.players import Player
from allybot.demo.practice_slack import Remote
from allybot.demo.rehearsal import Rehearsal


class Practice:
    """One rehearsal with a small cast, the clock standing still until a test moves it."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        self.rehearsal = rehearsal
        self.house = rehearsal.allybot.house
        self.remote: Remote = rehearsal.remote
        self.people: tuple[Character, ...] = rehearsal.people

    def player(self, number: int = 0) -> Player:
        """One of the people, who does what the test says."""
        return Player(self.people[number], self.remote, random.Random(number))

    def pass_time(self, by: timedelta) -> None:
        """Move the clock, halting twice a working day, with nobody doing anything."""
        self.rehearsal.move_to(self.rehearsal.clock() + by, lambda: None)

    def move_to(self, moment: datetime) -> None:
        """Move the clock to an aware moment."""
        self.rehearsal.move_to(moment, lambda: None)

    def speak(self) -> None:
        """Let the worker say what is due."""
        self.rehearsal.speak()

    def messages(self, channel: str) -> list[dict]:
        """All messages of a channel, or of a person's direct message with the bot."""
        return self.remote.get(f"messages/{channel}")["messages"]


@pytest.fixture
def practice(database_url: str, vault_url: str) -> Iterator[Practice]:
    """The bot over Socket Mode with six people who have been welcomed."""
    options = DemoOptions(people=6, seed=7, database=database_url, vault=vault_url)
    rehearsal = Rehearsal(options, cast(6, 7), flows=False)
    rehearsal.open(0, os.environ.get("ALLYBOT_TEST_SLACK_URL"))
    rehearsal.speak()
    yield Practice(rehearsal)
    rehearsal.close()
