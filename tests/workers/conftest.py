"""An emulator with two workspaces, and an outbox to deliver to it."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

import pytest
from sqlalchemy import insert

from allybot.domain.people import Actor
from allybot.errors import NotFoundError
from allybot.services.context import Context
from allybot.slack.gateway import SlackGateway
from allybot.store.programs.workspaces import save_workspace
from allybot.store.tables import circle, circle_week
from slack_emulator import Channel, Emulator, EmulatorConfig, Person, Team
from tests.support import builders
from tests.workers.delivery_harness import CIRCLE_CHANNEL, HERE, THERE, Office


def _team(team_id: str, letter: str, channels: list[Channel]) -> Team:
    people = [
        Person(id=f"U{letter}{number}", name=f"{letter.lower()}{number}", email=f"{letter}{number}@x.example")
        for number in range(1, 9)
    ]
    return Team(
        id=team_id,
        name=team_id,
        domain=team_id.lower(),
        people=people,
        channels=channels,
        bot_token=f"xoxb-emulator-{letter}",
        bot_user_id=f"U{letter}BOT",
        bot_id=f"B{letter}BOT",
    )


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    members = ["UA1", "UA2", "UA3", "UA4", "UABOT"]
    channel = Channel(id=CIRCLE_CHANNEL, name="circle", is_private=True, members=members)
    slack = Emulator(EmulatorConfig(teams=[_team(HERE, "A", [channel]), _team(THERE, "B", [])]))
    slack.start()
    yield slack
    slack.stop()


@pytest.fixture
def gateway(emulator: Emulator) -> SlackGateway:
    tokens = {HERE: "xoxb-emulator-A", THERE: "xoxb-emulator-B"}

    def token_of(workspace_id: str) -> str:
        if workspace_id not in tokens:
            raise NotFoundError
        return tokens[workspace_id]

    return SlackGateway(token_of, emulator.api_url, timeout=1)


@pytest.fixture
def office(context: Context, gateway: SlackGateway, emulator: Emulator, now: datetime) -> Office:
    with context.database.transaction() as tx:
        for workspace in (HERE, THERE):
            save_workspace(tx, workspace, name=workspace, bot_user="UBOT", state="active")
    return Office(context, gateway, emulator, now)


@pytest.fixture
def circle_of(office: Office) -> Callable[..., Actor]:
    """Makes a program with a lead (UA8) and a circle whose week `week-1` UA1 facilitates."""

    def make(facilitator: str | None = "trainee-UA1") -> Actor:
        with office.context.database.transaction() as tx:
            columns = {"id": "program-1", "workspace_id": HERE, "created_at": office.now}
            builders.program(tx, cohort="cohort-1", leads=("UA8",), **columns)
            users = {f"trainee-{user}": user for user in ("UA1", "UA2")}
            columns = {"workspace_id": HERE, "program_id": "program-1", "cohort_id": "cohort-1"}
            builders.trainees(tx, users, **columns)
            tx.execute(
                insert(circle).values(
                    id="circle-1",
                    program_id="program-1",
                    workspace_id=HERE,
                    name="Oak",
                    channel=CIRCLE_CHANNEL,
                    state="active",
                    weeks_posted=0,
                    last_week=12,
                )
            )
            tx.execute(
                insert(circle_week).values(
                    id="week-1",
                    circle_id="circle-1",
                    monday=date(2026, 1, 5),
                    number=1,
                    scenario_id="any",
                    facilitator_id=facilitator,
                    public_key=b"k",
                    opens_at=office.now,
                    state="open",
                )
            )
        return Actor(HERE, "UA1")

    return make
