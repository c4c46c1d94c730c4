"""Size of a run, its faults, and what is due."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from allybot.content import Rules
from allybot.domain.calendar import Calendar
from allybot.domain.spacing import LadderProgress
from allybot.domain.step_messages import ladder_due
from allybot.services.check_ins.schedule import ladder_of
from allybot.services.delivery.config import DeliveryRules
from allybot.store.delivery.rate_limits import Budget
from slack_emulator import App, Channel, EmulatorConfig, Person, Team
from tests.adversarial.chaos.damage import DAMAGES

TRAINING_ENDED_ON = date(2026, 1, 2)
"""A Friday; fixed, so that runs are repeatable. The processes' clock offset moves them there."""
HOUR = time(12, 15, tzinfo=UTC)
"""The time of a simulated Tuesday: after ten o'clock and jitter, and within working hours, in every zone."""
ZONES = ("Europe/Zurich", "Europe/Lisbon", "Europe/London", "Europe/Helsinki", "Africa/Lagos")
PROGRAM_ZONE = "Europe/Zurich"
APP_TOKEN = "xapp-chaos"
MODES = ("rate_limited", "server_error", "drop_before", "drop_after_accept", "slow", "fatal_error")
FAILING = 0.1
"""One Web API call in ten fails, each mode as often as the others."""
ACCEPTED = 0.5
"""Half of the calls answered with 500 or `fatal_error` took effect all the same."""
CIRCLE_SIZE = 10
VICTIM = "X"
"""The second letter of the ids of people and channels whose rows are damaged."""
HOST_AHEAD = timedelta(minutes=5)
WRONG_CLOCKS = (HOST_AHEAD, timedelta(hours=-1), timedelta(weeks=1))
"""One additional worker has a host clock that is off by each of these in turn, and right in between."""
WRONG_FOR = 2.0
"""Seconds of each."""
SLACK_AHEAD = -45.0
"""Seconds. Slack's clock is not quite that of the hosts, within what a worker bears."""


@dataclass(frozen=True)
class Scale:
    """The size of a run. Durations are real seconds.

    Attributes:
        people: in all workspaces together.
        steps: how many steps of the ladder fall due, each on a Tuesday of its own.
        kills: of workers, over the whole run: one for so many posts on average (`posts_a_kill`), so that
            they fall into the work however fast the machine is, and at the latest after `kill_after`.
        outage_after: from the begin of a Tuesday to the first outage of the database, and between two.
        away: how long the database is away, and how long somebody else holds its lock.
        disk_full: how long its disk is full.
        per_minute, burst: Slack's limit on a workspace, in the emulator and in the workers' budget.
        call: how long the gateway lets a call hang; `slow` calls hang longer.
        quiet: nothing new for so long means that nothing more will come.
        at_most: one Tuesday takes no longer.
    """

    people: int
    steps: int
    kills: int
    posts_a_kill: float
    kill_after: float
    outage_after: float
    away: float
    disk_full: float
    per_minute: int
    burst: int
    call: int
    slow: float
    look_up_after: float
    lease: float
    max_wait: float
    quiet: float
    at_most: float

    @property
    def rules(self) -> DeliveryRules:
        """The numbers of delivery in this run: shorter waits than in production, nothing else."""
        return DeliveryRules(
            budget=Budget(per_minute=self.per_minute, burst=self.burst),
            call_seconds=self.call,
            lease=timedelta(seconds=self.lease),
            look_up_after=timedelta(seconds=self.look_up_after),
            first_wait=timedelta(seconds=1),
            max_wait=timedelta(seconds=self.max_wait),
        )


FULL = Scale(
    people=500,
    steps=4,
    kills=200,
    posts_a_kill=11,
    kill_after=3,
    outage_after=8,
    away=60,
    disk_full=20,
    per_minute=300,
    burst=5,
    call=3,
    slow=4,
    look_up_after=6,
    lease=8,
    max_wait=10,
    quiet=45,
    at_most=400,
)
SHORT = Scale(
    people=90,
    steps=2,
    kills=12,
    posts_a_kill=14,
    kill_after=4,
    outage_after=2,
    away=4,
    disk_full=4,
    per_minute=1200,
    burst=20,
    call=1,
    slow=1.5,
    look_up_after=2,
    lease=2.5,
    max_wait=2,
    quiet=45,
    at_most=300,
)


@dataclass(frozen=True)
class WorkspacePlan:
    """One workspace: its people and its circles, each a channel with its members.

    Attributes:
        victims: people and channels whose rows are damaged; nothing is expected for them.
    """

    team: str
    token: str
    bot_user: str
    people: tuple[str, ...]
    circles: tuple[tuple[str, tuple[str, ...]], ...]
    victims: tuple[tuple[str, str], ...] = ()


