"""“Invite me again”, pressed while Slack or the vault does not do its part."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from slack_bolt import Ack
from sqlalchemy import update

from allybot.domain.people import Actor
from allybot.domain.trainee import Trainee, TraineeState
from allybot.handlers.trainees.coming_back import again
from allybot.prompts import ids
from allybot.services.context import Context
from allybot.services.data import forget_me, suppression
from allybot.services.programs import enrolment, programs
from allybot.services.programs.directory import Enrolee
from allybot.slack.gateway import SlackGateway
from allybot.slack_app.payloads import Press
from allybot.slack_app.replies import HandlerContext
from allybot.store import trainees
from allybot.store.programs.workspaces import save_workspace
from allybot.store.vault.vault import suppression_key
from slack_emulator import Emulator, EmulatorConfig, Person, Team

TEAM, TOKEN = "T1", "xoxb-town"
WHO = Actor(TEAM, "U003")


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    who = Person(id=WHO.slack_user, name="p3", tz="America/New_York", locale="de-DE")
    team = Team(
        id=TEAM,
        name="Town",
        domain="town",
        bot_token=TOKEN,
        bot_user_id="B1",
        bot_id="B0ALLYBOT",
        people=[who],
    )
    emulator = Emulator(EmulatorConfig(teams=[team]))
    emulator.start()
    yield emulator
    emulator.stop()


class Pressed:
    """The button in a message; what is sent to Slack then waits in `later`."""

    def __init__(self, context: Context, emulator: Emulator, now: datetime) -> None:
        self.later: list[Callable[[], None]] = []
        self.said: list[str] = []
        self.acknowledged: list[Trainee | None] = []
        self.wakes = 0
        self._context, self._emulator, self._now = context, emulator, now

    def press(self) -> None:
        gateway = SlackGateway(lambda _: TOKEN, self._emulator.api_url)
        bot = HandlerContext(self._context, gateway, lambda: self._now, self._wake, self._keep)
        body: dict[str, Any] = {
            "type": "block_actions",
            "team": {"id": TEAM},
            "user": {"id": WHO.slack_user},
            "trigger_id": "1.2",
            "response_url": f"{self._emulator.url}response/none",
            "actions": [{"type": "button", "action_id": ids.CONSENT_AGAIN}],
        }
        again(bot, Press.model_validate(body), self._acknowledge())

    def run_later(self) -> None:
        for job in self.later:
            job()

    def _keep(self, key: str, job: Callable[[], None]) -> None:
        self.said.append(key)
        self.later.append(job)

    def _wake(self) -> None:
        self.wakes += 1

    def _acknowledge(self) -> Ack:
        pressed = self

        class Noting(Ack):
            def __call__(self, *_given: Any, **_named: Any) -> Any:
                pressed.acknowledged.append(row(pressed._context))

        return Noting()


def row(context: Context) -> Trainee | None:
    with context.database.reading() as tx:
        return trainees.trainee_of(tx, WHO)


@pytest.fixture
def pressed(context: Context, emulator: Emulator, now: datetime) -> Pressed:
    with context.database.transaction() as tx:
        save_workspace(tx, TEAM, name="Town", bot_user="B1", state="active", token_wrapped=None)
    ended = now.date() - timedelta(days=3)
    allies = programs.create(context, TEAM, "Allies", "Kim", [("a", ended)], zone="Europe/Berlin", now=now)
    enrolment.enrol(context, allies.id, [Enrolee(WHO.slack_user, "P", "UTC", "en-GB", "a")], now)
    forget_me.forget(context, WHO)
    return Pressed(context, emulator, now)


def test_they_are_invited_before_slack_is_told_that_the_press_arrived(
    context: Context, pressed: Pressed
) -> None:
    pressed.press()
    [then] = pressed.acknowledged
    assert then is not None
    assert (then.state, then.zone.key) == (TraineeState.INVITED, "Europe/Berlin")
    assert not suppression.is_suppressed(context, WHO)


def test_their_zone_and_language_follow_and_then_the_worker_is_woken(
    context: Context, pressed: Pressed
) -> None:
    pressed.press()
    pressed.run_later()
    found = row(context)
    assert found is not None
    assert (found.zone.key, found.locale) == ("America/New_York", "de-DE")
    assert pressed.wakes == 1


def test_while_the_list_cannot_be_read_the_button_says_that_it_does_nothing(
    context: Context, pressed: Pressed
) -> None:
    with context.vault.transaction() as vault_tx:
        vault_tx.execute(update(suppression_key).values(key_wrapped=bytes(72)))
    pressed.press()
    assert pressed.acknowledged == [None]
    assert any("no longer does anything" in each for each in pressed.said)
