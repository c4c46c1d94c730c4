"""People as the domain sees them."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo


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