def workspace_plans(scale: Scale) -> tuple[WorkspacePlan, ...]:
    """Three workspaces that share the people between them."""
    found = []
    for number, letter in enumerate("ABC"):
        people = tuple(f"U{letter}{each:03}" for each in range(number, scale.people, 3))
        groups = [people[start : start + CIRCLE_SIZE] for start in range(0, len(people), CIRCLE_SIZE)]
        circles = tuple((f"C{letter}{each:03}", group) for each, group in enumerate(groups))
        damaged = range(number, len(DAMAGES), 3)
        victims = tuple((f"U{VICTIM}{each:03}", f"C{VICTIM}{each:03}") for each in damaged)
        found.append(
            WorkspacePlan(
                f"T0CHAOS{letter}", f"xoxb-chaos-{letter}", f"U{letter}BOT", people, circles, victims
            )
        )
    return tuple(found)


def is_victim(addressee: str) -> bool:
    """Whether a person's or channel's rows are damaged."""
    return addressee[1] == VICTIM


def zone_of(person: str) -> str:
    """A person's IANA zone; all of them are at work at `HOUR`."""
    return ZONES[int(person[2:]) % len(ZONES)]


def emulator_config(scale: Scale) -> EmulatorConfig:
    """The emulator's configuration, Slack's limits switched on."""
    return EmulatorConfig(
        teams=[_team(workspace) for workspace in workspace_plans(scale)],
        app=App(app_token=APP_TOKEN),
        limits=True,
        posts_per_minute=scale.per_minute,
        clock_ahead_seconds=SLACK_AHEAD,
    )


def faults(scale: Scale, seed: int) -> Iterator[dict[str, object]]:
    """Faults for the emulator: together they apply to one call in ten."""
    each = FAILING / len(MODES)
    for number, mode in enumerate(MODES):
        yield {
            "method": "*",
            "mode": mode,
            "times": None,
            # A fault is tried only if none before it applied.
            "probability": each / (1 - each * number),
            "seed": seed * len(MODES) + number,
            "accepted": ACCEPTED,
            "seconds": scale.slow,
        }


@dataclass(frozen=True)
class Due:
    """What is due: (Slack user, step) of check-ins, (channel, Monday) of circle posts."""

    check_ins: frozenset[tuple[str, int]]
    circle_posts: frozenset[tuple[str, str]]

    @property
    def all(self) -> frozenset[tuple[str, int | str]]:
        """Both."""
        return frozenset({*self.check_ins, *self.circle_posts})


@dataclass(frozen=True)
class Tuesday:
    """One day of the run: the program's time (aware UTC) and what is due on it."""

    moment: datetime
    due: Due


def tuesdays(scale: Scale, rules: Rules) -> list[Tuesday]:
    """The days of the run, from the ladder alone.

    Raises:
        ValueError: the ladder in `config/` no longer asks everybody on the same days.
    """
    everywhere = workspace_plans(scale)
    steps = _steps(rules, scale.steps)
    found = []
    for step, day in steps:
        monday = (day - timedelta(days=day.weekday())).isoformat()
        due = Due(
            frozenset((person, step) for workspace in everywhere for person in workspace.people),
            frozenset((channel, monday) for workspace in everywhere for channel, _ in workspace.circles),
        )
        found.append(Tuesday(datetime.combine(day, HOUR), due))
    return found


def _steps(rules: Rules, number: int) -> list[tuple[int, date]]:
    asked = rules.check_ins
    per_zone = []
    for zone in ZONES:
        calendar = Calendar(
            zone=ZoneInfo(zone),
            working_days=frozenset(day.number for day in asked.working_days),
            opens=asked.working_hours_start,
            closes=asked.working_hours_end,
        )
        ladder_progress = LadderProgress(TRAINING_ENDED_ON, TRAINING_ENDED_ON)
        until = datetime.combine(TRAINING_ENDED_ON, HOUR) + timedelta(days=120)
        steps = ladder_due(ladder_of(rules), calendar, ladder_progress, until)
        per_zone.append([(step, calendar.local_day(at)) for step, at in steps[:number]])
    if any(each != per_zone[0] for each in per_zone):
        raise ValueError("the ladder does not ask everybody on the same days")
    return per_zone[0]


def _team(workspace: WorkspacePlan) -> Team:
    circles = [*workspace.circles, *((channel, (user,)) for user, channel in workspace.victims)]
    channels = [
        Channel(id=channel, name=channel.lower(), is_private=True, members=[*members, workspace.bot_user])
        for channel, members in circles
    ]
    everybody = [*workspace.people, *(user for user, _ in workspace.victims)]
    return Team(
        id=workspace.team,
        name=workspace.team,
        domain=workspace.team.lower(),
        people=[Person(id=user, name=user.lower(), tz=zone_of(user)) for user in everybody],
        channels=channels,
        bot_token=workspace.token,
        bot_user_id=workspace.bot_user,
        bot_id=f"B{workspace.bot_user[1:]}",
    )
