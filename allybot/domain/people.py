"""People as the domain sees them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo


class TraineeState(StrEnum):
    """Where a trainee stands.

    INVITED has had the welcome; LATER asked to be asked again; DECLINED said no thanks; ACTIVE gets
    check-ins; PAUSED gets none until he is back; STOPPED asked for silence; GONE is deactivated in Slack;
    FINISHED is through the ladder.
    """

    INVITED = "invited"
    LATER = "later"
    DECLINED = "declined"
    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"
    GONE = "gone"
    FINISHED = "finished"


class Pace(StrEnum):
    """How often he wants to be asked: every step, or every other one."""

    NORMAL = "normal"
    SLOWER = "slower"


@dataclass(frozen=True)
class Actor:
    """Whoever acts in Slack: ids of the workspace and the user, as Slack's payload names them."""

    workspace_id: str
    slack_user: str


@dataclass(frozen=True)
class Program:
    """A program: the unit whose outcomes are published.

    Attributes:
        zone: IANA zone of circle posts and window ends.
        country: ISO code for public holidays, or empty for none.
        minimum_respondents: k, fixed at creation.
        epsilon_milli: privacy budget of one release in thousandths.
        key_holder: `vault` or `custodian`.
        frozen_at: aware UTC; when the first check-in went out and the list of cohorts closed.
    """

    id: str
    workspace_id: str
    name: str
    support_contact: str
    zone: ZoneInfo
    country: str
    minimum_respondents: int
    epsilon_milli: int
    key_holder: str
    created_at: datetime
    frozen_at: datetime | None


@dataclass(frozen=True)
class Cohort:
    """A cohort only sets dates: `training_ended_on` is day 0 of its members' ladder."""

    id: str
    program_id: str
    name: str
    training_ended_on: date


@dataclass(frozen=True)
class Trainee:
    """A trainee; datetimes are aware UTC. See the table's comments for each field."""

    id: str
    workspace_id: str
    slack_user: str
    program_id: str
    cohort_id: str
    state: TraineeState
    zone: ZoneInfo
    locale: str
    dm_channel: str | None
    consented_at: datetime | None
    next_step: int | None
    next_check_in_at: datetime | None
    paused_until: datetime | None
    silent_steps: int
    pace: Pace
    focus_plan_id: str | None
    goodbye_at: datetime | None
    delete_after: datetime | None
    moved_days: int = 0
    quiet_days: tuple[int, ...] = ()
    check_in_hour: int | None = None
    asked_circle_on: date | None = None

    @property
    def actor(self) -> Actor:
        """The trainee as Slack names him."""
        return Actor(self.workspace_id, self.slack_user)
